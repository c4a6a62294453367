//! The channel as Server-Sent Events: `event` is `ready`, `update` or `resync`, `data` its JSON.

use std::convert::Infallible;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, StreamExt as _};

use super::{BEAT, told};
use crate::notify::Listener;

/// Answers with everything that the listener hears, until the connection is lost or the server stops.
pub(super) fn serve(listener: Listener) -> Response {
    let batches = stream::unfold(listener, |mut listener| async {
        let heard = listener.next().await?;
        Some((heard, listener))
    });
    let events = batches.flat_map(|batch| {
        stream::iter(batch).map(|heard| {
            let (name, id, data) = told(&heard);
            Ok::<_, Infallible>(Event::default().event(name).id(id).data(data))
        })
    });
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(BEAT))
        .into_response()
}
