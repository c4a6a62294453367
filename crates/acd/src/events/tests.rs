//! Masks, MonitorIDs and who hears what, for every event there is.

use std::net::{Ipv4Addr, SocketAddr};

use proptest::prelude::*;
use tact_ged188::*;

use super::*;
use crate::audience::Wish;
use crate::config::{AgentConfig, Config, TeamConfig};
use crate::io::Input;

const CALL: u32 = 16_777_217;
const PHONES: [DeviceIndex; 2] = [DeviceIndex(0), DeviceIndex(1)];

fn centre() -> Acd {
    let agent = |id: &str, icm_agent_id| AgentConfig {
        id: id.into(),
        icm_agent_id,
        team_id: Some(5),
        ..Default::default()
    };
    let config = Config {
        agents: vec![agent("2001", 1), agent("2002", 2)],
        teams: vec![TeamConfig {
            id: 5,
            ..Default::default()
        }],
        extensions: vec!["3001".into(), "3002".into()],
        ..Config::new(5000)
    };
    Acd::new(config, 0)
}

/// Opens a session; of all, of an agent, of a phone.
fn open(
    acd: &mut Acd,
    client: u32,
    services: Services,
    mask: CallMask,
    of: &[(Tag, &str)],
) -> ClientId {
    let client = ClientId(client);
    let mut request = OpenReq {
        version_number: 24,
        idle_timeout: u32::MAX,
        peripheral_id: 5000,
        services_requested: services,
        call_msg_mask: mask,
        ..Default::default()
    };
    request.agent_state_mask.0 = 0x3fff;
    request
        .floats
        .push_text(Tag::CLIENT_ID, &format!("{client:?}"));
    for (tag, value) in of {
        request.floats.push_text(*tag, value);
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let mut out = Vec::new();
    acd.handle(0, Input::Connected { client, address }, &mut out);
    let message = request.into();
    acd.handle(0, Input::Message { client, message }, &mut out);
    assert!(acd.session(client).is_some(), "{out:?}");
    client
}

fn sign_in(acd: &mut Acd, client: ClientId, agent: &str, extension: &str) {
    let mut request = SetAgentStateReq {
        peripheral_id: 5000,
        agent_state: AgentState::LOGIN,
        ..Default::default()
    };
    request.floats.push_text(Tag::AGENT_ID, agent);
    request.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
    let message = request.into();
    acd.handle(0, Input::Message { client, message }, &mut Vec::new());
}

/// Whom a message went to and under which MonitorID.
fn heard(out: &[Output]) -> Vec<(u32, u64)> {
    let mut heard = Vec::new();
    for output in out {
        let Output::Send { to, message } = output else {
            continue;
        };
        let (_, monitor) = message
            .fields()
            .find(|(name, _)| *name == "MonitorID")
            .unwrap();
        heard.extend(
            to.iter()
                .map(|it| (it.0, u64::try_from(monitor.number).unwrap())),
        );
    }
    heard.sort_unstable();
    heard
}

/// Bit, name and hearers of one event.
type Told = (CallMask, &'static str, Vec<(u32, u64)>);

/// Tells one event of every type and says who heard it.
fn tell_each(acd: &Acd, hearers: Hearers<'_>) -> Vec<Told> {
    let mut all = Vec::new();
    macro_rules! tell {
        ($($mask:ident $event:ident { $($field:ident: $value:expr)? },)*) => {
            $(
                let mut out = Vec::new();
                let event = $event { $($field: $value,)? ..Default::default() };
                let name = Message::from(event.clone()).name();
                acd.tell_call(CallMask::$mask, hearers, event, &mut out);
                all.push((CallMask::$mask, name, heard(&out)));
            )*
        };
    }
    tell! {
        CALL_DELIVERED CallDeliveredEvent { connection_call_id: CALL },
        CALL_QUEUED CallQueuedEvent { connection_call_id: CALL },
        CALL_ESTABLISHED CallEstablishedEvent { connection_call_id: CALL },
        CALL_HELD CallHeldEvent { connection_call_id: CALL },
        CALL_RETRIEVED CallRetrievedEvent { connection_call_id: CALL },
        CALL_CLEARED CallClearedEvent { connection_call_id: CALL },
        CALL_CONNECTION_CLEARED CallConnectionClearedEvent { connection_call_id: CALL },
        CALL_ORIGINATED CallOriginatedEvent { connection_call_id: CALL },
        CALL_CONFERENCED CallConferencedEvent { primary_call_id: CALL },
        CALL_TRANSFERRED CallTransferredEvent { primary_call_id: CALL },
        CALL_DIVERTED CallDivertedEvent { connection_call_id: CALL },
        CALL_SERVICE_INITIATED CallServiceInitiatedEvent { connection_call_id: CALL },
        BEGIN_CALL BeginCallEvent { connection_call_id: CALL },
        END_CALL EndCallEvent { connection_call_id: CALL },
        CALL_DATA_UPDATE CallDataUpdateEvent { connection_call_id: CALL },
        CALL_FAILED CallFailedEvent { connection_call_id: CALL },
        CALL_REACHED_NETWORK CallReachedNetworkEvent { connection_call_id: CALL },
        CALL_DEQUEUED CallDequeuedEvent { connection_call_id: CALL },
        RTP_STARTED RtpStartedEvent { connection_call_id: CALL },
        RTP_STOPPED RtpStoppedEvent { connection_call_id: CALL },
        CALL_AGENT_GREETING CallAgentGreetingEvent { connection_call_id: CALL },
        AGENT_PRE_CALL AgentPreCallEvent {},
        AGENT_PRE_CALL_ABORT AgentPreCallAbortEvent {},
    }
    all
}

proptest! {
    /// Every kind of listener hears exactly what its mask has, once, under its own MonitorID.
    #[test]
    fn a_mask_is_honoured_for_every_event(mask in any::<u32>()) {
        let mask = CallMask(mask & 0x0fff_ffff);
        let mut acd = centre();
        open(&mut acd, 1, Services::ALL_EVENTS, mask, &[]);
        open(&mut acd, 2, Services::CLIENT_EVENTS, mask, &[(Tag::AGENT_INSTRUMENT, "3001")]);
        let watcher = open(&mut acd, 3, Services::PERIPHERAL_MONITOR, CallMask::NONE, &[]);
        let wish = Wish { calls: mask, states: AgentStateMask::NONE };
        let phone = acd.audience.start(watcher, Watched::Device(PHONES[0]), wish).unwrap();
        let call = acd.audience.start(watcher, Watched::Call(CALL), wish).unwrap();
        for (bit, name, heard) in tell_each(&acd, Hearers::Everyone(&PHONES)) {
            let mut expected = Vec::new();
            if mask.contains(bit) {
                expected = vec![(1, 0), (2, 2), (3, u64::from(phone))];
                // What comes before a call is not of the call.
                if !name.starts_with("AGENT_PRE_CALL") {
                    expected.push((3, u64::from(call)));
                }
            }
            prop_assert_eq!(heard, expected, "{}", name);
        }
    }
}

#[test]
fn each_event_goes_to_those_it_is_for() {
    let mut acd = centre();
    let every = CallMask(0x0fff_ffff);
    open(&mut acd, 1, Services::ALL_EVENTS, every, &[]);
    open(
        &mut acd,
        2,
        Services::CLIENT_EVENTS,
        every,
        &[(Tag::AGENT_INSTRUMENT, "3001")],
    );
    open(
        &mut acd,
        3,
        Services::CLIENT_EVENTS,
        every,
        &[(Tag::AGENT_INSTRUMENT, "3002")],
    );
    // Services of both kinds: everything once, under 0.
    let both = Services::CLIENT_EVENTS | Services::ALL_EVENTS;
    open(&mut acd, 4, both, every, &[(Tag::AGENT_ID, "2001")]);
    for (hearers, expected) in [
        (Hearers::All, vec![(1, 0), (4, 0)]),
        (Hearers::Devices(&PHONES[..1]), vec![(2, 2)]),
        (Hearers::Devices(&[]), vec![]),
        (
            Hearers::Everyone(&PHONES[1..]),
            vec![(1, 0), (3, 3), (4, 0)],
        ),
    ] {
        for (_, name, heard) in tell_each(&acd, hearers) {
            assert_eq!(heard, expected, "{name} {hearers:?}");
        }
    }
}

#[test]
fn a_client_of_an_agent_hears_of_the_phone_where_the_agent_is_or_was() {
    let mut acd = centre();
    let every = CallMask(0x0fff_ffff);
    let all = open(
        &mut acd,
        1,
        Services::ALL_EVENTS | Services::CLIENT_CONTROL,
        CallMask::NONE,
        &[],
    );
    // Named by both: heard once.
    let own = [(Tag::AGENT_ID, "2001"), (Tag::AGENT_INSTRUMENT, "3001")];
    open(&mut acd, 2, Services::CLIENT_EVENTS, every, &own);
    open(
        &mut acd,
        3,
        Services::CLIENT_EVENTS,
        every,
        &[(Tag::AGENT_ID, "2001")],
    );
    let hears = |acd: &Acd| tell_each(acd, Hearers::Everyone(&PHONES[..1]))[0].2.clone();
    assert_eq!(hears(&acd), [(2, 2)]);
    sign_in(&mut acd, all, "2001", "3001");
    assert_eq!(hears(&acd), [(2, 2), (3, 3)]);
    // The call outlives the sign-in.
    let mut out = SetAgentStateReq {
        peripheral_id: 5000,
        agent_state: AgentState::LOGOUT,
        ..Default::default()
    };
    out.floats.push_text(Tag::AGENT_ID, "2001");
    let message = out.into();
    acd.handle(
        0,
        Input::Message {
            client: all,
            message,
        },
        &mut Vec::new(),
    );
    assert_eq!(hears(&acd), [(2, 2), (3, 3)]);
    sign_in(&mut acd, all, "2002", "3001");
    assert_eq!(hears(&acd), [(2, 2)]);
}

#[test]
fn who_watches_a_session_hears_what_it_hears() {
    let mut acd = centre();
    let every = CallMask(0x0fff_ffff);
    open(&mut acd, 1, Services::ALL_EVENTS, CallMask::CALL_HELD, &[]);
    let one = open(
        &mut acd,
        2,
        Services::CLIENT_EVENTS,
        every,
        &[(Tag::AGENT_INSTRUMENT, "3001")],
    );
    let watcher = open(&mut acd, 3, Services::CLIENT_MONITOR, CallMask::NONE, &[]);
    let wish = Wish {
        calls: CallMask::NONE,
        states: AgentStateMask::NONE,
    };
    let of_all = u64::from(
        acd.audience
            .start(watcher, Watched::Session(ClientId(1)), wish)
            .unwrap(),
    );
    let of_one = u64::from(
        acd.audience
            .start(watcher, Watched::Session(one), wish)
            .unwrap(),
    );
    for (bit, name, heard) in tell_each(&acd, Hearers::Everyone(&PHONES)) {
        let expected = if bit == CallMask::CALL_HELD {
            vec![(1, 0), (2, 2), (3, of_all), (3, of_one)]
        } else {
            vec![(2, 2), (3, of_one)]
        };
        assert_eq!(heard, expected, "{name}");
    }
}

#[test]
fn who_registered_variables_gets_only_those() {
    let mut acd = centre();
    let every = CallMask(0x0fff_ffff);
    let choosy = open(&mut acd, 1, Services::ALL_EVENTS, every, &[]);
    open(&mut acd, 2, Services::ALL_EVENTS, every, &[]);
    let message = RegisterVariablesReq {
        call_variable_mask: 1,
        ..Default::default()
    };
    let message = message.into();
    acd.handle(
        0,
        Input::Message {
            client: choosy,
            message,
        },
        &mut Vec::new(),
    );
    let mut event = CallDeliveredEvent {
        num_named_variables: 1,
        ..Default::default()
    };
    event.floats.push_text(Tag::CALL_VAR_1, "one");
    event.floats.push_text(Tag::CALL_VAR_2, "two");
    event.floats.push_bytes(Tag::NAMED_VARIABLE, b"user.x\0y\0");
    let mut out = Vec::new();
    acd.tell_call(CallMask::CALL_DELIVERED, Hearers::All, event, &mut out);
    let told: Vec<_> = out
        .iter()
        .map(|output| match output {
            Output::Send { to, message } => match &**message {
                Message::CallDeliveredEvent(event) => {
                    (to[0].0, event.num_named_variables, event.floats.len())
                }
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [(1, 0, 1), (2, 1, 3)]);
}
