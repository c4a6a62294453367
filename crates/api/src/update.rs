//! Update: the envelope of every notification (finesse-api.md 5.4). Children in wire order: data, event,
//! requestId, source; the payload's root has a small first letter.

use crate::api_errors::AsyncApiErrors;
use crate::dialog::Dialog;
use crate::dialogs::Dialogs;
use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};
use crate::queue::{Queue, Queues};
use crate::system_info::SystemInfo;
use crate::user::{User, UserSummary};

/// A notification's payload and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// What changed; absent when a user is deleted.
    pub data: Option<Data>,
    /// What happened to it.
    pub event: Event,
    /// The id of the request that caused it; empty otherwise.
    pub request_id: String,
    /// REST URI of the changed thing.
    pub source: String,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Added.
    Post,
    /// Changed.
    Put,
    /// Removed.
    Delete,
}

/// The payload, by its root element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// `user`, in full.
    User(User),
    /// `user` as a team's node shows it. Read back as [`Data::User`].
    UserSummary(UserSummary),
    /// `systemInfo`.
    SystemInfo(SystemInfo),
    /// `dialogs`: calls that came or went.
    Dialogs(Dialogs),
    /// `dialog`: a call that changed.
    Dialog(Dialog),
    /// `Queue`. Some readers know the capital only, the others know both.
    Queue(Queue),
    /// `Queues`: queues that an agent was given or has lost.
    Queues(Queues),
    /// `apiErrors`.
    ApiErrors(AsyncApiErrors),
    /// `clientLog`: an upload is complete.
    ClientLog,
    /// A payload that this crate does not know, by its root's name.
    Other(String),
}

impl Event {
    /// `POST`, `PUT` or `DELETE`.
    pub fn name(self) -> &'static str {
        match self {
            Event::Post => "POST",
            Event::Put => "PUT",
            Event::Delete => "DELETE",
        }
    }

    fn from_name(name: &str) -> Option<Event> {
        [Event::Post, Event::Put, Event::Delete]
            .into_iter()
            .find(|event| event.name().eq_ignore_ascii_case(name))
    }
}

impl Data {
    fn write(&self, out: &mut dyn Writer) {
        match self {
            Data::User(user) => user.write_as("user", out),
            Data::UserSummary(user) => user.write_as("user", out),
            Data::SystemInfo(info) => info.write_as("systemInfo", out),
            Data::Dialogs(dialogs) => dialogs.write_as("dialogs", out),
            Data::Dialog(dialog) => dialog.write_as("dialog", out),
            Data::Queue(queue) => queue.write_as("Queue", out),
            Data::Queues(queues) => queues.write_as("Queues", out),
            Data::ApiErrors(errors) => errors.write_as("apiErrors", out),
            Data::ClientLog => out.text("clientLog", ""),
            Data::Other(name) => out.text(name, ""),
        }
    }

    fn read(payload: &Element) -> Result<Data, ReadError> {
        Ok(match payload.name.as_str() {
            "user" | "User" => Data::User(User::read(payload)?),
            "systemInfo" | "SystemInfo" => Data::SystemInfo(SystemInfo::read(payload)?),
            "dialogs" | "Dialogs" => Data::Dialogs(Dialogs::read(payload)?),
            "dialog" | "Dialog" => Data::Dialog(Dialog::read(payload)?),
            "queue" | "Queue" => Data::Queue(Queue::read(payload)?),
            "queues" | "Queues" => Data::Queues(Queues::read(payload)?),
            "apiErrors" => Data::ApiErrors(AsyncApiErrors::read(payload)?),
            "clientLog" | "ClientLog" => Data::ClientLog,
            other => Data::Other(other.to_owned()),
        })
    }
}

impl Document for Update {
    const NAME: &'static str = "Update";

    fn write(&self, out: &mut dyn Writer) {
        if let Some(data) = &self.data {
            out.start("data");
            data.write(out);
            out.end("data");
        }
        out.text("event", self.event.name());
        out.text("requestId", &self.request_id);
        out.text("source", &self.source);
    }

    fn read(root: &Element) -> Result<Update, ReadError> {
        let event = root.text_of("event").unwrap_or_default();
        let payload = root.child("data").and_then(|data| data.children.first());
        Ok(Update {
            data: payload.map(Data::read).transpose()?,
            event: Event::from_name(event).ok_or_else(|| ReadError::BadValue {
                element: "event",
                value: event.to_owned(),
            })?,
            request_id: root.string_of("requestId"),
            source: root.string_of("source"),
        })
    }
}
