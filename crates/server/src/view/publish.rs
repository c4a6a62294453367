//! What goes out on which node when the desk says so (finesse-api.md 5.2 and 5.4).

use tact_api::{Data, Dialog, Dialogs, Event, Queue, SystemInfo, Update, User, UserSummary};
use tact_desk::{Agent, Change, Desk, Publish};

use super::{System, call_failure, control_failure, dialog, queue, system_info, user};
use crate::store::Configuration;

/// What goes out for one output of the desk: nodes and their Updates, in this order.
pub fn publish(
    desk: &Desk,
    publish: &Publish,
    configuration: &Configuration,
    system: &System,
    now: i64,
) -> Vec<(String, Update)> {
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
            let data = Data::ApiErrors(errors);
            vec![put(uri.clone(), data, request_id.as_deref(), uri)]
        }
        Publish::Dialogs {
            agent,
            event,
            dialog: call,
            request_id,
        } => {
            let event = match event {
                Change::Post => Event::Post,
                Change::Delete => Event::Delete,
            };
            let data = Data::Dialogs(Dialogs {
                dialogs: vec![dialog(call)],
            });
            let list = Dialog::list_of(agent);
            vec![update(
                list.clone(),
                event,
                data,
                request_id.as_deref(),
                list,
            )]
        }
        Publish::Dialog {
            agent,
            dialog: call,
            request_id,
        } => {
            let document = dialog(call);
            let source = Dialog::uri_of(&document.id);
            let data = Data::Dialog(document);
            vec![put(
                Dialog::list_of(agent),
                data,
                request_id.as_deref(),
                source,
            )]
        }
        Publish::DialogError {
            agent,
            dialog: call,
            request_id,
            failure,
            peripheral_error,
            action,
        } => {
            let errors = call_failure(*failure, *peripheral_error, action);
            let list = Dialog::list_of(agent);
            // A call that was never made has no URI; the request was to the list.
            let source = call.map_or_else(|| list.clone(), |id| Dialog::uri_of(&id.to_string()));
            let data = Data::ApiErrors(errors);
            vec![put(list, data, request_id.as_deref(), source)]
        }
        Publish::Queue { number } => {
            let uri = Queue::uri_of(*number);
            let (event, document) = match desk.queue(*number) {
                Some(known) => (Event::Put, queue(known)),
                None => (
                    Event::Delete,
                    Queue {
                        uri: uri.clone(),
                        ..Queue::default()
                    },
                ),
            };
            vec![update(uri.clone(), event, Data::Queue(document), None, uri)]
        }
        Publish::SystemInfo => {
            let info = system_info(&desk.service(), system, now);
            let uri = SystemInfo::URI.to_owned();
            vec![put(uri.clone(), Data::SystemInfo(info), None, uri)]
        }
    }
}

/// The agent's own node first: some clients take the first event after a request as its answer.
fn user_updates(
    agent: &Agent,
    request_id: Option<&str>,
    configuration: &Configuration,
    system: &System,
) -> Vec<(String, Update)> {
    let document = user(agent, configuration, system);
    let uri = document.uri.clone();
    let team = agent.team.as_ref().map(|team| {
        let node = format!("/finesse/api/Team/{}/Users", team.id);
        let summary = Data::UserSummary(UserSummary::from(document.clone()));
        put(node, summary, request_id, uri.clone())
    });
    let own = put(uri.clone(), Data::User(document), request_id, uri.clone());
    std::iter::once(own).chain(team).collect()
}

/// The end of a client log's upload, for the node that the client subscribed to.
pub fn client_log_stored(agent: &str, request_id: Option<&str>) -> (String, Update) {
    let uri = format!("/finesse/api/User/{agent}/ClientLog");
    update(uri.clone(), Event::Post, Data::ClientLog, request_id, uri)
}

fn put(node: String, data: Data, request_id: Option<&str>, source: String) -> (String, Update) {
    update(node, Event::Put, data, request_id, source)
}

fn update(
    node: String,
    event: Event,
    data: Data,
    request_id: Option<&str>,
    source: String,
) -> (String, Update) {
    let update = Update {
        data: Some(data),
        event,
        request_id: request_id.unwrap_or_default().to_owned(),
        source,
    };
    (node, update)
}
