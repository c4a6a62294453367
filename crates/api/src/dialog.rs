//! Dialog: a call as REST and notifications show it (finesse-api.md 2.4). The element order is alphabetical with the
//! call variables last, and the mixed case of the names is the wire's; both as in an event of a real system.

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};
use crate::system_info::read_time;
use crate::timestamp;

/// A call and everybody in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialog {
    /// URI of the call that a consult, barge or monitor call belongs to; empty when there is none.
    pub associated_dialog_uri: String,
    /// The customer's number of a direct preview call; `None` leaves the element out.
    pub callback_number: Option<String>,
    /// Who called.
    pub from_address: String,
    /// The call's id: a number for voice.
    pub id: String,
    /// Variables, queue, type.
    pub media_properties: MediaProperties,
    /// `Voice`.
    pub media_type: String,
    /// Everybody in the call, in order of arrival.
    pub participants: Vec<Participant>,
    /// When the customer wants to be called back; `None` leaves the element out.
    pub scheduled_callback: Option<ScheduledCallback>,
    /// The id of the call that was merged into this one; `None` leaves the element out.
    pub secondary_id: Option<String>,
    /// `INITIATING`, `INITIATED`, `ALERTING`, `ACTIVE`, `FAILED`, `DROPPED`, `ACCEPTED`.
    pub state: String,
    /// What was dialled.
    pub to_address: String,
}

/// What a call carries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MediaProperties {
    /// The number that was dialled from outside.
    pub dnis: String,
    /// Id of the routed call in its day; `None` leaves an empty element, as for the next two.
    pub call_key_call_id: Option<u32>,
    /// Day of the routed call.
    pub call_key_prefix: Option<u32>,
    /// Which leg of the routed call.
    pub call_key_sequence: Option<u32>,
    /// Such as `PREROUTE_ACD_IN`.
    pub call_type: String,
    /// Call variables in order. Old desktops lose a lone one, so writers give at least two.
    pub call_variables: Vec<CallVariable>,
    /// The number that the route was dialled by.
    pub dialed_number: String,
    /// The media routing domain, 1 for voice.
    pub media_id: u32,
    /// How an outbound call was classified; empty on others.
    pub outbound_classification: String,
    /// The queue's name; empty where the call came from none.
    pub queue_name: String,
    /// The queue's number; `None` leaves an empty element.
    pub queue_number: Option<u32>,
    /// What the agents wrote down about the call.
    pub wrap_up_reason: String,
}

/// One value that travels with a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallVariable {
    /// `callVariable1` to `callVariable10`, `user.name`, `user.array[2]`, `BAStatus`.
    pub name: String,
    /// Its value as it is, white space included.
    pub value: String,
}

/// One party of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Participant {
    /// What the party may ask for, such as `HOLD`.
    pub actions: Vec<String>,
    /// The extension or number.
    pub media_address: String,
    /// `AGENT_DEVICE` for a device at which an agent is signed in.
    pub media_address_type: String,
    /// When the party joined, milliseconds since 1970.
    pub start_time: Option<i64>,
    /// `INITIATING`, `INITIATED`, `ALERTING`, `ACTIVE`, `HELD`, `FAILED`, `DROPPED`, `WRAP_UP`, `ACCEPTED`.
    pub state: String,
    /// Why it failed: `BUSY`, `BAD_DESTINATION`, `OTHER`, `DEVICE_RESOURCE_NOT_AVAILABLE`; or empty.
    pub state_cause: String,
    /// When the state began, milliseconds since 1970.
    pub state_change_time: Option<i64>,
}

/// When and where a customer wants to be called back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScheduledCallback {
    /// `YYYY-MM-DDThh:mm`.
    pub time: String,
    /// The number to call.
    pub number: String,
}

impl Dialog {
    /// `/finesse/api/Dialog/{id}`.
    pub fn uri_of(id: &str) -> String {
        format!("/finesse/api/Dialog/{id}")
    }

    /// `/finesse/api/User/{agent}/Dialogs`: the list that an agent's calls are in.
    pub fn list_of(agent: &str) -> String {
        format!("/finesse/api/User/{agent}/Dialogs")
    }
}

impl Document for Dialog {
    const NAME: &'static str = "Dialog";

    fn write(&self, out: &mut dyn Writer) {
        out.text("associatedDialogUri", &self.associated_dialog_uri);
        if let Some(number) = &self.callback_number {
            out.text("callbackNumber", number);
        }
        out.text("fromAddress", &self.from_address);
        out.text("id", &self.id);
        self.media_properties.write_as("mediaProperties", out);
        out.text("mediaType", &self.media_type);
        out.start("participants");
        out.list("Participant");
        for participant in &self.participants {
            participant.write_as("Participant", out);
        }
        out.list_end();
        out.end("participants");
        if let Some(callback) = &self.scheduled_callback {
            out.start("scheduledCallbackInfo");
            out.text("callbackNumber", &callback.number);
            out.text("callbackTime", &callback.time);
            out.end("scheduledCallbackInfo");
        }
        if let Some(id) = &self.secondary_id {
            out.text("secondaryId", id);
        }
        out.text("state", &self.state);
        out.text("toAddress", &self.to_address);
        out.text("uri", &Dialog::uri_of(&self.id));
    }

    fn read(root: &Element) -> Result<Dialog, ReadError> {
        let parties = root.child("participants");
        Ok(Dialog {
            associated_dialog_uri: root.string_of("associatedDialogUri"),
            callback_number: root.child("callbackNumber").map(trimmed),
            from_address: root.string_of("fromAddress"),
            id: root.string_of("id"),
            media_properties: root
                .child("mediaProperties")
                .map(MediaProperties::read)
                .transpose()?
                .unwrap_or_default(),
            media_type: root.string_of("mediaType"),
            participants: parties
                .iter()
                .flat_map(|all| all.children("Participant"))
                .map(Participant::read)
                .collect::<Result<_, _>>()?,
            scheduled_callback: root
                .child("scheduledCallbackInfo")
                .map(|info| ScheduledCallback {
                    time: info.string_of("callbackTime"),
                    number: info.string_of("callbackNumber"),
                }),
            secondary_id: root.child("secondaryId").map(trimmed),
            state: root.string_of("state"),
            to_address: root.string_of("toAddress"),
        })
    }
}

fn trimmed(element: &Element) -> String {
    element.trimmed().to_owned()
}

impl Document for MediaProperties {
    const NAME: &'static str = "mediaProperties";

    fn write(&self, out: &mut dyn Writer) {
        out.text("DNIS", &self.dnis);
        out.number_or_empty("callKeyCallId", self.call_key_call_id);
        out.number_or_empty("callKeyPrefix", self.call_key_prefix);
        out.number_or_empty("callKeySequenceNum", self.call_key_sequence);
        out.text("callType", &self.call_type);
        out.text("dialedNumber", &self.dialed_number);
        out.number("mediaId", self.media_id.into());
        out.text("outboundClassification", &self.outbound_classification);
        out.text("queueName", &self.queue_name);
        out.number_or_empty("queueNumber", self.queue_number);
        out.text("wrapUpReason", &self.wrap_up_reason);
        write_variables(&self.call_variables, out);
    }

    fn read(root: &Element) -> Result<MediaProperties, ReadError> {
        Ok(MediaProperties {
            dnis: root.string_of("DNIS"),
            call_key_call_id: root.value_of("callKeyCallId")?,
            call_key_prefix: root.value_of("callKeyPrefix")?,
            call_key_sequence: root.value_of("callKeySequenceNum")?,
            call_type: root.string_of("callType"),
            call_variables: read_variables(root),
            dialed_number: root.string_of("dialedNumber"),
            media_id: root.value_of("mediaId")?.unwrap_or_default(),
            outbound_classification: root.string_of("outboundClassification"),
            queue_name: root.string_of("queueName"),
            queue_number: root.value_of("queueNumber")?,
            wrap_up_reason: root.string_of("wrapUpReason"),
        })
    }
}

/// `callvariables`, with the wire's small v.
pub(crate) fn write_variables(variables: &[CallVariable], out: &mut dyn Writer) {
    out.start("callvariables");
    out.list("CallVariable");
    for variable in variables {
        out.start("CallVariable");
        out.text("name", &variable.name);
        out.text("value", &variable.value);
        out.end("CallVariable");
    }
    out.list_end();
    out.end("callvariables");
}

/// The variables inside `mediaProperties`. Values keep their white space: they go through the CTI server unread.
pub(crate) fn read_variables(media_properties: &Element) -> Vec<CallVariable> {
    let all = media_properties.child("callvariables");
    let variable = |element: &Element| CallVariable {
        name: element.string_of("name"),
        value: element
            .child("value")
            .map(|value| value.text.clone())
            .unwrap_or_default(),
    };
    all.iter()
        .flat_map(|all| all.children("CallVariable"))
        .map(variable)
        .collect()
}

impl Document for Participant {
    const NAME: &'static str = "Participant";

    fn write(&self, out: &mut dyn Writer) {
        out.start("actions");
        out.list("action");
        for action in &self.actions {
            out.text("action", action);
        }
        out.list_end();
        out.end("actions");
        out.text("mediaAddress", &self.media_address);
        out.text("mediaAddressType", &self.media_address_type);
        out.text("startTime", &time(self.start_time));
        out.text("state", &self.state);
        out.text("stateCause", &self.state_cause);
        out.text("stateChangeTime", &time(self.state_change_time));
    }

    fn read(root: &Element) -> Result<Participant, ReadError> {
        let actions = root.child("actions");
        Ok(Participant {
            actions: actions
                .iter()
                .flat_map(|all| all.children("action"))
                .map(trimmed)
                .collect(),
            media_address: root.string_of("mediaAddress"),
            media_address_type: root.string_of("mediaAddressType"),
            start_time: read_time(root, "startTime")?,
            state: root.string_of("state"),
            state_cause: root.string_of("stateCause"),
            state_change_time: read_time(root, "stateChangeTime")?,
        })
    }
}

fn time(time: Option<i64>) -> String {
    time.map(timestamp::format).unwrap_or_default()
}
