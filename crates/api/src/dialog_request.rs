//! The bodies that ask something of a call: `PUT Dialog/{id}` and `POST User/{id}/Dialogs` (finesse-api.md 2.6).

use crate::dialog::{CallVariable, read_variables, write_variables};
use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};

/// What is asked: what is absent or empty in it is `None`. Values are not judged here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DialogRequest {
    /// Such as `ANSWER`.
    pub requested_action: Option<String>,
    /// The extension of the agent who asks, or of the party to drop.
    pub target_media_address: Option<String>,
    /// Who calls.
    pub from_address: Option<String>,
    /// Who is called.
    pub to_address: Option<String>,
    /// The monitored call, of a barge.
    pub associated_dialog_uri: Option<String>,
    /// New data of the call; its parts may be absent.
    pub media_properties: Option<CallData>,
    /// Such as `dtmfString`, in order.
    pub action_params: Vec<ActionParam>,
}

/// New data of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallData {
    /// In order; a name may come twice.
    pub call_variables: Vec<CallVariable>,
    /// An empty one takes the reason away; `None` leaves it.
    pub wrap_up_reason: Option<String>,
}

/// A parameter of an action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionParam {
    /// `dtmfString`, `outboundClassification`, `callbackTime`, `callbackNumber`.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl DialogRequest {
    /// A parameter of the action, when it is given and not empty; of duplicates the last.
    pub fn action_param(&self, name: &str) -> Option<&str> {
        let mut params = self.action_params.iter().rev();
        params
            .find(|param| param.name == name)
            .map(|param| param.value.as_str())
            .filter(|value| !value.is_empty())
    }
}

impl Document for DialogRequest {
    const NAME: &'static str = "Dialog";

    fn write(&self, out: &mut dyn Writer) {
        let mut text = |name, value: &Option<String>| {
            if let Some(value) = value {
                out.text(name, value);
            }
        };
        text("requestedAction", &self.requested_action);
        text("targetMediaAddress", &self.target_media_address);
        text("fromAddress", &self.from_address);
        text("toAddress", &self.to_address);
        text("associatedDialogUri", &self.associated_dialog_uri);
        if let Some(data) = &self.media_properties {
            out.start("mediaProperties");
            write_variables(&data.call_variables, out);
            if let Some(reason) = &data.wrap_up_reason {
                out.text("wrapUpReason", reason);
            }
            out.end("mediaProperties");
        }
        if !self.action_params.is_empty() {
            out.start("actionParams");
            out.list("ActionParam");
            for param in &self.action_params {
                out.start("ActionParam");
                out.text("name", &param.name);
                out.text("value", &param.value);
                out.end("ActionParam");
            }
            out.list_end();
            out.end("actionParams");
        }
    }

    fn read(root: &Element) -> Result<DialogRequest, ReadError> {
        let text = |name| root.text_of(name).map(str::to_owned);
        let params = root.child("actionParams");
        Ok(DialogRequest {
            requested_action: text("requestedAction"),
            target_media_address: text("targetMediaAddress"),
            from_address: text("fromAddress"),
            to_address: text("toAddress"),
            associated_dialog_uri: text("associatedDialogUri"),
            media_properties: root.child("mediaProperties").map(|data| CallData {
                call_variables: read_variables(data),
                wrap_up_reason: data
                    .child("wrapUpReason")
                    .map(|reason| reason.trimmed().to_owned()),
            }),
            action_params: params
                .iter()
                .flat_map(|all| all.children("ActionParam"))
                .map(|param| ActionParam {
                    name: param.string_of("name"),
                    value: param.string_of("value"),
                })
                .collect(),
        })
    }
}
