//! Our CTI server over real sockets: a sign-in, several clients, bad bytes, and a real client's session.

use std::net::SocketAddr;
use std::time::Duration;

use tact_acd::Config;
use tact_acd::config::{AgentConfig, SkillGroupConfig, TeamConfig};
use tact_ged188::{
    AgentState, AgentStateEvent, ConfigMask, ConfigRequestEvent, ControlFailure, HeartbeatReq,
    Message, OpenReq, Protocol, Services, SetAgentStateReq, StatusCode, Tag, decode, encode,
    frame_len,
};
use tact_server::acd::AcdHandle;
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
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let acd = AcdHandle::new(config, Logs::discard());
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
