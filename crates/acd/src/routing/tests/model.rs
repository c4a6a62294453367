//! A naive model of routing and agent states: no lines, no bitmaps, no table. It sorts all available agents and all waiting
//! calls after each step.

use super::precision::{ENGLISH, SALES, attributes, queue};
use super::{config, route};
use crate::config::{AgentAttribute, Config, DeskSettings, OverflowConfig};

pub(super) const AGENTS: usize = 6;
pub(super) const PRECISION: u32 = 9;
pub(super) const RING_MS: i64 = 10_000;
pub(super) const WORK_MS: i64 = 5_000;
pub(super) const OVERFLOW_MS: i64 = 8_000;
/// Numbers to dial.
pub(super) const DIALED: [&str; 5] = ["8000", "8001", "8002", "8009", "8010"];
/// Values of SALES and ENGLISH, 0 for none in the second.
pub(super) const VALUES: [(u32, u32); AGENTS] = [(1, 8), (1, 4), (0, 9), (1, 0), (0, 4), (1, 7)];
pub(super) const GROUPS: [&[u32]; AGENTS] = [&[1], &[1, 2], &[2], &[], &[2, 1], &[1]];

/// Agents of odd place must do wrap-up, the others may.
pub(super) fn required(agent: usize) -> bool {
    agent % 2 == 1
}

pub(super) fn setup() -> Config {
    let mut setup = config(&GROUPS);
    setup.attributes = attributes();
    setup.desk_settings = vec![
        DeskSettings {
            ring_no_answer_time: 10,
            ..DeskSettings::default()
        },
        DeskSettings {
            id: 1,
            wrapup_incoming: 0,
            ring_no_answer_time: 10,
            work_mode_timer: 5,
            ..DeskSettings::default()
        },
    ];
    for (place, agent) in setup.agents.iter_mut().enumerate() {
        let (sales, english) = VALUES[place];
        agent.desk_settings = u32::from(required(place));
        agent.attributes.push(AgentAttribute {
            attribute: SALES,
            value: sales,
        });
        if english > 0 {
            agent.attributes.push(AgentAttribute {
                attribute: ENGLISH,
                value: english,
            });
        }
    }
    setup.precision_queues = vec![queue(PRECISION)];
    setup.routes[1].priority = 3;
    setup.routes.push(route("8009", &[PRECISION]));
    setup.routes.push(route("8010", &[PRECISION, 2]));
    setup.routes[4].overflow = Some(OverflowConfig {
        after_s: 8,
        to: "8000".into(),
    });
    setup
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum St {
    Out,
    NotReady,
    Ready,
    Reserved(u32),
    Talking,
    /// Wrap-up; whether READY comes after it.
    Work(bool),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pending {
    Ready,
    NotReady,
    Out,
}

#[derive(Debug, Clone)]
pub(super) struct Someone {
    pub(super) st: St,
    pub(super) busy: bool,
    pub(super) since: Option<i64>,
    pub(super) pending: Option<Pending>,
    /// READY was before the call, not NOT_READY.
    pub(super) ready_before: bool,
    pub(super) due: Option<i64>,
    pub(super) strikes: u8,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) id: u32,
    pub(super) priority: u32,
    pub(super) enqueued_at: i64,
    pub(super) overflow_at: Option<i64>,
    /// Queue, step, and when the next step comes.
    pub(super) places: Vec<(u32, u32, Option<i64>)>,
    /// Who is reserved, and until when.
    pub(super) reserved: Option<(usize, i64)>,
    pub(super) refused: Option<usize>,
}

pub(super) struct Model {
    pub(super) now: i64,
    pub(super) agents: Vec<Someone>,
    pub(super) calls: Vec<Call>,
}

pub(super) fn eligible(agent: usize, queue: u32, step: u32) -> bool {
    let (sales, english) = VALUES[agent];
    match (queue, step) {
        (PRECISION, 0) => sales == 1 && english >= 7,
        (PRECISION, 1) => english >= 4,
        // Everybody has a value of SALES.
        (PRECISION, _) => true,
        (group, _) => GROUPS[agent].contains(&group),
    }
}

impl Call {
    pub(super) fn serves(&self, agent: usize) -> bool {
        let mut places = self.places.iter();
        places.any(|(queue, step, _)| eligible(agent, *queue, *step))
    }

    pub(super) fn enter(&mut self, now: i64, dialed: &str) {
        let (priority, queues): (u32, &[u32]) = match dialed {
            "8000" => (0, &[1]),
            "8001" => (3, &[2]),
            "8002" => (0, &[1, 2]),
            "8009" => (0, &[PRECISION]),
            _ => (0, &[PRECISION, 2]),
        };
        self.priority = priority;
        self.overflow_at = (dialed == "8010").then_some(now + OVERFLOW_MS);
        let place = |queue: &u32| (*queue, 0, (*queue == PRECISION).then_some(now + 3000));
        self.places = queues.iter().map(place).collect();
    }

    pub(super) fn advance(&mut self, now: i64) {
        if self.overflow_at.is_some_and(|at| at <= now) {
            self.enter(now, "8000");
        }
        for (_, step, until) in &mut self.places {
            while until.is_some_and(|until| until <= now) {
                *step += 1;
                *until = (*step < 2).then_some(now + 4000);
            }
        }
    }
}

impl Model {
    pub(super) fn new(now: i64) -> Self {
        let someone = Someone {
            st: St::NotReady,
            busy: false,
            since: None,
            pending: None,
            ready_before: false,
            due: None,
            strikes: 0,
        };
        Self {
            now,
            agents: vec![someone; AGENTS],
            calls: Vec::new(),
        }
    }

    pub(super) fn set(&mut self, agent: usize, st: St) {
        let it = &mut self.agents[agent];
        if matches!(it.st, St::Reserved(_)) && st == St::Talking {
            it.since = None;
            it.strikes = 0;
        }
        if matches!(st, St::NotReady | St::Out | St::Work(_)) {
            it.since = None;
        }
        if matches!(st, St::Out | St::NotReady | St::Ready | St::Work(_)) {
            it.pending = None;
        }
        if st == St::Out {
            it.busy = false;
            it.strikes = 0;
        }
        let timed = matches!(st, St::Work(_)) && required(agent);
        it.due = timed.then_some(self.now + WORK_MS);
        it.st = st;
    }

    pub(super) fn call(&mut self, id: u32) -> &mut Call {
        self.calls.iter_mut().find(|call| call.id == id).unwrap()
    }

    /// Ends a reservation without an answer.
    pub(super) fn requeue(&mut self, id: u32) -> usize {
        let now = self.now;
        let call = self.call(id);
        let (agent, _) = call.reserved.take().unwrap();
        call.refused = Some(agent);
        call.advance(now);
        agent
    }

    pub(super) fn not_answered(&mut self, id: u32) {
        let agent = self.requeue(id);
        self.agents[agent].busy = false;
        self.set(agent, St::NotReady);
    }

    pub(super) fn sign_out(&mut self, agent: usize) {
        if let St::Reserved(id) = self.agents[agent].st {
            self.requeue(id);
        }
        self.set(agent, St::Out);
    }

    pub(super) fn ask(&mut self, agent: usize, ready: bool) {
        let it = &mut self.agents[agent];
        let pending = if ready {
            Pending::Ready
        } else {
            Pending::NotReady
        };
        match it.st {
            St::Out | St::Reserved(_) => {}
            St::Talking if it.pending == Some(Pending::Out) => {}
            St::Talking => it.pending = Some(pending),
            St::Ready if ready => {}
            _ => self.set(agent, if ready { St::Ready } else { St::NotReady }),
        }
    }

    pub(super) fn calls_over(&mut self, agent: usize) {
        let it = &mut self.agents[agent];
        it.busy = false;
        if it.st != St::Talking {
            return;
        }
        let next = match it.pending {
            Some(Pending::Out) => return self.set(agent, St::Out),
            Some(Pending::Ready) => true,
            Some(Pending::NotReady) => false,
            None => it.ready_before,
        };
        let asked = it.pending == Some(Pending::NotReady);
        let st = match (required(agent) || asked, next) {
            (true, next) => St::Work(next),
            (false, true) => St::Ready,
            (false, false) => St::NotReady,
        };
        self.set(agent, st);
    }

    pub(super) fn connected(&mut self, agent: usize) {
        let it = &mut self.agents[agent];
        match it.st {
            St::Ready | St::Work(true) => it.ready_before = true,
            St::NotReady | St::Work(false) => it.ready_before = false,
            _ => return,
        }
        self.set(agent, St::Talking);
    }

    pub(super) fn pass(&mut self, ms: i64) {
        self.now += ms;
        for agent in 0..AGENTS {
            let it = &self.agents[agent];
            if it.due.is_some_and(|due| due <= self.now) {
                let St::Work(ready) = it.st else { panic!() };
                self.set(agent, if ready { St::Ready } else { St::NotReady });
            }
        }
        let late = |call: &&Call| call.reserved.is_some_and(|(_, due)| due <= self.now);
        let late: Vec<u32> = self.calls.iter().filter(late).map(|call| call.id).collect();
        for id in late {
            self.not_answered(id);
        }
        for call in &mut self.calls {
            if call.reserved.is_none() {
                call.advance(self.now);
            }
        }
    }

    pub(super) fn available(&self, agent: usize) -> bool {
        self.agents[agent].st == St::Ready && !self.agents[agent].busy
    }

    /// Everyone available, longest first, takes the most urgent call; a refused one goes back only when nobody else is there.
    pub(super) fn settle(&mut self) {
        for agent in 0..AGENTS {
            if self.available(agent) {
                self.agents[agent].since.get_or_insert(self.now);
            }
        }
        for again in [false, true] {
            let mut order: Vec<usize> = (0..AGENTS).filter(|it| self.available(*it)).collect();
            order.sort_by_key(|agent| (self.agents[*agent].since, *agent));
            for agent in order {
                let mut waiting: Vec<&mut Call> = self
                    .calls
                    .iter_mut()
                    .filter(|call| call.reserved.is_none() && call.serves(agent))
                    .filter(|call| again || call.refused != Some(agent))
                    .collect();
                waiting.sort_by_key(|call| (u32::MAX - call.priority, call.enqueued_at, call.id));
                if let Some(call) = waiting.into_iter().next() {
                    call.reserved = Some((agent, self.now + RING_MS));
                    let id = call.id;
                    self.agents[agent].ready_before = true;
                    self.set(agent, St::Reserved(id));
                }
            }
        }
        for call in &mut self.calls {
            call.refused = None;
        }
    }
}
