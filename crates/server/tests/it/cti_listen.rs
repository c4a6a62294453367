//! Our CTI server over real sockets: a sign-in, several clients, bad bytes, and a real client's session.

use std::net::SocketAddr;
use std::time::Duration;

use tact_acd::Config;
use tact_acd::config::{AgentConfig, RouteConfig, SkillGroupConfig, TeamConfig};
use tact_acd::phones::{Call, Hand, Span};
use tact_ged188::{
    AgentState, AgentStateEvent, AnswerCallReq, Bool, CloseReq, ConfigMask, ConfigRequestEvent,
    ConfigRequestKeyEvent, ControlFailure, Floats, HeartbeatReq, Message, OpenReq, PgStatus,
    Protocol, Services, SetAgentStateReq, Tag, Unknown, decode, encode, frame_len,
};
use tact_server::acd::{AcdHandle, Limits};
use tact_server::cti::listen;
use tact_server::telemetry::Logs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);
const PERIPHERAL: u32 = 5000;

/// A CTI server on a free port.
struct Server {
    address: SocketAddr,
    acd: AcdHandle,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(config: Config) -> Server {
        Server::start_with(config, Limits::default()).await
    }

    async fn start_with(config: Config, limits: Limits) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let acd = AcdHandle::with_limits(config, Logs::discard(), limits);
        let stop = CancellationToken::new();
        let serving = listen::serve(listener, acd.clone(), Logs::discard(), stop.clone());
        Server {
            address,
            acd,
            stop,
            task: tokio::spawn(serving),
        }
    }

    async fn connect(&self, protocol: u32) -> Client {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let protocol = Protocol::new(protocol).unwrap();
        Client {
            stream,
            protocol,
            received: Vec::new(),
            invoke_id: 0,
        }
    }

    /// A client that hears of every agent.
    async fn open(&self, protocol: u32) -> Client {
        let mut client = self.connect(protocol).await;
        client.send(open_req(protocol)).await;
        assert_eq!(client.next().await.name(), "OPEN_CONF");
        assert_eq!(client.next().await.name(), "SYSTEM_EVENT");
        client
    }

    async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .unwrap()
            .unwrap();
    }
}

/// A CTI client that reads one message at a time.
struct Client {
    stream: TcpStream,
    protocol: Protocol,
    received: Vec<u8>,
    invoke_id: u32,
}

impl Client {
    async fn send(&mut self, message: impl Into<Message>) {
        let mut bytes = Vec::new();
        encode(&message.into(), self.protocol, &mut bytes).unwrap();
        self.write(&bytes).await;
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next message; panics at the end of the connection.
    async fn next(&mut self) -> Message {
        self.next_or_end().await.expect("the server closed")
    }

    /// The next message, or none when the server closed the connection.
    async fn next_or_end(&mut self) -> Option<Message> {
        loop {
            if let Some(len) = frame_len(&self.received).unwrap()
                && self.received.len() >= len
            {
                let frame: Vec<u8> = self.received.drain(..len).collect();
                return Some(decode(&frame, self.protocol).unwrap());
            }
            let reading = self.stream.read_buf(&mut self.received);
            let read = tokio::time::timeout(PATIENCE, reading)
                .await
                .expect("no answer");
            if read.unwrap() == 0 {
                assert!(
                    self.received.is_empty(),
                    "the connection ended inside a message"
                );
                return None;
            }
        }
    }

    /// The next message of that name; others are passed over.
    async fn until(&mut self, name: &str) -> Message {
        loop {
            let message = self.next().await;
            if message.name() == name {
                return message;
            }
        }
    }

    async fn next_event(&mut self) -> AgentStateEvent {
        match self.next().await {
            Message::AgentStateEvent(event) => event,
            other => panic!("expected an AGENT_STATE_EVENT, got {other:?}"),
        }
    }

    /// Asks for a state and gives back the confirmation or the refusal.
    async fn set_state(
        &mut self,
        agent: &str,
        state: AgentState,
        instrument: Option<&str>,
    ) -> Message {
        self.invoke_id += 1;
        let mut request = SetAgentStateReq {
            invoke_id: self.invoke_id,
            peripheral_id: PERIPHERAL,
            agent_state: state,
            ..Default::default()
        };
        request.floats.push_text(Tag::AGENT_ID, agent);
        if let Some(instrument) = instrument {
            request.floats.push_text(Tag::AGENT_INSTRUMENT, instrument);
            request.floats.push_text(Tag::AGENT_PASSWORD, "secret");
        }
        self.send(request).await;
        let answer = self.next().await;
        assert_eq!(answer.invoke_id(), Some(self.invoke_id));
        answer
    }
}

fn open_req(version: u32) -> OpenReq {
    let mut request = OpenReq {
        invoke_id: 1,
        version_number: version,
        idle_timeout: 0xffff_ffff,
        peripheral_id: PERIPHERAL,
        services_requested: Services::ALL_EVENTS | Services::CLIENT_CONTROL,
        ..Default::default()
    };
    request.agent_state_mask.0 = 0x3ff;
    request.floats.push_text(Tag::CLIENT_ID, "test");
    request.floats.push_text(Tag::CLIENT_SIGNATURE, "Finesse");
    request
}

fn centre() -> Config {
    let agent = |id: &str, icm_agent_id| AgentConfig {
        id: id.into(),
        icm_agent_id,
        team_id: Some(5000),
        skill_groups: vec![85881],
        ..Default::default()
    };
    Config {
        agents: vec![
            agent("2001", 5001),
            agent("2002", 5002),
            agent("1", 11),
            agent("2", 12),
        ],
        teams: vec![TeamConfig {
            id: 5000,
            name: "Sales".into(),
            supervisors: vec!["2002".into()],
        }],
        skill_groups: vec![SkillGroupConfig {
            number: 85881,
            id: 5006,
            name: "Sales".into(),
        }],
        extensions: ["2003", "3002", "1011"].map(String::from).into(),
        ..Config::new(PERIPHERAL)
    }
}

#[tokio::test]
async fn an_agent_signs_in_gets_ready_and_signs_out_in_every_version() {
    for protocol in Protocol::all() {
        let server = Server::start(centre()).await;
        let mut client = server.open(protocol.number()).await;
        let confirmed = client
            .set_state("2001", AgentState::LOGIN, Some("2003"))
            .await;
        assert_eq!(confirmed.name(), "SET_AGENT_STATE_CONF");
        for state in [AgentState::LOGIN, AgentState::NOT_READY] {
            let event = client.next_event().await;
            assert_eq!(event.agent_state, state);
            assert_eq!(event.skill_group_state, AgentState::LOGIN);
            assert_eq!(event.icm_agent_id, 5001);
            assert_eq!(
                (event.mrd_id, event.agent_mode, event.max_task_limit),
                (1, 1, 1)
            );
            assert_eq!(
                (event.skill_group_number, event.skill_group_id),
                (85881, 5006)
            );
            assert_eq!(event.floats.text(Tag::AGENT_ID).as_deref(), Some("2001"));
            assert_eq!(
                event.floats.text(Tag::AGENT_EXTENSION).as_deref(),
                Some("2003")
            );
            assert_eq!(
                event.floats.text(Tag::AGENT_INSTRUMENT).as_deref(),
                Some("2003")
            );
            assert_eq!(
                event.floats.text(Tag::CLIENT_SIGNATURE).as_deref(),
                Some("Finesse")
            );
        }
        for state in [
            AgentState::AVAILABLE,
            AgentState::NOT_READY,
            AgentState::LOGOUT,
        ] {
            let confirmed = client.set_state("2001", state, None).await;
            assert_eq!(confirmed.name(), "SET_AGENT_STATE_CONF");
            let event = client.next_event().await;
            assert_eq!((event.agent_state, event.skill_group_state), (state, state));
        }
        drop(client);
        server.stop().await;
    }
}

#[tokio::test]
async fn every_client_hears_what_one_of_them_does() {
    let server = Server::start(centre()).await;
    let mut first = server.open(24).await;
    let mut second = server.open(15).await;
    let refused = second
        .set_state("2001", AgentState::LOGIN, Some("9999"))
        .await;
    match refused {
        Message::ControlFailureConf(refused) => {
            assert_eq!(
                refused.failure_code,
                ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED
            );
        }
        other => panic!("{other:?}"),
    }
    second
        .set_state("2001", AgentState::LOGIN, Some("2003"))
        .await;
    for client in [&mut first, &mut second] {
        assert_eq!(client.next_event().await.agent_state, AgentState::LOGIN);
        assert_eq!(client.next_event().await.agent_state, AgentState::NOT_READY);
    }
    drop((first, second));
    server.stop().await;
}

/// What a real CTI OS server sent to a real CTI server, protocol 15 (reference ged188, section 6).
const CAPTURED: [&str; 5] = [
    "0000005600000003000001010000000f7fffffff00001388001c02960fffffff000003ff00000003000000000000000000000000010c4354494f5353657276657200020c4354494f5353657276657200030c4354494f5353657276657200",
    "0000000e000000e80000000600001388830400000000",
    "0000001e000000200000010100000702300042124354494f535f4e554d5f434c49454e545300",
    "000000220000002400000101000013880000000000000000050231000605313031310004053130303000",
    "0000000c00000083000001010000138805023200",
];
/// What the real CTI server answered to the first of them.
const CAPTURED_OPEN_CONF: &str = "000000280000000400000101001c029600000000000000045746cc1e000000110009e4020001d00400001388e0020000";
/// And to the third.
const CAPTURED_REPORT_CONF: &str = "000000040000002100000101";

fn bytes_of(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn status(message: &Message) -> u32 {
    match message {
        Message::FailureConf(failure) => failure.status.0,
        Message::FailureEvent(failure) => failure.status.0,
        other => panic!("no failure: {other:?}"),
    }
}

/// Lets everything else run until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    waited.unwrap_or_else(|_| panic!("never happened: {what}"));
}

#[tokio::test]
async fn a_real_clients_session_is_answered_as_by_a_real_server() {
    let server = Server::start(centre()).await;
    let mut client = server.connect(15).await;
    let [open, configuration, report, query, settings] = CAPTURED.map(bytes_of);

    client.write(&open).await;
    let Message::OpenConf(mut conf) = client.next().await else {
        panic!("no OPEN_CONF");
    };
    // There one of several peripherals was offline; here there is one and it is not.
    assert!(conf.icm_central_controller_time > 1_464_257_566);
    conf.icm_central_controller_time = 1_464_257_566;
    conf.pg_status = PgStatus::PERIPHERAL_OFFLINE;
    conf.peripheral_online = Bool::FALSE;
    let mut bytes = Vec::new();
    encode(&conf.into(), client.protocol, &mut bytes).unwrap();
    assert_eq!(bytes, bytes_of(CAPTURED_OPEN_CONF));
    assert_eq!(client.next().await.name(), "SYSTEM_EVENT");
    assert_eq!(client.next().await.name(), "AGENT_TEAM_CONFIG_EVENT");

    let mut keys = ConfigRequestKeyEvent {
        peripheral_id: PERIPHERAL,
        ..Default::default()
    };
    keys.floats.push_u32(Tag::CUSTOMER_ID, 0);
    client.send(keys).await;
    assert_eq!(client.next().await.name(), "CONFIG_KEY_EVENT");

    client.write(&configuration).await;
    for name in [
        "CONFIG_BEGIN_EVENT",
        "CONFIG_SKILL_GROUP_EVENT",
        "CONFIG_AGENT_EVENT",
        "CONFIG_END_EVENT",
    ] {
        assert_eq!(client.next().await.name(), name);
    }

    client.write(&report).await;
    let mut bytes = Vec::new();
    encode(&client.next().await, client.protocol, &mut bytes).unwrap();
    assert_eq!(bytes, bytes_of(CAPTURED_REPORT_CONF));

    client.write(&query).await;
    let Message::QueryAgentStateConf(conf) = client.next().await else {
        panic!("no QUERY_AGENT_STATE_CONF");
    };
    assert_eq!((conf.agent_state, conf.mrd_id), (AgentState::LOGOUT, 1));
    assert_eq!((conf.agent_mode, conf.max_task_limit), (0, 0));

    client.write(&settings).await;
    assert_eq!(client.next().await.name(), "AGENT_DESK_SETTINGS_CONF");
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_stops_reading_is_dropped_and_disturbs_nobody() {
    let long = "x".repeat(250);
    let crowd = (0..10_000).map(|n| AgentConfig {
        id: format!("{}", 100_000 + n),
        login_name: long.clone(),
        icm_agent_id: 100_000 + n,
        ..Default::default()
    });
    let mut config = centre();
    config.agents.extend(crowd);
    let server = Server::start(config).await;
    let mut stalled = server.open(24).await;
    let mut healthy = server.open(24).await;
    // Each answer is over 3 MB; the queue takes 32 MiB and the system a little.
    for _ in 0..20 {
        let config_information = ConfigMask::AGENT;
        let peripheral_id = PERIPHERAL;
        stalled
            .send(ConfigRequestEvent {
                config_information,
                peripheral_id,
                ..Default::default()
            })
            .await;
    }
    healthy
        .set_state("2001", AgentState::LOGIN, Some("2003"))
        .await;
    assert_eq!(healthy.next_event().await.agent_state, AgentState::LOGIN);
    assert_eq!(
        healthy.next_event().await.agent_state,
        AgentState::NOT_READY
    );
    until("the client is dropped", || {
        server.acd.counters().dropped_slow == 1
    })
    .await;
    until("it is forgotten", || {
        server.acd.read(|acd| acd.clients()) == 1
    })
    .await;
    healthy.set_state("2001", AgentState::AVAILABLE, None).await;
    assert_eq!(
        healthy.next_event().await.agent_state,
        AgentState::AVAILABLE
    );
    assert_eq!(server.acd.counters().accepted, 2);
    drop((healthy, stalled));
    server.stop().await;
}

#[tokio::test]
async fn garbage_is_answered_and_closed_and_others_go_on() {
    let server = Server::start(centre()).await;
    let mut healthy = server.open(24).await;
    for garbage in [
        &b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"[..],
        &[0xff; 4096],
    ] {
        let mut client = server.connect(24).await;
        client.write(garbage).await;
        assert_eq!(status(&client.next().await), 2);
        assert!(client.next_or_end().await.is_none());
    }
    // The same in an open session.
    let mut client = server.open(24).await;
    client.write(&[0xff; 64]).await;
    assert_eq!(status(&client.next().await), 2);
    assert!(client.next_or_end().await.is_none());
    healthy
        .send(HeartbeatReq {
            invoke_id: 4,
            ..Default::default()
        })
        .await;
    assert_eq!(healthy.next().await.invoke_id(), Some(4));
    drop((healthy, client));
    server.stop().await;
}

#[tokio::test]
async fn a_message_in_pieces_is_answered_once_it_is_whole() {
    let server = Server::start(centre()).await;
    let mut client = server.connect(24).await;
    let mut bytes = Vec::new();
    encode(&open_req(24).into(), client.protocol, &mut bytes).unwrap();
    for byte in bytes {
        client.write(&[byte]).await;
        client.stream.flush().await.unwrap();
    }
    assert_eq!(client.next().await.name(), "OPEN_CONF");
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn several_messages_in_one_piece_are_answered_in_order() {
    let server = Server::start(centre()).await;
    let mut client = server.open(24).await;
    let mut bytes = Vec::new();
    for invoke_id in 1..=100 {
        let request = HeartbeatReq {
            invoke_id,
            ..Default::default()
        };
        encode(&request.into(), client.protocol, &mut bytes).unwrap();
    }
    client.write(&bytes).await;
    for invoke_id in 1..=100 {
        assert_eq!(client.next().await.invoke_id(), Some(invoke_id));
    }
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn a_connection_that_ends_inside_a_message_is_forgotten() {
    let server = Server::start(centre()).await;
    let mut healthy = server.open(24).await;
    let mut client = server.open(24).await;
    client.write(&[0, 0, 0, 4, 0, 0, 0, 5, 0]).await;
    drop(client);
    until("the client is forgotten", || {
        server.acd.read(|acd| acd.clients()) == 1
    })
    .await;
    healthy
        .send(HeartbeatReq {
            invoke_id: 4,
            ..Default::default()
        })
        .await;
    assert_eq!(healthy.next().await.invoke_id(), Some(4));
    drop(healthy);
    server.stop().await;
}

#[tokio::test]
async fn a_malformed_message_is_refused_and_the_session_goes_on() {
    let server = Server::start(centre()).await;
    let mut client = server.open(24).await;
    // SET_AGENT_STATE_REQ that ends after its InvokeID.
    client.write(&[0, 0, 0, 4, 0, 0, 0, 38, 0, 0, 0, 9]).await;
    let refused = client.next().await;
    assert_eq!((refused.invoke_id(), status(&refused)), (Some(9), 25));
    // A type that nobody knows.
    client
        .write(&[0, 0, 0, 4, 0, 0, 0x99, 0x99, 0, 0, 0, 9])
        .await;
    assert_eq!(status(&client.next().await), 48);
    client
        .send(HeartbeatReq {
            invoke_id: 10,
            ..Default::default()
        })
        .await;
    assert_eq!(client.next().await.invoke_id(), Some(10));
    drop(client);
    server.stop().await;
}

/// Floats with tags that nobody knows, short, long and twice, around known ones.
fn with_unknown_tags(known: Floats) -> Floats {
    let mut floats = Floats::new();
    floats.push_bytes(Tag(0), &[]);
    floats.push_bytes(Tag(0x7fff), &[0xa5; 255]);
    for (tag, value) in known.iter() {
        floats.push_bytes(tag, value);
    }
    floats.push_bytes(Tag(0x7fff), b"again");
    floats.push_bytes(Tag(u16::MAX), &[0]);
    floats
}

#[tokio::test]
async fn a_session_goes_on_whatever_unknown_it_is_sent() {
    let server = Server::start(centre()).await;
    let mut listener = server.open(24).await;
    let mut client = server.connect(24).await;
    let mut open = open_req(24);
    open.floats = with_unknown_tags(open.floats);
    client.send(open).await;
    assert_eq!(client.next().await.name(), "OPEN_CONF");
    assert_eq!(client.next().await.name(), "SYSTEM_EVENT");

    let floats = Floats::new()
        .with_text(Tag::AGENT_ID, "2001")
        .with_text(Tag::AGENT_INSTRUMENT, "2003")
        .with_text(Tag::AGENT_PASSWORD, "secret");
    let requests = [
        (
            AgentState::LOGIN,
            &[AgentState::LOGIN, AgentState::NOT_READY][..],
        ),
        (AgentState::AVAILABLE, &[AgentState::AVAILABLE]),
        (AgentState::NOT_READY, &[AgentState::NOT_READY]),
        (AgentState::LOGOUT, &[AgentState::LOGOUT]),
    ];
    for (invoke_id, (state, told)) in (100..).zip(requests) {
        for message_type in [0x9999, 0x7fff_ffff, u32::MAX] {
            for length in [0, 1, 4, 300] {
                let body = vec![7; length];
                client
                    .send(Message::Unknown(Unknown { message_type, body }))
                    .await;
                assert_eq!(status(&client.next().await), 48, "{message_type} {length}");
            }
        }
        client
            .send(SetAgentStateReq {
                invoke_id,
                peripheral_id: PERIPHERAL,
                agent_state: state,
                floats: with_unknown_tags(floats.clone()),
                ..Default::default()
            })
            .await;
        let answer = client.next().await;
        assert_eq!(answer.name(), "SET_AGENT_STATE_CONF");
        assert_eq!(answer.invoke_id(), Some(invoke_id));
        // Others hear what was done, and nothing of the rest.
        for state in told {
            assert_eq!(client.next_event().await.agent_state, *state);
            let event = listener.next_event().await;
            assert_eq!(event.agent_state, *state);
            assert!(event.floats.iter().all(|(tag, _)| tag.0 != 0x7fff));
        }
    }
    drop((client, listener));
    server.stop().await;
}

#[tokio::test]
async fn a_version_without_layouts_is_refused() {
    let server = Server::start(centre()).await;
    let mut client = server.connect(24).await;
    for version in [0, 8, 26, u32::MAX] {
        client
            .send(OpenReq {
                version_number: version,
                ..open_req(24)
            })
            .await;
        assert_eq!(status(&client.next().await), 1);
    }
    client.send(open_req(24)).await;
    assert_eq!(client.next().await.name(), "OPEN_CONF");
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn a_closed_session_is_confirmed_and_its_connection_ends() {
    let server = Server::start(centre()).await;
    let mut client = server.open(24).await;
    client
        .send(CloseReq {
            invoke_id: 6,
            ..Default::default()
        })
        .await;
    let conf = client.next().await;
    assert_eq!((conf.name(), conf.invoke_id()), ("CLOSE_CONF", Some(6)));
    assert!(client.next_or_end().await.is_none());
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_stops_tells_its_clients() {
    let server = Server::start(centre()).await;
    let mut client = server.open(24).await;
    server.stop.cancel();
    assert_eq!(status(&client.next().await), 15);
    assert!(client.next_or_end().await.is_none());
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn more_clients_than_there_may_be_are_closed_at_once() {
    let limits = Limits {
        clients: 1,
        ..Limits::default()
    };
    let server = Server::start_with(centre(), limits).await;
    let mut first = server.open(24).await;
    let mut second = server.connect(24).await;
    assert!(second.next_or_end().await.is_none());
    first
        .send(HeartbeatReq {
            invoke_id: 7,
            ..Default::default()
        })
        .await;
    assert_eq!(first.next().await.name(), "HEARTBEAT_CONF");
    server.stop().await;
}

#[tokio::test]
async fn a_call_from_outside_rings_at_a_ready_agent_who_answers_it() {
    let mut config = centre();
    config.routes.push(RouteConfig {
        dialed: "8000".into(),
        queues: vec![85881],
        ..Default::default()
    });
    let server = Server::start(config).await;
    let mut request = open_req(24);
    request.call_msg_mask.0 = 0x0fff_ffff;
    let mut client = server.connect(24).await;
    client.send(request).await;
    client.until("SYSTEM_EVENT").await;
    client
        .set_state("2001", AgentState::LOGIN, Some("2003"))
        .await;
    client.until("AGENT_STATE_EVENT").await;
    client.until("AGENT_STATE_EVENT").await;
    client.set_state("2001", AgentState::AVAILABLE, None).await;
    let call = Call {
        from: "5550131".into(),
        dialed: "8000".into(),
        variables: vec![("callVariable1".into(), "Ada".into())],
        talk: Some(Span::Fixed(0)),
        ..Call::default()
    };
    server
        .acd
        .telephony(|now, phones| phones.schedule(now, Hand::Call(call)))
        .unwrap();
    let Message::CallDeliveredEvent(rings) = client.until("CALL_DELIVERED_EVENT").await else {
        panic!("no CALL_DELIVERED_EVENT");
    };
    let text = |tag| rings.floats.text(tag).unwrap_or_default().into_owned();
    assert_eq!(text(Tag::ALERTING_DEVID), "2003");
    assert_eq!(
        (text(Tag::ANI), text(Tag::CALL_VAR_1)),
        ("5550131".into(), "Ada".into())
    );
    let mut answer = AnswerCallReq {
        invoke_id: 99,
        peripheral_id: PERIPHERAL,
        connection_call_id: rings.connection_call_id,
        ..Default::default()
    };
    answer.floats.push_text(Tag::CONNECTION_DEVID, "2003");
    answer.floats.push_text(Tag::AGENT_INSTRUMENT, "2003");
    client.send(answer).await;
    for name in [
        "ANSWER_CALL_CONF",
        "CALL_ESTABLISHED_EVENT",
        "CALL_CLEARED_EVENT",
        "END_CALL_EVENT",
    ] {
        client.until(name).await;
    }
    server.stop().await;
}
