//! Routing and agent states against the naive model
//! (acd-and-telephony 3.6: I-1, I-3 to I-6, I-8 to I-10, I-14, I-16 to I-20, I-33, I-34).
//!
//! 10,000 steps; 1,000,000 with TACT_LONG=1.

use std::collections::BTreeMap;

use tact_ged188::AgentState;

use super::model::{AGENTS, Call, DIALED, Model, PRECISION, Pending, St, eligible, setup};
use super::{Centre, LAST_CALL};
use crate::agent::{Given, Trigger};
use crate::directory::AgentIndex;
use crate::routing::Unanswered;
use crate::transitions::{By, On, Target};

/// A sequence of numbers that is the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// One step of both. What it was.
fn step(centre: &mut Centre, model: &mut Model, dice: &mut Dice, next_call: &mut u32) -> String {
    let agent = dice.roll(AGENTS);
    let index = AgentIndex(agent);
    let reserved: Vec<u32> = model
        .calls
        .iter()
        .filter(|it| it.reserved.is_some())
        .map(|it| it.id)
        .collect();
    let ringing = (!reserved.is_empty()).then(|| reserved[dice.roll(reserved.len().max(1))]);
    let op = dice.roll(16);
    // Every step takes as long as the harness says.
    let pass = if op == 15 {
        [1, 500, 3000, 9000][dice.roll(4)]
    } else {
        10
    };
    if op == 15 {
        centre.tick(pass);
        model.pass(pass);
        model.settle();
        return format!("{pass} ms pass");
    }
    // Time passes for both before anything else happens.
    centre.tick(0);
    model.pass(0);
    model.settle();
    let said = match (op, ringing) {
        (0..=2, _) => {
            centre.ask(agent, Target::Ready);
            model.now += 10;
            model.ask(agent, true);
            format!("{agent} asks READY")
        }
        (3, _) => {
            centre.ask(agent, Target::NotReady);
            model.now += 10;
            model.ask(agent, false);
            format!("{agent} asks NOT_READY")
        }
        (4..=6, _) => {
            let (id, dialed) = (*next_call, DIALED[dice.roll(DIALED.len())]);
            *next_call += 1;
            centre.route(id, dialed);
            model.now += 10;
            let mut call = Call {
                id,
                priority: 0,
                enqueued_at: model.now,
                overflow_at: None,
                places: Vec::new(),
                reserved: None,
                refused: None,
            };
            call.enter(model.now, dialed);
            model.calls.push(call);
            format!("{id} dials {dialed}")
        }
        (7..=8, Some(id)) => {
            centre.answer(id);
            model.now += 10;
            let (agent, _) = model.call(id).reserved.unwrap();
            model.calls.retain(|call| call.id != id);
            model.set(agent, St::Talking);
            format!("{id} is answered")
        }
        (9, Some(id)) if dice.roll(2) == 0 => {
            centre.unanswered(id, Unanswered::Rejected);
            model.now += 10;
            model.not_answered(id);
            format!("{id} is rejected")
        }
        (9 | 10, Some(id)) => {
            let lost = dice.roll(4) == 0;
            let why = if lost {
                Unanswered::DeviceLost
            } else {
                Unanswered::NotArrived
            };
            centre.unanswered(id, why);
            model.now += 10;
            let agent = model.requeue(id);
            let it = &mut model.agents[agent];
            if lost {
                model.set(agent, St::Out);
            } else {
                it.busy = false;
                it.strikes += 1;
                if it.strikes == 2 {
                    it.strikes = 0;
                    model.set(agent, St::NotReady);
                } else {
                    model.set(agent, St::Ready);
                }
            }
            format!("{id}: {why:?}")
        }
        (11, _) if !model.calls.is_empty() => {
            let call = model.calls.remove(dice.roll(model.calls.len()));
            centre.gone(call.id);
            model.now += 10;
            if let Some((agent, _)) = call.reserved {
                model.agents[agent].busy = false;
                model.set(agent, St::Ready);
            }
            format!("{} is gone", call.id)
        }
        (12, _)
            if !matches!(
                model.agents[agent].st,
                St::Out | St::Reserved(_) | St::Talking
            ) =>
        {
            let busy = model.agents[agent].busy;
            let trigger = match (busy, dice.roll(2)) {
                (false, _) => Trigger::Alerting,
                (true, 0) => Trigger::Connected,
                (true, _) => Trigger::OfferGone,
            };
            centre.trigger(agent, trigger);
            model.now += 10;
            match trigger {
                Trigger::Alerting => model.agents[agent].busy = true,
                Trigger::Connected => model.connected(agent),
                _ => model.agents[agent].busy = false,
            }
            format!("{agent}: {trigger:?}")
        }
        (13, _) if model.agents[agent].st == St::Talking => {
            centre.trigger(agent, LAST_CALL);
            model.now += 10;
            model.calls_over(agent);
            format!("{agent} has no call any more")
        }
        (14, _) if model.agents[agent].st != St::Out => {
            centre.step(|acd, now, out| {
                let then = acd.row(index, On::Force(Target::Logout), None).unwrap();
                let given = Given {
                    reason: 999,
                    by: By::Force,
                };
                acd.follow(now, index, then, given, out);
            });
            model.now += 10;
            if model.agents[agent].st == St::Talking {
                model.agents[agent].pending = Some(Pending::Out);
            } else {
                model.sign_out(agent);
            }
            format!("{agent} is signed out")
        }
        (_, _) if model.agents[agent].st == St::Out => {
            centre.sign_in(agent);
            model.now += 10;
            model.set(agent, St::NotReady);
            format!("{agent} signs in")
        }
        _ => "nothing".to_owned(),
    };
    model.settle();
    said
}

/// Both say the same of everything that can be seen.
fn compare(centre: &Centre, model: &Model) -> Result<(), String> {
    let same = |what: &str, real: String, expected: String| {
        if real == expected {
            Ok(())
        } else {
            Err(format!("{what}: {real}, not {expected}"))
        }
    };
    same("time", centre.now.to_string(), model.now.to_string())?;
    for (place, it) in model.agents.iter().enumerate() {
        let expected = match it.st {
            St::Out => AgentState::LOGOUT,
            St::NotReady => AgentState::NOT_READY,
            St::Ready => AgentState::AVAILABLE,
            St::Reserved(_) => AgentState::RESERVED,
            St::Talking => AgentState::TALKING,
            St::Work(true) => AgentState::WORK_READY,
            St::Work(false) => AgentState::WORK_NOT_READY,
        };
        let real = &centre.acd.agents[place];
        same(
            &format!("agent {place}"),
            real.state.to_string(),
            expected.to_string(),
        )?;
        let id = (2001 + place).to_string();
        let since = it.since.filter(|_| model.available(place));
        let real_since = centre.acd.available_since(&id);
        same(
            &format!("{place} since"),
            format!("{real_since:?}"),
            format!("{since:?}"),
        )?;
        // I-5: nothing is pending off a call.
        if real.pending.is_some() && !real.place().on_call() {
            return Err(format!("{place} has something pending"));
        }
    }
    let real: Vec<String> = centre
        .acd
        .tickets()
        .map(|it| {
            format!(
                "{} {} {} {:?} {:?}",
                it.call.0, it.priority, it.enqueued_at, it.queues, it.reserved
            )
        })
        .collect();
    let mut calls: Vec<&Call> = model.calls.iter().collect();
    calls.sort_by_key(|call| call.id);
    let expected: Vec<String> = calls
        .into_iter()
        .map(|it| {
            let places: Vec<(u32, u32)> =
                it.places.iter().map(|place| (place.0, place.1)).collect();
            let reserved = it.reserved.map(|(agent, _)| (2001 + agent).to_string());
            format!(
                "{} {} {} {:?} {:?}",
                it.id,
                it.priority,
                it.enqueued_at,
                places,
                reserved.as_deref()
            )
        })
        .collect();
    same("calls", format!("{real:#?}"), format!("{expected:#?}"))?;
    invariants(centre)
}

fn invariants(centre: &Centre) -> Result<(), String> {
    let mut there: BTreeMap<u32, u64> = BTreeMap::new();
    for ticket in centre.acd.tickets() {
        for (queue, step) in &ticket.queues {
            *there.entry(*queue).or_default() += 1;
            // I-16: nobody waits for whom somebody waits.
            let idle = centre
                .acd
                .eligible(*queue, *step)
                .find(|id| centre.acd.available_since(id).is_some());
            if let (None, Some(idle)) = (ticket.reserved, idle) {
                return Err(format!("{:?} waits although {idle} does too", ticket.call));
            }
        }
        // I-3, I-10: one ticket, one agent.
        let holder = centre.acd.routing.reserved_for(AgentIndex(
            ticket
                .reserved
                .map_or(AGENTS, |id| id.parse::<usize>().unwrap() - 2001),
        ));
        if holder != ticket.reserved.map(|_| ticket.call) {
            return Err(format!("{:?} and its agent disagree", ticket.call));
        }
    }
    // I-14: nothing is lost.
    for queue in centre.acd.queues() {
        let counts = queue.counts;
        let there = there.get(&queue.number).copied().unwrap_or_default();
        if counts.offered != counts.answered + counts.abandoned + counts.overflowed + there {
            return Err(format!("queue {}: {counts:?}, {there} there", queue.number));
        }
    }
    // I-20: who belongs to which step.
    for (queue, steps) in [(1, 1), (2, 1), (PRECISION, 3)] {
        for step in 0..steps {
            let real: Vec<&str> = centre.acd.eligible(queue, step).collect();
            let anew =
                (0..AGENTS).filter(|agent| (0..=step).any(|step| eligible(*agent, queue, step)));
            let anew: Vec<String> = anew.map(|agent| (2001 + agent).to_string()).collect();
            if real != anew {
                return Err(format!(
                    "queue {queue}, step {step}: {real:?}, not {anew:?}"
                ));
            }
        }
    }
    // I-9: every reservation has an end.
    if centre.acd.tickets().any(|it| it.reserved.is_some()) && centre.acd.next_due().is_none() {
        return Err("a reservation without an end".to_owned());
    }
    Ok(())
}

#[test]
fn routing_does_what_a_naive_model_does() {
    const STEPS: usize = 500;
    let total = if std::env::var_os("TACT_LONG").is_some() {
        1_000_000
    } else {
        10_000
    };
    for round in 0..total / STEPS {
        let seed = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::try_from(round).unwrap() + 1);
        let mut dice = Dice(seed);
        let mut centre = Centre::new(setup());
        let mut model = Model::new(centre.now);
        let mut next_call = 1;
        let mut story = Vec::new();
        for _ in 0..STEPS {
            story.push(step(&mut centre, &mut model, &mut dice, &mut next_call));
            if let Err(wrong) = compare(&centre, &model) {
                let last = story.len().saturating_sub(30);
                panic!("round {round}: {wrong}\nafter {:#?}", &story[last..]);
            }
        }
    }
}
