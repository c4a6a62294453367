//! A server with agents at their desks, and a trace of all that each side sees of a call: GED-188 bytes, XMPP updates
//! and REST reads side by side, from one run.
//!
//! Events of one channel come in a certain order, those of two channels do not. So a trace is cut into steps: what one
//! action brings about is gathered channel by channel, behind a barrier that has passed through every part of the server.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tact_ged188::{AgentStateEvent, Message, Tag};

use crate::server::{Answer, Server};
use crate::tact::{root, until};

use super::cti_tap::{CtiTap, Heard};
use super::xmpp_tap::XmppTap;

/// The agent whose state changes are the barrier; nothing of it is in the trace.
const BARRIER: &str = "2020";
const BARRIER_EXTENSION: &str = "3020";

/// What a step waits for before it is written down.
pub(crate) enum Wait<'a> {
    /// A CTI message of this name.
    Cti(&'a str),
    /// An update at this agent's channel that holds all of these texts.
    Update(&'a str, &'a [&'a str]),
}

/// The server, its agents and the trace so far.
pub(crate) struct Stage {
    pub(crate) server: Server,
    cti: CtiTap,
    channels: BTreeMap<&'static str, XmppTap>,
    barrier: XmppTap,
    barriers: u32,
    trace: String,
}

impl Stage {
    /// Starts a server with these settings and signs in each agent at the extension, READY unless a supervisor.
    pub(crate) fn open(
        title: &str,
        agents: &[(&'static str, &'static str)],
        settings: &[&str],
    ) -> Stage {
        let server = Server::start_with(settings);
        let barrier = XmppTap::open(&server, BARRIER);
        sign_in(&server, BARRIER, BARRIER_EXTENSION);
        let mut channels = BTreeMap::new();
        for (agent, extension) in agents {
            channels.insert(*agent, XmppTap::open(&server, agent));
            sign_in(&server, agent, extension);
        }
        let cti = CtiTap::open(server.address("cti.port"));
        let mut stage = Stage {
            server,
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
                    self.cti
                        .has(|message| message.name() == *name)
                        .then_some(())
                }),
                Wait::Update(agent, texts) => {
                    let channel = &self.channels[agent];
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
            let _ = writeln!(text, "-- XMPP at {agent}");
            for update in channel.take() {
                if update.text.contains(BARRIER) {
                    continue;
                }
                let _ = writeln!(text, "{} {}", update.node, without_times(&update.text));
            }
            let _ = writeln!(text, "-- REST of {agent}");
            let state = self
                .server
                .get(&format!("/finesse/api/User/{agent}"), agent);
            let _ = writeln!(text, "state {}", element(&state.body, "state"));
            let dialogs = self
                .server
                .get(&format!("/finesse/api/User/{agent}/Dialogs"), agent);
            let _ = writeln!(text, "{}", without_times(&one_line(&dialogs)));
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
    let action = element(body, "requestedAction");
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
        Message::AgentStateEvent(event) if of_barrier(event) => return None,
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

fn of_barrier(event: &AgentStateEvent) -> bool {
    event
        .floats
        .text(Tag::AGENT_ID)
        .is_some_and(|id| id == BARRIER)
}

/// The content of the first element of that name.
fn element<'a>(text: &'a str, name: &str) -> &'a str {
    text.split_once(&format!("<{name}>"))
        .and_then(|(_, rest)| rest.split_once(&format!("</{name}>")))
        .map_or("", |(content, _)| content)
}

/// The text without the content of elements that tell a time or a day.
fn without_times(text: &str) -> String {
    let mut text = text.to_owned();
    for name in [
        "startTime",
        "stateChangeTime",
        "startTimeOfLongestCallInQueue",
        "callKeyPrefix",
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
