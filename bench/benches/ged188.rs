//! What a CTI message costs: the state event of an agent, and the longest captured upload.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tact_ged188::{AgentState, AgentStateEvent, Message, Protocol, Tag, decode, encode, frame_len};

/// A state event as an agent desktop causes them: signature, identities, one skill group.
fn state_event() -> Message {
    let mut event = AgentStateEvent {
        peripheral_id: 5000,
        session_id: 17,
        agent_state: AgentState::NOT_READY,
        skill_group_number: u32::MAX,
        skill_group_id: u32::MAX,
        icm_agent_id: 5001,
        num_flt_skill_groups: 1,
        mrd_id: 1,
        ..AgentStateEvent::default()
    };
    event.floats.push_text(Tag::CLIENT_SIGNATURE, "Finesse");
    event.floats.push_text(Tag::AGENT_ID, "2001");
    event.floats.push_text(Tag::AGENT_EXTENSION, "2003");
    event.floats.push_text(Tag::AGENT_INSTRUMENT, "2003");
    event.floats.push_u32(Tag::DURATION, 0);
    event.floats.push_u32(Tag::SKILL_GROUP_NUMBER, 10);
    event.floats.push_u32(Tag::SKILL_GROUP_ID, 5010);
    event.floats.push_u16(Tag::SKILL_GROUP_PRIORITY, 0);
    event.floats.push_u16(Tag::SKILL_GROUP_STATE, 2);
    event.into()
}

fn ged188(c: &mut Criterion) {
    let message = state_event();
    let mut bytes = Vec::new();
    assert!(encode(&message, Protocol::CURRENT, &mut bytes).is_ok());

    c.bench_function("ged188/decode AGENT_STATE_EVENT", |b| {
        b.iter(|| decode(black_box(&bytes), Protocol::CURRENT));
    });

    let mut out = Vec::with_capacity(bytes.len());
    c.bench_function("ged188/encode AGENT_STATE_EVENT", |b| {
        b.iter(|| {
            out.clear();
            encode(black_box(&message), Protocol::CURRENT, &mut out)
        });
    });

    c.bench_function("ged188/build AGENT_STATE_EVENT", |b| b.iter(state_event));

    let stream: Vec<u8> = bytes
        .iter()
        .copied()
        .cycle()
        .take(bytes.len() * 100)
        .collect();
    c.bench_function("ged188/split and decode 100 messages", |b| {
        b.iter(|| {
            let mut rest = black_box(&stream[..]);
            let mut count = 0;
            while let Ok(Some(len)) = frame_len(rest) {
                let Some((frame, behind)) = rest.split_at_checked(len) else {
                    break;
                };
                count += usize::from(decode(frame, Protocol::CURRENT).is_ok());
                rest = behind;
            }
            count
        });
    });
}

criterion_group!(benches, ged188);
criterion_main!(benches);
