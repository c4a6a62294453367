//! The link and the desk over real sockets: against our own CTI server, and against a scripted one
//! that sends garbage, half messages, or goes away.

use std::net::SocketAddr;
use std::time::Duration;

use tact_acd::config::{AgentConfig, TeamConfig};
use tact_desk::{Action, Desk, Publish, Reject, Request, Side};
use tact_ged188::{
    AgentState, Floats, HeartbeatConf, Message, OpenConf, Protocol, Services, SetAgentStateConf,
    Tag, Unknown, decode, encode, frame_len,
};
use tact_server::acd::AcdHandle;
use tact_server::cti::link::{self, LinkSettings, Server};
use tact_server::cti::listen;
use tact_server::desk::DeskHandle;
use tact_server::telemetry::{LogSettings, Logs};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A desk with its link, and what it publishes.
struct Desktop {
    desk: DeskHandle,
    published: mpsc::UnboundedReceiver<String>,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Desktop {
    fn start(servers: &[SocketAddr], config: tact_desk::Config, logs: &Logs) -> Desktop {
        let (say, published) = mpsc::unbounded_channel();
        let publisher = move |desk: &Desk, publish: &Publish| {
            // Nobody listens any more once the test is over.
            let _ = say.send(line(desk, publish));
        };
        let sides = [Side::A, Side::B].into_iter().zip(servers);
        let settings = LinkSettings {
            servers: sides
                .map(|(side, address)| Server {
                    side,
                    host: address.ip().to_string(),
                    port: address.port(),
                })
                .collect(),
            protocol: config.protocol,
            retry_min: Duration::from_millis(5),
            retry_max: Duration::from_millis(20),
        };
        let desk = DeskHandle::new(config, Box::new(publisher), logs.clone());
        let stop = CancellationToken::new();
        let timers = desk.clone();
        let timers_stop = stop.clone();
        let tasks = vec![
            tokio::spawn(link::run(
                settings,
                desk.clone(),
                logs.clone(),
                stop.clone(),
            )),
            tokio::spawn(async move { timers.keep_time(timers_stop).await }),
        ];
        Desktop {
            desk,
            published,
            stop,
            tasks,
        }
    }

    /// The next thing published.
    async fn next(&mut self) -> String {
        patiently(self.published.recv())
            .await
            .expect("the desk lives")
    }

    async fn expect(&mut self, line: &str) {
        assert_eq!(self.next().await, line);
    }

    fn request(&self, agent: &str, action: Action, id: &str) -> Result<(), Reject> {
        self.desk.request(Request {
            by: agent.to_owned(),
            agent: agent.to_owned(),
            action,
            request_id: Some(id.to_owned()),
        })
    }

    async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            patiently(task).await.unwrap();
        }
    }
}

async fn patiently<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("in time")
}

fn line(desk: &Desk, publish: &Publish) -> String {
    match publish {
        Publish::SystemInfo if desk.service().in_service => "in service".to_owned(),
        Publish::SystemInfo => "out of service".to_owned(),
        Publish::User { agent, request_id } => {
            let state = desk.agent(agent).unwrap().state.0;
            format!(
                "{agent} state {state} for {}",
                request_id.as_deref().unwrap_or("nobody")
            )
        }
        Publish::UserError {
            agent,
            request_id,
            failure,
            ..
        } => {
            format!(
                "{agent} failure {} for {}",
                failure.0,
                request_id.as_deref().unwrap_or("nobody")
            )
        }
        other => format!("{other:?}"),
    }
}

fn sign_in(extension: &str) -> Action {
    Action::SignIn {
        extension: extension.to_owned(),
        mobile: None,
    }
}

/// Our own CTI server with two agents.
struct Centre {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Centre {
    async fn start(address: &str, acd: &AcdHandle) -> Centre {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let task = tokio::spawn(listen::serve(
            listener,
            acd.clone(),
            Logs::discard(),
            stop.clone(),
        ));
        Centre {
            address,
            stop,
            task,
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        patiently(self.task).await.unwrap();
    }
}

fn acd() -> AcdHandle {
    let agent = |id: &str, icm_agent_id| AgentConfig {
        id: id.into(),
        login_name: format!("name{id}"),
        first_name: "Mickey".into(),
        last_name: "Mouse".into(),
        icm_agent_id,
        team_id: Some(5000),
        ..AgentConfig::default()
    };
    let config = tact_acd::Config {
        agents: vec![agent("2001", 5001), agent("2002", 5002)],
        teams: vec![TeamConfig {
            id: 5000,
            name: "Minnies_Team".into(),
            supervisors: vec!["2002".into()],
        }],
        extensions: ["2003", "3002"].map(String::from).into(),
        ..tact_acd::Config::new(5000)
    };
    AcdHandle::new(config, Logs::discard())
}

#[tokio::test]
async fn an_agent_signs_in_and_out_through_our_own_cti_server_in_every_version() {
    for protocol in Protocol::all() {
        let acd = acd();
        let centre = Centre::start("127.0.0.1:0", &acd).await;
        let config = tact_desk::Config {
            protocol,
            ..tact_desk::Config::default()
        };
        let mut desktop = Desktop::start(&[centre.address], config, &Logs::discard());
        desktop.expect("in service").await;
        desktop.desk.read(|desk| {
            let agent = desk.agent("2001").unwrap();
            assert_eq!(
                (agent.first_name.as_str(), agent.last_name.as_str()),
                ("Mickey", "Mouse"),
                "{protocol}"
            );
            assert_eq!(agent.state, AgentState::LOGOUT, "{protocol}");
            assert_eq!(
                agent.team.as_ref().map(|team| team.id),
                Some(5000),
                "{protocol}"
            );
            assert_eq!(
                desk.agent("2002").unwrap().supervised.len(),
                1,
                "{protocol}"
            );
            assert_eq!(
                desk.agent_by_login_name("NAME2001")
                    .map(|agent| agent.id.as_str()),
                Some("2001")
            );
        });
        desktop.request("2001", sign_in("2003"), "r1").unwrap();
        desktop.expect("2001 state 2 for r1").await;
        desktop.request("2002", sign_in("2003"), "r2").unwrap();
        desktop.expect("2002 failure 283 for r2").await;
        desktop.request("2002", sign_in("4711"), "r3").unwrap();
        desktop.expect("2002 failure 260 for r3").await;
        desktop.request("2001", sign_in("2003"), "r4").unwrap();
        desktop.expect("2001 state 2 for r4").await;
        desktop
            .request(
                "2001",
                Action::SetState {
                    state: AgentState::AVAILABLE,
                    reason: None,
                },
                "r5",
            )
            .unwrap();
        desktop.expect("2001 state 3 for r5").await;
        desktop
            .request("2001", Action::SignOut { reason: None }, "r6")
            .unwrap();
        let refused = desktop.next().await;
        assert!(
            refused.starts_with("2001 failure ") && refused.ends_with("for r6"),
            "{refused}"
        );
        desktop
            .request(
                "2001",
                Action::SetState {
                    state: AgentState::NOT_READY,
                    reason: Some(7),
                },
                "r7",
            )
            .unwrap();
        desktop.expect("2001 state 2 for r7").await;
        assert_eq!(
            desktop.desk.read(|desk| desk.agent("2001").unwrap().reason),
            Some(7)
        );
        desktop
            .request("2001", Action::SignOut { reason: None }, "r8")
            .unwrap();
        desktop.expect("2001 state 1 for r8").await;
        desktop.stop().await;
        centre.stop().await;
    }
}

#[tokio::test]
async fn lost_presence_signs_out_through_not_ready() {
    let acd = acd();
    let centre = Centre::start("127.0.0.1:0", &acd).await;
    let config = tact_desk::Config {
        presence_grace_ms: 1,
        ..tact_desk::Config::default()
    };
    let loss = tact_desk::Loss {
        channel: Some(tact_desk::Channel::Tcp),
        noticed: tact_desk::Noticed::Closed,
    };
    let mut desktop = Desktop::start(&[centre.address], config, &Logs::discard());
    desktop.expect("in service").await;
    desktop.desk.presence("2001", None);
    desktop.request("2001", sign_in("2003"), "r1").unwrap();
    desktop.expect("2001 state 2 for r1").await;
    desktop
        .request(
            "2001",
            Action::SetState {
                state: AgentState::AVAILABLE,
                reason: None,
            },
            "r2",
        )
        .unwrap();
    desktop.expect("2001 state 3 for r2").await;
    desktop.desk.presence("2001", Some(loss));
    desktop.expect("2001 state 2 for nobody").await;
    desktop.expect("2001 state 1 for nobody").await;
    desktop.desk.read(|desk| {
        let agent = desk.agent("2001").unwrap();
        assert_eq!(agent.reason, Some(255));
        assert!(matches!(
            agent.signed_out_because,
            Some(tact_desk::SignOutCause::PresenceLost(absence)) if absence.loss == loss
        ));
    });
    desktop.stop().await;
    centre.stop().await;
}

#[tokio::test]
async fn a_restarted_cti_server_is_found_again_and_states_are_told_anew() {
    let acd = acd();
    let centre = Centre::start("127.0.0.1:0", &acd).await;
    let address = centre.address;
    let mut desktop = Desktop::start(&[address], tact_desk::Config::default(), &Logs::discard());
    desktop.expect("in service").await;
    desktop.request("2001", sign_in("2003"), "r1").unwrap();
    desktop.expect("2001 state 2 for r1").await;
    centre.stop().await;
    desktop.expect("out of service").await;
    assert_eq!(
        desktop.request("2001", sign_in("2003"), "r2"),
        Err(Reject::OutOfService)
    );

    // The same centre, which kept its states: nothing to tell but the service.
    let centre = Centre::start(&address.to_string(), &acd).await;
    desktop.expect("in service").await;
    assert_eq!(
        desktop.desk.read(|desk| desk.agent("2001").unwrap().state),
        AgentState::NOT_READY
    );
    centre.stop().await;
    desktop.expect("out of service").await;

    // Another one, where nobody is signed in.
    let other = self::acd();
    let centre = Centre::start(&address.to_string(), &other).await;
    desktop.expect("in service").await;
    desktop.expect("2001 state 1 for nobody").await;
    desktop.stop().await;
    centre.stop().await;
}

/// A connection that the test answers itself.
struct Scripted {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Scripted {
    async fn accept(listener: &TcpListener) -> Scripted {
        let (stream, _) = patiently(listener.accept()).await.unwrap();
        Scripted {
            stream,
            buffer: Vec::new(),
        }
    }

    /// The next message of the link; `None` at the end.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(len) = frame_len(&self.buffer).unwrap()
                && self.buffer.len() >= len
            {
                let message = decode(&self.buffer[..len], Protocol::CURRENT).unwrap();
                self.buffer.drain(..len);
                return Some(message);
            }
            if patiently(self.stream.read_buf(&mut self.buffer))
                .await
                .unwrap_or(0)
                == 0
            {
                return None;
            }
        }
    }

    async fn send(&mut self, message: impl Into<Message>) {
        let mut bytes = Vec::new();
        encode(&message.into(), Protocol::CURRENT, &mut bytes).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
    }

    /// Messages of types that nobody knows, and one that only clients say.
    async fn say_unknown(&mut self) {
        for message_type in [0x9999, u32::MAX] {
            for length in [0, 4, 300] {
                let body = vec![7; length];
                self.send(Message::Unknown(Unknown { message_type, body }))
                    .await;
            }
        }
        self.send(tact_ged188::MakeCallReq::default()).await;
    }

    /// Answers everything up to the desk being in service, with agent 2001 signed out.
    async fn serve_start(&mut self) {
        loop {
            match self.next().await.expect("the link stays") {
                Message::OpenReq(request) => {
                    assert_eq!(request.version_number, 24);
                    assert_eq!(
                        request.floats.text(Tag::CLIENT_ID).as_deref(),
                        Some("Finesse")
                    );
                    self.send(OpenConf {
                        invoke_id: request.invoke_id,
                        services_granted: request.services_requested,
                        ..OpenConf::default()
                    })
                    .await;
                }
                Message::ConfigRequestKeyEvent(_) => {
                    self.send(tact_ged188::ConfigKeyEvent::default()).await
                }
                Message::ConfigRequestEvent(_) => {
                    let mut records = tact_ged188::ConfigAgentEvent {
                        num_records: 1,
                        ..Default::default()
                    };
                    records.floats.push_u16(Tag::RECORD_TYPE, 0);
                    records.floats.push_text(Tag::LOGIN_ID, "2001");
                    self.send(records).await;
                    self.send(tact_ged188::ConfigEndEvent::default()).await;
                }
                Message::AgentDeskSettingsReq(request) => {
                    let invoke_id = request.invoke_id;
                    self.send(tact_ged188::AgentDeskSettingsConf {
                        invoke_id,
                        ..Default::default()
                    })
                    .await;
                }
                Message::QueryAgentStateReq(request) => {
                    let invoke_id = request.invoke_id;
                    self.send(tact_ged188::QueryAgentStateConf {
                        invoke_id,
                        agent_state: AgentState::LOGOUT,
                        ..Default::default()
                    })
                    .await;
                    return;
                }
                Message::HeartbeatReq(request) => {
                    self.send(HeartbeatConf {
                        invoke_id: request.invoke_id,
                        ..HeartbeatConf::default()
                    })
                    .await;
                }
                other => panic!("unexpected {}", other.name()),
            }
        }
    }

    /// The next SET_AGENT_STATE_REQ, passing over the question for desk settings.
    async fn state_request(&mut self) -> tact_ged188::SetAgentStateReq {
        loop {
            match self.next().await.expect("the link stays") {
                Message::SetAgentStateReq(request) => return request,
                Message::AgentDeskSettingsReq(_) => {}
                other => panic!("unexpected {}", other.name()),
            }
        }
    }
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[tokio::test]
async fn a_connection_lost_in_mid_request_fails_it_once_and_side_b_takes_over() {
    let (a, address_a) = listener().await;
    let (b, address_b) = listener().await;
    let mut desktop = Desktop::start(
        &[address_a, address_b],
        tact_desk::Config::default(),
        &Logs::discard(),
    );
    let mut side_a = Scripted::accept(&a).await;
    side_a.serve_start().await;
    desktop.expect("in service").await;
    assert_eq!(desktop.desk.read(|desk| desk.service().side), Some(Side::A));

    desktop.request("2001", sign_in("2003"), "r1").unwrap();
    let request = side_a.state_request().await;
    assert_eq!(request.event_reason_code, 50_004);
    drop(a);
    drop(side_a);
    desktop.expect("out of service").await;
    desktop.expect("2001 failure 0 for r1").await;

    let mut side_b = Scripted::accept(&b).await;
    side_b.serve_start().await;
    desktop.expect("in service").await;
    assert_eq!(desktop.desk.read(|desk| desk.service().side), Some(Side::B));
    desktop.request("2001", sign_in("2003"), "r2").unwrap();
    let request = side_b.state_request().await;
    side_b
        .send(SetAgentStateConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        })
        .await;
    let mut event = tact_ged188::AgentStateEvent {
        peripheral_id: 5000,
        agent_state: AgentState::NOT_READY,
        mrd_id: 1,
        ..Default::default()
    };
    event.floats.push_text(Tag::AGENT_ID, "2001");
    side_b.send(event).await;
    desktop.expect("2001 state 2 for r2").await;
    desktop.stop().await;
}

#[tokio::test]
async fn garbage_and_half_messages_end_the_connection_and_the_next_one_works() {
    let (listener, address) = listener().await;
    let mut desktop = Desktop::start(&[address], tact_desk::Config::default(), &Logs::discard());
    let mut garbage = Scripted::accept(&listener).await;
    garbage
        .stream
        .write_all(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
        .await
        .unwrap();
    while garbage.next().await.is_some() {}
    let mut half = Scripted::accept(&listener).await;
    half.stream
        .write_all(&[0, 0, 0, 32, 0, 0, 0, 4, 0, 0])
        .await
        .unwrap();
    drop(half);
    let mut good = Scripted::accept(&listener).await;
    good.serve_start().await;
    desktop.expect("in service").await;
    // Garbage in the middle of a session ends that one too.
    good.stream.write_all(&[0xff; 64]).await.unwrap();
    desktop.expect("out of service").await;
    let mut again = Scripted::accept(&listener).await;
    again.serve_start().await;
    desktop.expect("in service").await;
    desktop.stop().await;
}

#[tokio::test]
async fn one_unreadable_message_is_passed_over() {
    let (listener, address) = listener().await;
    let mut desktop = Desktop::start(&[address], tact_desk::Config::default(), &Logs::discard());
    let mut server = Scripted::accept(&listener).await;
    // A SET_AGENT_STATE_CONF without its InvokeID.
    server
        .stream
        .write_all(&[0, 0, 0, 0, 0, 0, 0, 39])
        .await
        .unwrap();
    server.serve_start().await;
    desktop.expect("in service").await;
    desktop.stop().await;
}

#[tokio::test]
async fn unknown_messages_and_tags_disturb_nothing() {
    let (listener, address) = listener().await;
    let mut desktop = Desktop::start(&[address], tact_desk::Config::default(), &Logs::discard());
    let mut server = Scripted::accept(&listener).await;
    server.say_unknown().await;
    server.serve_start().await;
    desktop.expect("in service").await;
    for (id, state) in [("r1", AgentState::NOT_READY), ("r2", AgentState::AVAILABLE)] {
        let action = match id {
            "r1" => sign_in("2003"),
            _ => Action::SetState {
                state,
                reason: None,
            },
        };
        desktop.request("2001", action, id).unwrap();
        let request = server.state_request().await;
        // While the link waits for an answer, and behind it.
        server.say_unknown().await;
        let mut floats = Floats::new();
        floats.push_bytes(Tag(0x7fff), &[0xa5; 255]);
        floats.push_bytes(Tag(0), &[]);
        server
            .send(SetAgentStateConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            })
            .await;
        server.say_unknown().await;
        floats.push_text(Tag::AGENT_ID, "2001");
        floats.push_bytes(Tag(u16::MAX), b"last");
        server
            .send(tact_ged188::AgentStateEvent {
                peripheral_id: 5000,
                agent_state: state,
                mrd_id: 1,
                floats,
                ..Default::default()
            })
            .await;
        // Nothing else is published: the session was not begun anew.
        desktop
            .expect(&format!("2001 state {} for {id}", state.0))
            .await;
    }
    desktop.stop().await;
}

#[tokio::test]
async fn refused_services_are_asked_for_again_in_part() {
    let (listener, address) = listener().await;
    let mut desktop = Desktop::start(&[address], tact_desk::Config::default(), &Logs::discard());
    let mut strict = Scripted::accept(&listener).await;
    let Some(Message::OpenReq(request)) = strict.next().await else {
        panic!("no OPEN_REQ")
    };
    assert_eq!(request.services_requested, Services(0x021c_0096));
    strict
        .send(tact_ged188::FailureConf {
            invoke_id: request.invoke_id,
            status: tact_ged188::StatusCode::INVALID_SERVICE_MASK,
            ..Default::default()
        })
        .await;
    assert!(
        strict.next().await.is_none(),
        "a refused connection is closed"
    );
    let mut server = Scripted::accept(&listener).await;
    server.serve_start().await;
    desktop.expect("in service").await;
    desktop.stop().await;
}

#[tokio::test]
async fn a_dead_server_is_noticed_by_its_heartbeats() {
    let (listener, address) = listener().await;
    let config = tact_desk::Config {
        heartbeat_ms: 20,
        ..tact_desk::Config::default()
    };
    let mut desktop = Desktop::start(&[address], config, &Logs::discard());
    let mut server = Scripted::accept(&listener).await;
    server.serve_start().await;
    desktop.expect("in service").await;
    // Reads everything and never answers again.
    while server.next().await.is_some() {}
    desktop.expect("out of service").await;
    desktop.stop().await;
}

#[tokio::test]
async fn stopping_closes_the_session_in_order() {
    let (listener, address) = listener().await;
    let mut desktop = Desktop::start(&[address], tact_desk::Config::default(), &Logs::discard());
    let mut server = Scripted::accept(&listener).await;
    server.serve_start().await;
    desktop.expect("in service").await;
    desktop.stop.cancel();
    let Some(Message::CloseReq(request)) = server.next().await else {
        panic!("no CLOSE_REQ")
    };
    server
        .send(tact_ged188::CloseConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        })
        .await;
    assert!(server.next().await.is_none());
    desktop.stop().await;
}

#[tokio::test]
async fn the_log_tells_the_login_in_the_order_of_its_causes() {
    let folder = tempfile::tempdir().unwrap();
    let logs = Logs::open(LogSettings {
        directory: folder.path().to_owned(),
        host: "127.0.0.1".to_owned(),
        notification_wire: false,
        max_file_bytes: 1 << 20,
        max_files: 2,
    })
    .unwrap();
    let acd = acd();
    let centre = Centre::start("127.0.0.1:0", &acd).await;
    let mut desktop = Desktop::start(&[centre.address], tact_desk::Config::default(), &logs);
    desktop.expect("in service").await;
    desktop.request("2001", sign_in("2003"), "r1").unwrap();
    desktop.expect("2001 state 2 for r1").await;
    desktop.stop().await;
    centre.stop().await;
    logs.flush();
    let file = std::fs::read_dir(folder.path().join("webservices"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    let at = |needle: &str| {
        text.find(needle)
            .unwrap_or_else(|| panic!("{needle} is not in:\n{text}"))
    };
    let steps = [
        at("CTI_CONNECTION_ESTABLISHED"),
        at("agentstate : 0, workmode : 0, reason code: -15532, forceflag :1"),
        at("agentState=0 (LOGIN)"),
        at("agentState=2 (NOT_READY)"),
    ];
    assert!(steps.is_sorted(), "{steps:?} in:\n{text}");
    assert!(
        text.contains("agentid: 2001][cti_message_name=SetAgentStateReq]"),
        "{text}"
    );
    assert!(!text.contains("Heartbeat"), "{text}");
}
