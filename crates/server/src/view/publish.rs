//! What goes out on which node when the desk says so (finesse-api.md 5.2 and 5.4).

use tact_api::{Data, Document, Event, SystemInfo, Update, User, UserSummary};
use tact_desk::{Agent, Desk, Publish};

use super::{System, control_failure, system_info, user};
use crate::store::Configuration;

/// What goes out for one output of the desk: nodes and their `<Update>` documents, in this order.
pub fn publish(
    desk: &Desk,
    publish: &Publish,
    configuration: &Configuration,
    system: &System,
    now: i64,
) -> Vec<(String, String)> {
    match publish {
        Publish::User { agent, request_id } => desk
            .agent(agent)
            .map(|agent| user_updates(agent, request_id.as_deref(), configuration, system))
            .unwrap_or_default(),
        Publish::UserError {
            agent,
            request_id,
            failure,
            peripheral_error,
            action,
        } => {
            let errors = control_failure(*failure, *peripheral_error, action);
            let uri = User::uri_of(agent);
            vec![update(
                uri.clone(),
                Data::ApiErrors(errors),
                request_id.as_deref(),
                uri,
            )]
        }
        Publish::Dialogs { .. }
        | Publish::Dialog { .. }
        | Publish::DialogError { .. }
        | Publish::Queue { .. } => Vec::new(),
        Publish::SystemInfo => {
            let info = system_info(&desk.service(), system, now);
            let uri = SystemInfo::URI.to_owned();
            vec![update(uri.clone(), Data::SystemInfo(info), None, uri)]
        }
    }
}

/// The agent's own node first: some clients take the first event after a request as its answer.
fn user_updates(
    agent: &Agent,
    request_id: Option<&str>,
    configuration: &Configuration,
    system: &System,
) -> Vec<(String, String)> {
    let document = user(agent, configuration, system);
    let uri = document.uri.clone();
    let team = agent.team.as_ref().map(|team| {
        let node = format!("/finesse/api/Team/{}/Users", team.id);
        let summary = Data::UserSummary(UserSummary::from(document.clone()));
        update(node, summary, request_id, uri.clone())
    });
    let own = update(uri.clone(), Data::User(document), request_id, uri.clone());
    std::iter::once(own).chain(team).collect()
}

/// The end of a client log's upload, for the node that the client subscribed to.
pub fn client_log_stored(agent: &str, request_id: Option<&str>) -> (String, String) {
    let uri = format!("/finesse/api/User/{agent}/ClientLog");
    let update = Update {
        data: Some(Data::ClientLog),
        event: Event::Post,
        request_id: request_id.unwrap_or_default().to_owned(),
        source: uri.clone(),
    };
    (uri, update.to_xml())
}

fn update(node: String, data: Data, request_id: Option<&str>, source: String) -> (String, String) {
    let update = Update {
        data: Some(data),
        event: Event::Put,
        request_id: request_id.unwrap_or_default().to_owned(),
        source,
    };
    (node, update.to_xml())
}
