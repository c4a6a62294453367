//! State and inputs as bytes: what comes out is what went in, and a crash at any byte loses nothing
//! that was written (acd-and-telephony 3.6: I-26, I-31).

use proptest::collection::vec;
use proptest::prelude::*;
use tact_acd::journal::{
    Damage, OutputDigest, Reader, Record, Replay, Step as Replayed, append_check, append_input,
    begin, recover,
};
use tact_acd::{Acd, Input, Output, Reconciled};
use tact_ged188::{AgentState, Message, Protocol, Tag, decode};

use crate::harness::{Centre, centre, login_req, open_req, state_req};
use crate::invariants::{Step, prologue, step};

/// The input as it would have come over the wire: read from what the journal wrote of it.
fn as_read(acd: &Acd, now: i64, input: &Input) -> Input {
    let mut bytes = tact_acd::journal::MAGIC.to_vec();
    begin(acd, now, &mut bytes).unwrap();
    let mut bytes = bytes.split_off(tact_acd::journal::MAGIC.len());
    append_input(acd, now, input, &mut bytes).unwrap();
    match Reader::new(&bytes).unwrap().nth(1).unwrap().unwrap() {
        Record::Input { now: then, input } => {
            assert_eq!(then, now);
            input
        }
        other => panic!("{other:?}"),
    }
}

/// A machine that keeps a journal, and where each record of it ends.
struct Kept {
    acd: Acd,
    bytes: Vec<u8>,
    /// Length of the journal and the state behind it.
    marks: Vec<(usize, Vec<u8>)>,
    outputs: Vec<Output>,
}

fn keep(steps: &[Step]) -> Kept {
    let mut acd = Acd::new(centre(), 0);
    let mut bytes = Vec::new();
    begin(&acd, 0, &mut bytes).unwrap();
    let mut marks = vec![(bytes.len(), acd.snapshot().unwrap())];
    let mut digest = OutputDigest::default();
    let mut outputs = Vec::new();
    let mut now = 0;
    for (place, (delay, input)) in prologue().iter().chain(steps).enumerate() {
        now += delay;
        let input = as_read(&acd, now, input);
        append_input(&acd, now, &input, &mut bytes).unwrap();
        let mut out = Vec::new();
        acd.handle(now, input, &mut out);
        out.iter().for_each(|output| digest.add(output));
        outputs.append(&mut out);
        marks.push((bytes.len(), acd.snapshot().unwrap()));
        if place % 3 == 0 {
            append_check(now, place as u64 + 1, digest.value(), &mut bytes);
        }
    }
    Kept {
        acd,
        bytes,
        marks,
        outputs,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_says_the_same_and_ends_in_the_same_state(steps in vec(step(), 0..40)) {
        let kept = keep(&steps);
        let mut replay = Replay::new(&kept.bytes).unwrap();
        let mut outputs = Vec::new();
        while let Some(step) = replay.step(&mut outputs) {
            prop_assert_ne!(step.unwrap(), Replayed::Check { same: false });
        }
        prop_assert_eq!(outputs, kept.outputs);
        prop_assert_eq!(replay.acd().snapshot().unwrap(), kept.acd.snapshot().unwrap());
    }

    #[test]
    fn a_crash_at_any_byte_keeps_every_input_that_was_written(
        steps in vec(step(), 0..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let kept = keep(&steps);
        let first = kept.marks[0].0;
        let cut = first + cut.index(kept.bytes.len() - first + 1);
        let recovered = recover(&kept.bytes[..cut]).unwrap();
        let (_, state) = kept.marks.iter().rev().find(|(len, _)| *len <= cut).unwrap();
        prop_assert_eq!(&recovered.acd.snapshot().unwrap(), state);
        let whole = matches!(recovered.damage, None | Some(Damage::Torn { .. }));
        prop_assert!(whole, "{:?}", recovered.damage);
        // Whatever state that is, it goes on: everyone who was signed in still is.
        let mut acd = recovered.acd;
        let before: Vec<_> = acd.agents().map(|agent| (agent.state, agent.since)).collect();
        let mut out = Vec::new();
        prop_assert_eq!(acd.restarted(recovered.now, centre(), &mut out), Reconciled::Same);
        prop_assert_eq!(acd.clients(), 0);
        let after: Vec<_> = acd.agents().map(|agent| (agent.state, agent.since)).collect();
        prop_assert_eq!(before, after);
    }

    #[test]
    fn a_byte_that_changed_is_noticed_where_it_is(
        steps in vec(step(), 4..12),
        place in any::<prop::sample::Index>(),
        flip in 1_u8..,
    ) {
        let kept = keep(&steps);
        let (start, end) = (kept.marks[0].0, kept.marks[kept.marks.len() - 2].0);
        let place = start + place.index(end - start);
        let mut bytes = kept.bytes.clone();
        bytes[place] ^= flip;
        let damage = recover(&bytes).unwrap().damage.unwrap();
        let Damage::Record { offset, .. } = damage else {
            panic!("{damage:?}");
        };
        prop_assert!(offset <= place);
        // No record is that long in these runs, so it is the one that holds the byte.
        prop_assert!(place - offset < 400, "{place} {offset}");
    }

    #[test]
    fn bytes_that_are_no_journal_are_refused(noise in vec(any::<u8>(), 0..400), cut in 0_usize..40) {
        let mut bytes = tact_acd::journal::MAGIC.to_vec();
        bytes.extend_from_slice(&noise);
        prop_assert!(recover(&bytes).is_err());
        prop_assert!(recover(&noise).is_err());
        let kept = keep(&[]);
        prop_assert!(recover(&kept.bytes[..cut]).is_err());
    }

    /// Whatever decodes at any version is kept to the byte.
    #[test]
    fn any_message_of_the_wire_comes_back(
        (message_type, _) in prop::sample::select(Message::TYPES),
        version in 9..=25_u32,
        body in vec(any::<u8>(), 0..200),
    ) {
        let protocol = Protocol::new(version).unwrap();
        let mut frame = (body.len() as u32).to_be_bytes().to_vec();
        frame.extend_from_slice(&message_type.to_be_bytes());
        frame.extend_from_slice(&body);
        let Ok(message) = decode(&frame, protocol) else {
            return Ok(());
        };
        let secret = message.floats().is_some_and(|floats| floats.iter().any(|(tag, _)| tag.is_secret()));
        if message.name() == "OPEN_REQ" || secret {
            return Ok(());
        }
        let mut centre = Centre::new();
        let mut request = open_req();
        request.version_number = version;
        let client = centre.open_with(request);
        let input = Input::Message { client, message };
        prop_assert_eq!(as_read(&centre.acd, 5, &input), input);
    }
}

#[test]
fn every_other_input_comes_back() {
    use tact_acd::fabric::{Cause, Event, LegId};
    use tact_acd::{ClientId, Malformed};
    let client = ClientId(u32::MAX);
    let leg = LegId(u64::MAX);
    let acd = Acd::new(centre(), 0);
    let malformed = [
        Malformed::TooLong {
            announced: u64::MAX,
        },
        Malformed::Body {
            message_type: 3,
            invoke_id: Some(9),
            offset: usize::MAX,
        },
        Malformed::Body {
            message_type: 3,
            invoke_id: None,
            offset: 0,
        },
        Malformed::Version {
            invoke_id: 1,
            version: 8,
        },
        Malformed::Cut { received: 7 },
    ];
    let events = [
        Event::Incoming {
            leg,
            from: "+33 1".into(),
            dialed: "8000".into(),
            variables: vec![("user.é".into(), "x\0y".into())],
        },
        Event::Dialed {
            leg,
            device: "2003".into(),
            number: "".into(),
        },
        Event::Ringing { leg },
        Event::Answered { leg },
        Event::Gone {
            leg,
            cause: Cause::Busy,
        },
        Event::Held { leg },
        Event::Retrieved { leg },
        Event::DeviceDown {
            device: "2003".into(),
        },
        Event::DeviceUp {
            device: "2003".into(),
        },
    ];
    let inputs = malformed
        .map(|kind| Input::Malformed { client, kind })
        .into_iter()
        .chain(events.map(Input::Fabric))
        .chain([
            Input::Connected {
                client,
                address: "[::1]:42027".parse().unwrap(),
            },
            Input::Disconnected { client },
            Input::Tick,
            Input::Stop,
        ]);
    for input in inputs {
        assert_eq!(as_read(&acd, i64::MIN, &input), input);
    }
}

#[test]
fn no_password_reaches_the_journal() {
    for version in [15, 24] {
        let mut centre = Centre::new();
        let mut open = open_req();
        open.version_number = version;
        open.floats.push_text(Tag::CLIENT_PASSWORD, "hunter2");
        let client = centre.connect();
        let mut bytes = Vec::new();
        begin(&centre.acd, 0, &mut bytes).unwrap();
        let mut login = login_req("2001", "3001");
        login.floats.push_text(Tag::AGENT_PASSWORD, "hunter3");
        login.floats.push_text(Tag::AGENT_EXTENSION, "3001");
        for message in [Message::from(open), Message::from(login)] {
            let input = Input::Message { client, message };
            append_input(&centre.acd, 0, &input, &mut bytes).unwrap();
            let read = as_read(&centre.acd, 0, &input);
            let Input::Message { message, .. } = &read else {
                panic!("{read:?}");
            };
            let floats = message.floats().unwrap();
            let hidden: Vec<_> = floats
                .iter()
                .filter(|(tag, value)| tag.is_secret() && value.len() > 1)
                .map(|(_, value)| value)
                .collect();
            assert_eq!(hidden, [b"*******\0"]);
            assert_ne!(floats.text(Tag::AGENT_EXTENSION).as_deref(), Some("****"));
            centre.handle(read);
        }
        assert!(!bytes.windows(6).any(|part| part == b"hunter"));
        assert_eq!(centre.state("2001"), AgentState::NOT_READY);
    }
}

/// Two signed in, one of them READY.
fn two_signed_in() -> Centre {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.sign_in(client, "2001", "3001");
    centre.sign_in(client, "2050", "3002");
    centre.now += 5_000;
    centre.send(client, state_req("2001", AgentState::AVAILABLE, 0));
    centre
}

#[test]
fn after_a_restart_everyone_is_in_the_state_that_was() {
    let centre = two_signed_in();
    let mut acd = Acd::restore(&centre.acd.snapshot().unwrap()).unwrap();
    let reconciled = acd.restarted(
        centre.now + 60_000,
        crate::harness::centre(),
        &mut Vec::new(),
    );
    assert_eq!(reconciled, Reconciled::Same);
    let agent = acd.agent("2001").unwrap();
    assert_eq!(
        (agent.state, agent.since, agent.extension),
        (AgentState::AVAILABLE, centre.now, Some("3001"))
    );
    assert_eq!(acd.agent("2050").unwrap().state, AgentState::NOT_READY);
    assert_eq!(acd.agent("2002").unwrap().state, AgentState::LOGOUT);
}

#[test]
fn what_came_to_the_configuration_is_there_and_nobody_moves() {
    let mut centre = two_signed_in();
    let mut config = crate::harness::centre();
    let mut newcomer = config.agents[0].clone();
    newcomer.id = "1999".into();
    newcomer.icm_agent_id = 1999;
    config.agents.insert(0, newcomer);
    config.extensions.insert(0, "2999".into());
    config.agents[1].last_name = "Renamed".into();
    let mut acd = centre.acd.clone();
    let out = &mut Vec::new();
    assert_eq!(
        acd.restarted(centre.now, config.clone(), out),
        Reconciled::Grown
    );
    centre.acd = acd;
    let client = centre.open();
    assert_eq!(centre.state("2001"), AgentState::AVAILABLE);
    assert_eq!(centre.acd.agent("2050").unwrap().extension, Some("3002"));
    assert_eq!(centre.state("1999"), AgentState::LOGOUT);
    centre.sign_in(client, "1999", "2999");
    assert_eq!(centre.state("1999"), AgentState::NOT_READY);
    // The order is not the store's any more; the next start knows.
    assert_eq!(
        centre.acd.restarted(centre.now, config, &mut Vec::new()),
        Reconciled::Same
    );
}

#[test]
fn who_went_from_the_configuration_is_dropped_alone() {
    let mut centre = two_signed_in();
    let mut config = crate::harness::centre();
    config.agents.remove(0);
    config.extensions.remove(0);
    let mut acd = centre.acd.clone();
    assert_eq!(
        acd.restarted(centre.now, config.clone(), &mut Vec::new()),
        Reconciled::Shrunk
    );
    assert_eq!(acd.agent("2001"), None);
    let agent = acd.agent("2050").unwrap();
    assert_eq!(
        (agent.state, agent.extension),
        (AgentState::NOT_READY, Some("3002"))
    );
    centre.acd = acd;
    let client = centre.open();
    let (failure, _) = crate::harness::refusal(&centre.sign_in(client, "2002", "3002")[0]);
    assert_ne!(failure, 0, "somebody is signed in there");

    // A phone that went takes its agent along.
    config.extensions.remove(0);
    centre.acd.restarted(centre.now, config, &mut Vec::new());
    assert_eq!(centre.state("2050"), AgentState::LOGOUT);
}

#[test]
fn who_serves_which_queue_may_change_over_a_restart() {
    let mut centre = two_signed_in();
    let eligible = |centre: &Centre, group| {
        let agents = centre.acd.eligible(group, 0);
        agents.map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(eligible(&centre, 101).contains(&"2001".to_owned()));
    let mut config = crate::harness::centre();
    config.agents[0].skill_groups = vec![103];
    config.skill_groups[0].number = 103;
    let out = &mut Vec::new();
    assert_eq!(
        centre.acd.restarted(centre.now, config, out),
        Reconciled::Grown
    );
    assert_eq!(eligible(&centre, 103), ["2001"]);
    assert_eq!(eligible(&centre, 101), [""; 0]);
    assert_eq!(centre.acd.available_since("2001"), Some(centre.now));
    assert_eq!(centre.acd.available_since("2050"), None);
}

#[test]
fn a_snapshot_of_a_strange_shape_is_refused() {
    let snapshot = two_signed_in().acd.snapshot().unwrap();
    for cut in 0..snapshot.len() {
        assert!(Acd::restore(&snapshot[..cut]).is_err(), "{cut}");
    }
    assert!(Acd::restore(b"").is_err());
    assert!(Acd::restore(&[0xc1; 64]).is_err());
}
