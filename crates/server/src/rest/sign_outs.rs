//! `GET /tact/agents/{id}/sign-outs`: why an agent was signed out, the last time first. Not of the original's API, where
//! nobody can say it. The agent itself may ask, a supervisor of the agent's team, an administrator.
//!
//! The document is `tact_api`'s `SignOuts`.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Extension, Router};

use super::answer::{Answer, Reply};
use super::exchange::{self, Exchange};
use super::refusal;
use crate::presence::SignOuts;

/// Where it is.
pub const PATH: &str = "/tact/agents/{id}/sign-outs";

#[derive(Clone)]
struct Asked {
    rest: super::State,
    sign_outs: SignOuts,
}

/// The resource.
pub fn routes(rest: super::State, sign_outs: SignOuts) -> Router {
    let methods = get(list).options(|| exchange::options("GET,OPTIONS,HEAD"));
    let router = Router::new().route(PATH, methods);
    let asked = Asked {
        rest: rest.clone(),
        sign_outs,
    };
    super::beside(rest, router, asked)
}

async fn list(
    State(asked): State<Asked>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood("SignOuts-GET", &id, "signOuts.GET", "");
    let configuration = asked.rest.configuration.load();
    let (user, _) = exchange.role(&id, &configuration)?;
    match asked.sign_outs.of(&user.id).await {
        Ok(sign_outs) => Ok(Reply::document(tact_api::SignOuts { sign_outs })),
        Err(error) => {
            tracing::error!(%error, "sign-outs could not be read");
            Err(refusal::out_of_service())
        }
    }
}
