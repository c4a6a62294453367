//! What the parts know of each other: presence goes to the desk, events go to the notification service.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use tact_api::{Document as _, Update};
use tact_logline::webservices::Event;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::ports::Ports;
use crate::auth::{Credentials, Principal};
use crate::cors::Cors;
use crate::desk::{DeskHandle, Publisher};
use crate::notify::{self, Notify};
use crate::settings::Settings;
use crate::store::{SharedConfiguration, Store};
use crate::telemetry::Logs;
use crate::{clock, events, nodes, rest, view};

/// The thread that publishes, as the webservices log names it.
const PUBLISH_THREAD: &str = "pool-5-thread-5";
/// Changes of subscriptions that may wait for the database.
const WAITING_SUBSCRIPTIONS: usize = 10_000;
/// The thread that hears of presence, as the webservices log names it.
const PRESENCE_THREAD: &str = "Smack Listener Processor (1)";

pub(super) fn system(settings: &Settings, ports: &Ports) -> view::System {
    let node = |host: &str| tact_api::Node {
        host: host.to_owned(),
        https_port: ports.port("https.port"),
        xmpp_port: ports.port("xmpp.port"),
        xmpp_secure_port: ports.port("xmpp.secure_port"),
    };
    let cti = &settings.cti;
    let side_a = cti.host.clone().unwrap_or_else(|| "127.0.0.1".into());
    view::System {
        node: node(&settings.host),
        other_node: settings.secondary_host.as_deref().map(node),
        heartbeat_interval_s: u32::try_from(cti.heartbeat_ms / 1000).unwrap_or(0),
        peripheral_id: cti.peripheral_id,
        cti_hosts: std::iter::once(side_a)
            .chain(cti.backup_host.clone())
            .collect(),
        reason_code_spelling: settings.reason_code_spelling,
        time_zone: clock::zone(),
    }
}

pub(super) fn notify_config(
    settings: &Settings,
    configuration: &SharedConfiguration,
    keep: notify::SubscriptionSink,
    cors: &Cors,
) -> notify::Config {
    let configuration = configuration.clone();
    let access = Arc::new(move |principal: &Principal, node: &str| {
        nodes::access(principal, node, &configuration.load())
    });
    let limits = &settings.notify;
    let mut config = notify::Config::new(settings.host.as_str(), access);
    config.keep = keep;
    config.cors = cors.clone();
    config.fields = events::fields_of;
    config.sessions = limits.max_sessions;
    config.sessions_per_agent = limits.max_sessions_per_user;
    config.queued_stanzas = limits.session_queue;
    config.bosh.wait = limits.bosh_max_wait_s;
    config.bosh.inactivity = limits.bosh_inactivity_s;
    config.stanzas_per_s = limits.session_stanzas_per_s;
    config.bytes_per_s = limits.session_bytes_per_s;
    config.allow_plain_tcp = settings.takes_plain();
    config
}

/// Where subscriptions are kept, and the task that keeps them, in order. When it has fallen far behind, changes are lost
/// and the log says so.
pub(super) fn subscription_keeper(
    store: &Store,
    stop: CancellationToken,
) -> (notify::SubscriptionSink, impl Future<Output = ()> + use<>) {
    let (sender, mut changes) = mpsc::channel::<(String, String, bool)>(WAITING_SUBSCRIPTIONS);
    let sink = move |user: &str, node: &str, kept: bool| {
        if sender.try_send((user.into(), node.into(), kept)).is_err() {
            tracing::warn!(user, node, kept, "a subscription could not be kept");
        }
    };
    let store = store.clone();
    let keep = async move {
        loop {
            let change = tokio::select! {
                // What is waiting is written even while the server stops.
                biased;
                change = changes.recv() => change,
                () = stop.cancelled() => None,
            };
            let Some((user, node, kept)) = change else {
                return;
            };
            if let Err(error) = store.keep_subscription(&user, &node, kept).await {
                tracing::warn!(%error, user, node, kept, "a subscription could not be kept");
            }
        }
    };
    (Arc::new(sink), keep)
}

/// Each change goes to the log; the first and the last session of an agent concern the desk.
pub(super) fn presence_sink(desk: &Arc<OnceLock<DeskHandle>>, logs: &Logs) -> notify::PresenceSink {
    let (desk, logs) = (Arc::clone(desk), logs.clone());
    Arc::new(move |change: notify::Presence| {
        let presence_type = if change.available {
            "available"
        } else {
            "unavailable"
        };
        logs.webservices(
            PRESENCE_THREAD,
            &Event::PresenceNotificationRecieved {
                from_jid: &change.jid,
                presence_type,
            },
        );
        if let Some(desk) = desk.get()
            && (change.available || change.last)
        {
            let lost = (!change.available).then_some(change.loss());
            desk.presence(&change.agent, lost);
        }
    })
}

/// Renders what the desk publishes, writes the line, hands it to the subscribers.
pub(super) fn publisher(
    notify: &Notify,
    configuration: &SharedConfiguration,
    system: &Arc<view::System>,
    logs: &Logs,
) -> Publisher {
    let (announce, configuration) = (announcer(notify, logs), configuration.clone());
    let system = Arc::clone(system);
    Box::new(move |desk, publish| {
        let updates = view::publish(
            desk,
            publish,
            &configuration.load(),
            &system,
            clock::now_ms(),
        );
        for (node, update) in updates {
            announce(&node, &update);
        }
    })
}

/// Writes the line, and hands an Update to the subscribers of its node.
fn announcer(notify: &Notify, logs: &Logs) -> rest::PublishUpdate {
    let (notify, logs) = (notify.clone(), logs.clone());
    Arc::new(move |node: &str, update: &Update| {
        let payload = update.to_xml();
        logs.webservices(
            PUBLISH_THREAD,
            &Event::XmppPublishAsynchronous {
                node,
                payload: &payload,
            },
        );
        notify.publish(node, &payload, &|| events::fields(node, update));
    })
}

pub(super) fn rest_settings(
    settings: &Settings,
    system: &Arc<view::System>,
    cors: &Cors,
) -> rest::Settings {
    rest::Settings {
        system: system.as_ref().clone(),
        cors: cors.clone(),
        max_body_bytes: settings.http.max_body_bytes,
        max_client_log_bytes: settings.http.max_client_log_bytes,
    }
}

pub(super) fn rest_state(
    settings: rest::Settings,
    desk: &DeskHandle,
    credentials: &Credentials,
    configuration: &SharedConfiguration,
    notify: &Notify,
    logs: &Logs,
) -> rest::State {
    rest::State {
        desk: desk.clone(),
        credentials: credentials.clone(),
        configuration: configuration.clone(),
        logs: logs.clone(),
        publish: announcer(notify, logs),
        settings: Arc::new(settings),
        threads: Default::default(),
        kinds: Default::default(),
    }
}
