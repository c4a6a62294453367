//! What an agent and a call take up: how much the resident memory of this process grows when there are many more of them.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use tact_acd::fabric::{Command, Event, LegId};
use tact_acd::{Acd, ClientId, Input, Output};
use tact_bench::floor::{QUEUES, Sessions, centre, desk_open_req, dialed, set_state};
use tact_ged188::AgentState;

const DESK: ClientId = ClientId(1);
const WAITING_CALLS: usize = 50_000;

/// Bytes.
pub(crate) struct Memory {
    /// Of a centre in which everyone is signed in, over the number of agents; its queues and names included.
    an_agent: f64,
    /// Of a call that an agent answered.
    a_talked_call: f64,
    /// Of one that waits.
    a_waiting_call: f64,
}

pub(crate) fn print(memory: &Memory) {
    println!(
        "  memory, resident: {:.0} bytes an agent (configuration and queues included), {:.0} a call that is talked, {:.0} a call that waits",
        memory.an_agent, memory.a_talked_call, memory.a_waiting_call
    );
}

pub(crate) fn measure(agents: usize) -> Result<Memory> {
    let empty = resident()?;
    let mut acd = Acd::new(centre(agents), 0);
    let mut out = Vec::new();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let client = DESK;
    acd.handle(0, Input::Connected { client, address }, &mut out);
    let open = desk_open_req(Sessions::One);
    let logins = (0..agents).map(|agent| set_state(agent, AgentState::LOGIN));
    let ready = (0..agents).map(|agent| set_state(agent, AgentState::AVAILABLE));
    for message in std::iter::once(open).chain(logins).chain(ready) {
        acd.handle(0, Input::Message { client, message }, &mut out);
        out.clear();
    }
    let signed_in = resident()?;

    let mut legs = (1..).step_by(2).map(LegId);
    let mut call = |acd: &mut Acd, number: usize, out: &mut Vec<Output>| -> Result<()> {
        let event = Event::Incoming {
            leg: legs.next().context("no more legs")?,
            from: (5_550_000 + number).to_string().into(),
            dialed: dialed(number % QUEUES).into(),
            variables: vec![("callVariable1".into(), "Customer".into())],
        };
        acd.handle(1000, Input::Fabric(event), out);
        Ok(())
    };
    let mut number = 0;
    // Agents serve several queues, so all of them get a call in the end.
    while acd.agents().any(|it| it.state == AgentState::AVAILABLE) {
        for _ in 0..QUEUES {
            call(&mut acd, number, &mut out)?;
            number += 1;
            let rings: Vec<LegId> = out.drain(..).filter_map(offered).collect();
            for leg in rings {
                acd.handle(2000, Input::Fabric(Event::Ringing { leg }), &mut out);
                acd.handle(3000, Input::Fabric(Event::Answered { leg }), &mut out);
                out.clear();
            }
        }
    }
    let talking = resident()?;
    let talked = acd.agents().filter(|it| it.state == AgentState::TALKING);
    let talked = talked.count();
    anyhow::ensure!(talked == agents, "{talked} of {agents} agents talk");
    let waiting = number - talked;

    for _ in 0..WAITING_CALLS {
        call(&mut acd, number, &mut out)?;
        out.clear();
        number += 1;
    }
    let full = resident()?;
    let a_waiting_call = (full - talking) / WAITING_CALLS as f64;
    Ok(Memory {
        an_agent: (signed_in - empty) / agents as f64,
        a_talked_call: (talking - signed_in - a_waiting_call * waiting as f64) / talked as f64,
        a_waiting_call,
    })
}

/// The phone that is rung.
fn offered(output: Output) -> Option<LegId> {
    match output {
        Output::Fabric(Command::Offer { leg, .. }) => Some(leg),
        _ => None,
    }
}

/// Bytes of this process that are in memory.
fn resident() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    let words = line.context("no VmRSS")?.split_whitespace().next();
    Ok(1024.0 * words.context("an empty VmRSS")?.parse::<f64>()?)
}
