//! Why a session is no longer available: the words of the log, and what they mean for an agent who is signed out for it.

use tact_desk::Noticed;

/// The client said so in a stanza.
pub(super) const PRESENCE: &str = "presence";
/// The client ended the stream.
pub(super) const LEFT: &str = "closed by the client";
/// The connection went without a word.
pub(super) const LOST: &str = "connection lost";
/// Nothing was heard for too long.
pub(super) const SILENT: &str = "silent";
/// No BOSH request came for too long.
const INACTIVITY: &str = "inactivity";
/// Another session took its address.
pub(super) const CONFLICT: &str = "conflict";

/// What it means for the agent; whatever is not known here, the server did.
pub(super) fn noticed(cause: &str) -> Noticed {
    match cause {
        PRESENCE | LEFT => Noticed::Left,
        LOST => Noticed::Closed,
        SILENT | INACTIVITY => Noticed::Silent,
        CONFLICT => Noticed::Replaced,
        _ => Noticed::Ended,
    }
}
