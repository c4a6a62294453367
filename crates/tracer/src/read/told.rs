//! A line of a desktop's log to what it says of a login.

use tact_logline::client::{self, Said};

use super::nocache;
use crate::fact::Says;
use crate::published::{self, request_id};

/// What this text says; `None` where a login has no use for it.
pub(super) fn says(text: &str) -> Option<Says> {
    client::said(text)
        .and_then(said)
        .or_else(|| retry(text))
        .or_else(|| {
            text.contains("Establishing BOSH connection")
                .then_some(Says::Connecting)
        })
        .or_else(|| client::is_benign(text).then_some(Says::Benign))
}

/// `PageServices._onDisconnect(): retryCount=0, retrying...`
fn retry(text: &str) -> Option<Says> {
    let (_, after) = text.split_once("_onDisconnect(): retryCount=")?;
    let count = after.split(|c: char| !c.is_ascii_digit()).next()?;
    Some(Says::Retry {
        count: count.parse().ok()?,
    })
}

fn said(said: Said<'_>) -> Option<Says> {
    Some(match said {
        Said::Request {
            request_id: Some(id),
            ..
        } => Says::Put {
            request_id: id.to_owned(),
        },
        Said::Request {
            request_id: None,
            url,
            ..
        } => {
            let (path, query) = url.split_once('?')?;
            let rest: Vec<&str> = query
                .split('&')
                .filter(|pair| !pair.starts_with("nocache="))
                .collect();
            let path = if rest.is_empty() {
                path.to_owned()
            } else {
                format!("{path}?{}", rest.join("&"))
            };
            Says::Get {
                path,
                nocache: nocache(query)?,
            }
        }
        Said::Answer {
            request_id, status, ..
        } => Says::Answer {
            request_id: request_id.map(str::to_owned),
            status,
        },
        Said::Received { payload, .. } => Says::Received {
            request_id: request_id(payload)?,
            error: published::failure(payload),
        },
        Said::SystemInfo(status) => Says::SystemInfo {
            in_service: status == "IN_SERVICE",
        },
        Said::Connection("unauthorized") => Says::Unauthorized,
        Said::Connection("connecting") => Says::Connecting,
        Said::Connection("connected") => Says::Connection { up: true },
        Said::Connection("disconnected") => Says::Connection { up: false },
        Said::Connection(_) => return None,
        Said::Established => Says::Established,
        Said::PerformingLogin { extension } => Says::Performing {
            extension: extension.to_owned(),
        },
        Said::LoggedIn => Says::LoggedIn,
    })
}
