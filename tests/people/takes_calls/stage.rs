//! A server with agents at their desks, and a trace of all that each side sees of a call: GED-188 bytes, XMPP updates
//! and REST reads side by side, from one run.
//!
//! Events of one channel come in a certain order, those of two channels do not. So a trace is cut into steps: what one
//! action brings about is gathered channel by channel, behind a barrier that has passed through every part of the server.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tact_ged188::{Message, Tag};

use crate::server::{Answer, Server};
use crate::tact::{root, until};

use super::cti_tap::{CtiTap, Heard};
use super::xmpp_tap::XmppTap;

/// The agent whose state changes are the barrier; nothing of it is in the trace.
const BARRIER: &str = "2020";
const BARRIER_EXTENSION: &str = "3020";

/// What a step waits for before it is written down.
#[derive(Clone, Copy)]
pub(crate) enum Wait<'a> {
    /// A CTI message of this name, and not about the barrier's agent.
    Cti(&'a str),
    /// REST reads this state of an agent.
    State(&'a str, &'a str),
    /// An update at this agent's channel that holds all of these texts.
    Update(&'a str, &'a [&'a str]),
}

/// The server, its agents and the trace so far.
pub(crate) struct Stage {
    pub(crate) server: Server,
    /// Where the CTI server is a process of its own.
    apart: Option<Apart>,
    cti: CtiTap,
    /// Each agent's channel; none where the browser was closed.
    channels: BTreeMap<&'static str, Option<XmppTap>>,
    barrier: XmppTap,
    barriers: u32,
    trace: String,
}

/// A CTI server that can be killed while the desktop server goes on.
struct Apart {
    server: Server,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Starts a server with these settings and signs in each agent at the extension, READY unless a supervisor.
    pub(crate) fn open(
        title: &str,
        agents: &[(&'static str, &'static str)],
        settings: &[&str],
    ) -> Stage {
        Stage::begin(title, agents, Server::start_with(settings), None)
    }

    /// The same with the CTI server as a process of its own.
    pub(crate) fn open_apart(title: &str, agents: &[(&'static str, &'static str)]) -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let cti = Server::start_cti(&folder.path().join("cti"), 0);
        let port = format!("cti.port={}", cti.address("cti.port").port());
        let server = Server::start_with(&[
            "cti.host=127.0.0.1",
            &port,
            "cti.reconnect_min_ms=50",
            "cti.reconnect_max_ms=200",
        ]);
        server.wait_for_status("IN_SERVICE");
        let apart = Apart {
            server: cti,
            folder,
        };
        Stage::begin(title, agents, server, Some(apart))
    }

    fn begin(
        title: &str,
        agents: &[(&'static str, &'static str)],
        server: Server,
        apart: Option<Apart>,
    ) -> Stage {
        let barrier = XmppTap::open(&server, BARRIER);
        sign_in(&server, BARRIER, BARRIER_EXTENSION);
        let mut channels = BTreeMap::new();
        for (agent, extension) in agents {
            channels.insert(*agent, Some(XmppTap::open(&server, agent)));
            sign_in(&server, agent, extension);
        }
        let cti = CtiTap::open(match &apart {
            Some(apart) => apart.server.address("cti.port"),
            None => server.address("cti.port"),
        });
        let mut stage = Stage {
            server,
            apart,
            cti,
            channels,
            barrier,
            barriers: 0,
            trace: format!("# {title}\n"),
        };
        for (agent, _) in agents {
            if *agent != "2100" {
                stage.ready(agent);
            }
        }
        stage.settle();
        stage.gather();
        stage
    }

    /// Puts an agent READY and waits until it is.
    pub(crate) fn ready(&self, agent: &str) {
        let answer = self
            .server
            .put_user(agent, "ready", "<User><state>READY</state></User>");
        assert_eq!(answer.status, 202, "{answer:?}");
        self.server.wait_for_state(agent, "READY");
    }

    /// Does something, waits for what follows from it, and writes all of it down.
    pub(crate) fn step(
        &mut self,
        what: &str,
        action: impl FnOnce(&Server) -> String,
        waits: &[Wait<'_>],
    ) {
        let done = action(&self.server);
        for wait in waits {
            match wait {
                Wait::Cti(name) => until(&format!("{what}: {name}"), || {
                    let is = |message: &Message| message.name() == *name && !of_barrier(message);
                    self.cti.has(is).then_some(())
                }),
                Wait::State(agent, state) => {
                    self.server.wait_for_state(agent, state);
                }
                Wait::Update(agent, texts) => {
                    let channel = self.channels[agent].as_ref().unwrap();
                    until(&format!("{what}: {agent} hears {texts:?}"), || {
                        channel.has(texts).then_some(())
                    });
                }
            }
        }
        self.settle();
        let _ = writeln!(self.trace, "\n== {what}\n{done}");
        let gathered = self.gather();
        self.trace.push_str(&gathered);
    }

    /// An agent's browser is closed; what REST says of the agent stays in the trace.
    pub(crate) fn close_browser(&mut self, agent: &str) {
        *self.channels.get_mut(agent).unwrap() = None;
    }

    /// The CTI server dies and is started again; returns once the desktop server is in service again.
    pub(crate) fn restart_cti(&mut self) {
        let apart = self.apart.as_mut().unwrap();
        let address = apart.server.address("cti.port");
        apart.server.kill();
        self.server.wait_for_status("OUT_OF_SERVICE");
        apart.server = Server::start_cti(&apart.folder.path().join("cti"), address.port());
        self.server.wait_for_status("IN_SERVICE");
        self.cti = CtiTap::open(address);
    }

    /// A request for a state of an agent, by the agent or a supervisor.
    pub(crate) fn user(server: &Server, by: &str, agent: &str, state: &str) -> String {
        let path = format!("/finesse/api/User/{agent}");
        let body = format!("<User><state>{state}</state></User>");
        request(server, "PUT", &path, by, &body)
    }

    /// One request of an agent's desktop; what it was, for the trace.
    pub(crate) fn dialog(server: &Server, agent: &str, dialog: &str, body: &str) -> String {
        let path = format!("/finesse/api/Dialog/{dialog}");
        request(server, "PUT", &path, agent, body)
    }

    /// The same for a new dialog.
    pub(crate) fn new_dialog(server: &Server, agent: &str, body: &str) -> String {
        let path = format!("/finesse/api/User/{agent}/Dialogs");
        request(server, "POST", &path, agent, body)
    }

    /// The ids of the agent's dialogs, as REST reads them.
    pub(crate) fn dialog_ids(server: &Server, agent: &str) -> Vec<String> {
        let answer = server.get(&format!("/finesse/api/User/{agent}/Dialogs"), agent);
        answer
            .body
            .split("<id>")
            .skip(1)
            .filter_map(|rest| rest.split("</id>").next())
            .map(str::to_owned)
            .collect()
    }

    /// Compares the trace with the golden one, or writes it where UPDATE_GOLDEN is set.
    pub(crate) fn close(self, name: &str) {
        let path = root().join(format!("testdata/flows/{name}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &self.trace).unwrap();
            return;
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_else(|error| {
            panic!("{}: {error}; made with UPDATE_GOLDEN=1", path.display())
        });
        for (number, (is, was)) in self.trace.lines().zip(golden.lines()).enumerate() {
            assert_eq!(
                is,
                was,
                "{}:{}: the flow is not what it was",
                path.display(),
                number + 1
            );
        }
        assert_eq!(self.trace.lines().count(), golden.lines().count());
    }

    /// Waits until all that was going on has reached every channel: a state change of the barrier's agent passes through
    /// REST, desk, CTI server, desk and notification service behind it.
    fn settle(&mut self) {
        self.barriers += 1;
        let id = format!("barrier-{}", self.barriers);
        // Another reason each time, so that each is a change.
        let reason = 1 + self.barriers % 2;
        let body =
            format!("<User><state>NOT_READY</state><reasonCodeId>{reason}</reasonCodeId></User>");
        let answer = self.server.put_user(BARRIER, &id, &body);
        assert_eq!(answer.status, 202, "{answer:?}");
        let wanted = format!("<requestId>{id}</requestId>");
        until(&format!("{id} has passed"), || {
            self.barrier.has(&[&wanted]).then_some(())
        });
        self.barrier.take();
    }

    /// All that came on each channel since the last time, and what REST reads now.
    fn gather(&mut self) -> String {
        let mut text = String::new();
        text.push_str("-- GED-188\n");
        for heard in self.cti.take() {
            if let Some(line) = cti_line(&heard) {
                let _ = writeln!(text, "{line}");
            }
        }
        for (agent, channel) in &self.channels {
            let updates = channel.as_ref().map(XmppTap::take);
            if updates.is_some() {
                let _ = writeln!(text, "-- XMPP at {agent}");
            }
            for update in updates.into_iter().flatten() {
                if update.text.contains(BARRIER) {
                    continue;
                }
                let _ = writeln!(
                    text,
                    "{} {}",
                    update.node,
                    without_what_differs(&update.text)
                );
            }
            let _ = writeln!(text, "-- REST of {agent}");
            let state = self
                .server
                .get(&format!("/finesse/api/User/{agent}"), agent);
            let _ = writeln!(text, "state {}", element(&state.body, "state"));
            let dialogs = self
                .server
                .get(&format!("/finesse/api/User/{agent}/Dialogs"), agent);
            let _ = writeln!(text, "{}", without_what_differs(&one_line(&dialogs)));
        }
        text
    }
}

fn sign_in(server: &Server, agent: &str, extension: &str) {
    let body = format!("<User><state>LOGIN</state><extension>{extension}</extension></User>");
    let answer = server.put_user(agent, "sign-in", &body);
    assert_eq!(answer.status, 202, "{answer:?}");
    server.wait_for_state(agent, "NOT_READY");
}

fn request(server: &Server, method: &str, path: &str, agent: &str, body: &str) -> String {
    let action = match element(body, "requestedAction") {
        "" => element(body, "state"),
        action => action,
    };
    let id = format!("requestId: {agent}-{action}");
    let headers = ["Content-Type: application/xml", id.as_str()];
    let answer = server.request(method, path, Some(agent), &headers, body);
    format!("{method} {path} {body}\n{}", answer.status)
}

fn one_line(answer: &Answer) -> String {
    answer.body.lines().map(str::trim).collect()
}

/// Name and bytes of an event, without what differs from run to run; `None` for what is not of the flow.
fn cti_line(heard: &Heard) -> Option<String> {
    match &heard.message {
        Message::OpenConf(_)
        | Message::HeartbeatConf(_)
        | Message::SystemEvent(_)
        | Message::AgentTeamConfigEvent(_) => return None,
        message if of_barrier(message) => return None,
        _ => {}
    }
    let mut bytes = heard.bytes.clone();
    if let Message::AgentStateEvent(_) = heard.message {
        // StateDuration.
        bytes[24..28].fill(0);
    }
    let mut hex: String = bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    for (tag, value) in [("00480004", 8), ("00180004", 8), ("00960004", 8)] {
        // RouterCallKeyDay, CTIClientTimestamp, Duration.
        if let Some(at) = hex.find(tag).filter(|at| at % 2 == 0) {
            let from = at + tag.len();
            hex.replace_range(from..from + value, "........");
        }
    }
    Some(format!("{} {hex}", heard.message.name()))
}

fn of_barrier(message: &Message) -> bool {
    let Message::AgentStateEvent(event) = message else {
        return false;
    };
    let id = event.floats.text(Tag::AGENT_ID);
    id.is_some_and(|id| id == BARRIER)
}

/// The content of the first element of that name.
fn element<'a>(text: &'a str, name: &str) -> &'a str {
    text.split_once(&format!("<{name}>"))
        .and_then(|(_, rest)| rest.split_once(&format!("</{name}>")))
        .map_or("", |(content, _)| content)
}

/// The text without the content of elements that differ from run to run: times, days and ports.
fn without_what_differs(text: &str) -> String {
    let mut text = text.to_owned();
    for name in [
        "startTime",
        "stateChangeTime",
        "startTimeOfLongestCallInQueue",
        "callKeyPrefix",
        "currentTimestamp",
        "lastSuccessCTIHeartbeatTime",
        "port",
        "httpsPort",
        "xmppPort",
        "xmppSecurePort",
    ] {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let mut cleaned = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once(&open) {
            cleaned.push_str(before);
            cleaned.push_str(&open);
            rest = behind.split_once(&close).map_or("", |(_, tail)| tail);
            cleaned.push_str(&close);
        }
        cleaned.push_str(rest);
        text = cleaned;
    }
    text
}
