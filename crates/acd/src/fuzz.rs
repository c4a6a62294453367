//! Fuzz target: arbitrary frames against a small centre.

use std::net::{Ipv4Addr, SocketAddr};

use tact_ged188::{Message, OpenReq, Protocol, Services, Tag, decode, frame_len};

use crate::config::{AgentConfig, Config, SkillGroupConfig, TeamConfig};
use crate::io::{ClientId, Input, Output};
use crate::machine::Acd;

/// Feeds the frames in `data` to a machine with one opened and one fresh client. The first byte
/// picks the protocol version, the second of each frame's first field the client.
///
/// # Panics
/// When an invariant is broken: a message that cannot be encoded, two agents at one extension.
#[expect(clippy::panic, reason = "a fuzz target reports by panicking")]
pub fn acd(data: &[u8]) {
    let Some((first, mut rest)) = data.split_first() else {
        return;
    };
    let protocol = Protocol::all()
        .nth(usize::from(*first) % 17)
        .unwrap_or_default();
    let mut acd = Acd::new(centre(), 0);
    let mut out = Vec::new();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    for client in [ClientId(1), ClientId(2)] {
        acd.handle(0, Input::Connected { client, address }, &mut out);
    }
    let message = open_request(protocol);
    acd.handle(
        0,
        Input::Message {
            client: ClientId(1),
            message,
        },
        &mut out,
    );
    let mut now = 0;
    while let Ok(Some(len)) = frame_len(rest) {
        let Some((frame, behind)) = rest.split_at_checked(len) else {
            break;
        };
        rest = behind;
        now += 1000;
        let client = ClientId(u32::from(frame.get(9).copied().unwrap_or(0) & 1) + 1);
        if let Ok(message) = decode(frame, protocol) {
            acd.handle(now, Input::Message { client, message }, &mut out);
            acd.handle(now, Input::Tick, &mut out);
        }
    }
    let mut bytes = Vec::new();
    for output in &out {
        if let Output::Send { message, .. } = output
            && let Err(error) = tact_ged188::encode(message, protocol, &mut bytes)
        {
            panic!("{} cannot be encoded: {error}", message.name());
        }
    }
    let mut extensions: Vec<_> = acd.agents().filter_map(|agent| agent.extension).collect();
    let signed_in = extensions.len();
    extensions.sort_unstable();
    extensions.dedup();
    assert_eq!(extensions.len(), signed_in, "two agents at one extension");
}

fn open_request(protocol: Protocol) -> Message {
    let mut request = OpenReq {
        invoke_id: 1,
        version_number: protocol.number(),
        idle_timeout: 0xffff_ffff,
        peripheral_id: 5000,
        services_requested: Services::ALL_EVENTS | Services::CLIENT_CONTROL | Services::SUPERVISOR,
        ..Default::default()
    };
    request.call_msg_mask.0 = 0x0fff_ffff;
    request.agent_state_mask.0 = 0x3fff;
    request.floats.push_text(Tag::CLIENT_ID, "fuzz");
    request.into()
}

fn centre() -> Config {
    let agent = |id: &str, icm_agent_id| AgentConfig {
        id: id.into(),
        icm_agent_id,
        team_id: Some(5000),
        skill_groups: vec![1],
        ..Default::default()
    };
    Config {
        agents: vec![agent("2001", 1), agent("2002", 2)],
        teams: vec![TeamConfig {
            id: 5000,
            name: "Team".into(),
            supervisors: vec!["2002".into()],
        }],
        skill_groups: vec![SkillGroupConfig {
            number: 1,
            id: 5001,
            name: "Sales".into(),
        }],
        extensions: vec!["2003".into(), "3002".into()],
        ..Config::new(5000)
    }
}
