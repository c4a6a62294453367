//! Arbitrary conversations: nothing panics, and each accepted request ends exactly once (I-24).

use proptest::prelude::*;
use tact_desk::fuzz::{FIRST_CALL, Outcomes, conversation};
use tact_desk::{Action, Config, Input, Request, Side};
use tact_ged188::*;

use crate::scene::*;
use crate::wire::*;

/// One thing that may happen to a desk in service.
#[derive(Debug, Clone)]
enum Happening {
    Request(usize, Action),
    Confirm(u32),
    Refuse(u32),
    Event(usize, u16, u16),
    Presence(usize, bool),
    Wait(i64),
    Peripheral(bool),
    Restart,
}

fn happening() -> impl Strategy<Value = Happening> {
    let agent = 0..2usize;
    let action = prop_oneof![
        Just(sign_in("2003")),
        Just(sign_in("3002")),
        Just(Action::SignOut { reason: Some(5) }),
        Just(ready()),
        Just(not_ready(7)),
    ];
    prop_oneof![
        6 => (agent.clone(), action).prop_map(|(agent, action)| Happening::Request(agent, action)),
        5 => (0..6u32).prop_map(Happening::Confirm),
        2 => (0..6u32).prop_map(Happening::Refuse),
        6 => (agent.clone(), 0..12u16, prop_oneof![Just(0), Just(7), Just(255)])
            .prop_map(|(agent, state, reason)| Happening::Event(agent, state, reason)),
        2 => (agent, any::<bool>()).prop_map(|(agent, available)| Happening::Presence(agent, available)),
        3 => (0..40_000i64).prop_map(Happening::Wait),
        1 => any::<bool>().prop_map(Happening::Peripheral),
        1 => Just(Happening::Restart),
    ]
}

proptest! {
    #[test]
    fn each_accepted_request_ends_once(happenings in prop::collection::vec(happening(), 0..120)) {
        let ids = ["2001", "2002"];
        let mut scene = Scene::in_service_with(Config { has_other_side: true, ..Config::default() });
        let mut outcomes = Outcomes::default();
        for (number, happening) in happenings.into_iter().enumerate() {
            let input = match happening {
                Happening::Request(agent, action) => {
                    Input::Request(Request {
                        by: ids[agent].to_owned(),
                        agent: ids[agent].to_owned(),
                        action,
                        request_id: Some(number.to_string()),
                    })
                }
                Happening::Confirm(back) => {
                    let invoke_id = scene.invoke.saturating_sub(back);
                    Input::Cti(SetAgentStateConf { invoke_id, ..Default::default() }.into())
                }
                Happening::Refuse(back) => {
                    let invoke_id = scene.invoke.saturating_sub(back);
                    Input::Cti(ControlFailureConf { invoke_id, ..Default::default() }.into())
                }
                Happening::Event(agent, state, reason) => {
                    Input::Cti(state_event(ids[agent], AgentState(state), reason, "2003").into())
                }
                Happening::Presence(agent, available) => {
                    let lost = (!available).then_some(tact_desk::Loss {
                        channel: None,
                        noticed: tact_desk::Noticed::Closed,
                    });
                    Input::Presence { agent: ids[agent].to_owned(), lost }
                }
                Happening::Wait(ms) => {
                    scene.now += ms;
                    Input::Tick
                }
                Happening::Peripheral(true) => {
                    Input::Cti(system_event(SystemEventId::PERIPHERAL_ONLINE, 5000).into())
                }
                Happening::Peripheral(false) => {
                    Input::Cti(system_event(SystemEventId::PERIPHERAL_OFFLINE, 5000).into())
                }
                Happening::Restart => {
                    outcomes.feed(&mut scene.desk, scene.now, Input::LinkDown { reason: String::new() });
                    scene.come_into_service(&["2002"]);
                    Input::Tick
                }
            };
            let out = outcomes.feed(&mut scene.desk, scene.now, input);
            scene.remember(&out);
        }
        outcomes.feed(&mut scene.desk, scene.now, Input::LinkDown { reason: String::new() });
        outcomes.check();
    }

    #[test]
    fn arbitrary_bytes_are_a_conversation(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        conversation(&bytes);
    }

    #[test]
    fn a_call_with_some_bytes_changed_is_a_conversation(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = call_seed();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        // Some of it comes twice.
        let again = bytes[cut.index(bytes.len())..].to_vec();
        bytes.extend(again);
        conversation(&bytes);
    }
}

/// A whole login as the fuzz target reads it; the seeds in `testdata/fuzz` begin with it.
fn login_conversation() -> Vec<u8> {
    let protocol = Protocol::NEWEST;
    let mut bytes = vec![0];
    let cti = |bytes: &mut Vec<u8>, message: Message| {
        bytes.push(16);
        encode(&message, protocol, bytes).unwrap();
    };
    cti(&mut bytes, open_conf(1).into());
    cti(
        &mut bytes,
        team_event(TeamOperation::ADD, &[("2001", 0), ("2002", 4)]).into(),
    );
    cti(&mut bytes, ConfigKeyEvent::default().into());
    cti(&mut bytes, agent_records(&["2001", "2002"]).into());
    cti(&mut bytes, ConfigEndEvent::default().into());
    cti(&mut bytes, settings(2).into());
    for invoke_id in [3, 4] {
        let conf = QueryAgentStateConf {
            invoke_id,
            agent_state: AgentState::LOGOUT,
            ..Default::default()
        };
        cti(&mut bytes, conf.into());
    }
    bytes.push(13);
    bytes.push(4);
    cti(
        &mut bytes,
        SetAgentStateConf {
            invoke_id: 6,
            ..Default::default()
        }
        .into(),
    );
    cti(
        &mut bytes,
        state_event("2001", AgentState::LOGIN, 0, "2003").into(),
    );
    cti(
        &mut bytes,
        state_event("2001", AgentState::NOT_READY, 0, "2003").into(),
    );
    bytes
}

/// A sign-in, and what comes after it.
fn login_seed() -> Vec<u8> {
    let mut bytes = login_conversation();
    bytes.extend([10, 15, 14, 15, 15]);
    bytes
}

/// A sign-in, a call answered, held, transferred by consultation, and a reconnect, with requests between.
fn call_seed() -> Vec<u8> {
    let (caller, own, far) = ("4085551212", "2003", "3002");
    let (first, second) = (FIRST_CALL, FIRST_CALL + 1);
    let mut bytes = login_conversation();
    let mut say = |requests: &[u8], messages: Vec<Message>| {
        bytes.extend_from_slice(requests);
        for message in messages {
            bytes.push(16);
            encode(&message, Protocol::NEWEST, &mut bytes).unwrap();
        }
    };
    say(
        &[],
        vec![
            state_event("2002", AgentState::NOT_READY, 0, far).into(),
            begin_routed(first, caller, "8000").into(),
            queued(first, caller, "8000", 7).into(),
            delivered(first, own, caller, "8000").into(),
        ],
    );
    say(
        &[18, 0],
        vec![
            AnswerCallConf {
                invoke_id: 7,
                ..Default::default()
            }
            .into(),
            established(first, own, caller, "8000").into(),
        ],
    );
    say(
        &[19, 0],
        vec![
            held(first, own).into(),
            HoldCallConf {
                invoke_id: 8,
                ..Default::default()
            }
            .into(),
        ],
    );
    say(
        &[22, 0],
        vec![
            ConsultationCallConf {
                invoke_id: 9,
                new_connection_call_id: second,
                ..Default::default()
            }
            .into(),
            begin(second, CallType::CONSULT, own).into(),
            service_initiated(second, own, Some(first)).into(),
            delivered(second, far, own, far).into(),
            established(second, far, own, far).into(),
        ],
    );
    say(
        &[31, 0, 23, 0],
        vec![
            data_update(first, first, own, CallType::PREROUTE_ACD_IN).into(),
            SetCallDataConf {
                invoke_id: 10,
                ..Default::default()
            }
            .into(),
            TransferCallConf {
                invoke_id: 11,
                new_connection_call_id: first,
                ..Default::default()
            }
            .into(),
            transferred(first, second, own, far, &[caller, far]).into(),
            data_update(second, first, far, CallType::TRANSFER_IN).into(),
            end(second, own).into(),
            cleared(first, caller).into(),
            call_cleared(first, far).into(),
        ],
    );
    say(&[15, 2, 0, 15], vec![end(first, caller).into()]);
    bytes
}

#[test]
fn the_fuzz_seeds_are_conversations() {
    for (name, bytes) in [("login", login_seed()), ("call", call_seed())] {
        conversation(&bytes);
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/fuzz/conversation/");
        assert_eq!(
            std::fs::read(format!("{folder}{name}")).unwrap_or_default(),
            bytes,
            "write {name} anew when messages change"
        );
    }
}

#[test]
fn a_desk_driven_by_a_link_that_flaps_stays_whole() {
    let mut scene = Scene::in_service();
    for _ in 0..50 {
        scene.feed(Input::LinkUp { side: Side::B });
        scene.feed(Input::LinkUp { side: Side::A });
        scene.feed(Input::LinkDown {
            reason: String::new(),
        });
    }
    assert_eq!(scene.desk.next_due(), None);
    scene.come_into_service(&[]);
}
