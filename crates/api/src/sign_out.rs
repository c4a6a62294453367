//! SignOuts: why an agent was signed out. Not of the original's API.
//!
//! ```xml
//! <SignOuts><SignOut><time>2026-11-26T14:02:00.000Z</time><cause>PRESENCE_LOST</cause><reasonCode>255</reasonCode>
//! <by/><channel>WEBSOCKET</channel><noticed>SILENT</noticed><absentSince>2026-11-26T14:01:00.000Z</absentSince>
//! </SignOut></SignOuts>
//! ```

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};
use crate::timestamp;

/// One end of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignOut {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// `OWN_REQUEST`, `SUPERVISOR`, `PRESENCE_LOST`, `INACTIVITY`, `LINE_LOST` or `CTI_SERVER`.
    pub cause: String,
    /// The reason code, where one was given.
    pub reason: Option<u32>,
    /// The id of who asked for it; empty when nobody did.
    pub by: String,
    /// With `PRESENCE_LOST`, the channel that was lost last: `BOSH`, `WEBSOCKET`, `TCP`, `EVENTS`. Empty when it is not
    /// known, as after a restart.
    pub channel: String,
    /// With `PRESENCE_LOST`, how that was noticed: `LEFT`, `CLOSED`, `SILENT`, `REPLACED`, `ENDED`, `RESTART`.
    pub noticed: String,
    /// With `PRESENCE_LOST`, since when there was no channel, milliseconds since 1970.
    pub absent_since: Option<i64>,
}

/// The last ones of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignOuts {
    /// The last one first.
    pub sign_outs: Vec<SignOut>,
}

impl Document for SignOut {
    const NAME: &'static str = "SignOut";

    fn write(&self, out: &mut dyn Writer) {
        out.text("time", &timestamp::format(self.at));
        out.text("cause", &self.cause);
        out.number_or_empty("reasonCode", self.reason);
        out.text("by", &self.by);
        if let Some(since) = self.absent_since {
            out.text("channel", &self.channel);
            out.text("noticed", &self.noticed);
            out.text("absentSince", &timestamp::format(since));
        }
    }

    fn read(root: &Element) -> Result<SignOut, ReadError> {
        let time = |name| root.text_of(name).and_then(timestamp::parse);
        Ok(SignOut {
            at: time("time").unwrap_or_default(),
            cause: root.string_of("cause"),
            reason: root.value_of("reasonCode")?,
            by: root.string_of("by"),
            channel: root.string_of("channel"),
            noticed: root.string_of("noticed"),
            absent_since: time("absentSince"),
        })
    }
}

impl Document for SignOuts {
    const NAME: &'static str = "SignOuts";

    fn write(&self, out: &mut dyn Writer) {
        out.list("SignOut");
        for sign_out in &self.sign_outs {
            sign_out.write_as("SignOut", out);
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<SignOuts, ReadError> {
        let sign_outs = root.children("SignOut").map(SignOut::read);
        Ok(SignOuts {
            sign_outs: sign_outs.collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_an_own_sign_out_says_nothing_of_channels() {
        let lost = SignOut {
            at: 1_700_000_060_000,
            cause: "PRESENCE_LOST".to_owned(),
            reason: Some(255),
            channel: "BOSH".to_owned(),
            noticed: "SILENT".to_owned(),
            absent_since: Some(1_700_000_000_000),
            ..SignOut::default()
        };
        let own = SignOut {
            at: 1_600_000_000_000,
            cause: "OWN_REQUEST".to_owned(),
            by: "2001".to_owned(),
            ..SignOut::default()
        };
        assert_eq!(
            own.to_xml(),
            "<SignOut><time>2020-09-13T12:26:40.000Z</time><cause>OWN_REQUEST</cause><reasonCode></reasonCode>\
             <by>2001</by></SignOut>"
        );
        let list = SignOuts {
            sign_outs: vec![lost, own],
        };
        assert_eq!(
            SignOuts::from_xml(list.to_xml().as_bytes()),
            Ok(list.clone())
        );
        assert_eq!(SignOuts::from_json(list.to_json().as_bytes()), Ok(list));
    }
}
