//! `GET SystemInfo`: the one resource without credentials; answers in any state of the service.

use axum::Extension;
use axum::extract::State;

use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use crate::{clock, view};

/// Status, domains, both nodes.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
) -> Answer {
    exchange.understood("SystemInfo-GET", "", "systemInfo.GET", "");
    let service = state.desk.read(|desk| desk.service());
    let info = view::system_info(&service, &state.settings.system, clock::now_ms());
    Ok(Reply::document(info))
}
