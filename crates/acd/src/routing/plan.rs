//! The configuration as routing reads it: steps, who belongs to each, and where dialled numbers lead.
//!
//! A skill group is a queue of one step. Computed once; never changes while the machine runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::config::{
    AgentConfig, AttributeKind, Condition, Config, ConsiderIf, HoursConfig, MAX_PROFICIENCY,
    MAX_STEPS, RouteConfig,
};
use crate::directory::AgentIndex;
use crate::names::Names;

/// Shortest time after which a call overflows: routes that overflow to each other must not turn for ever.
const SHORTEST_OVERFLOW_MS: i64 = 1000;

/// Closed routes that a call is sent along.
const MOST_CLOSED: u32 = 10;

/// How events name a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct QueueName {
    /// SkillGroupNumber.
    pub(crate) number: u32,
    /// SkillGroupID.
    pub(crate) id: u32,
}

/// Place of a queue in the plan: skill groups, then precision queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct QueueIndex(pub(crate) u32);

/// Place of a step in the plan; the steps of a queue follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct StepIndex(pub(crate) u32);

impl StepIndex {
    pub(crate) fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Place of a route in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct RouteIndex(pub(crate) u32);

/// A queue.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    pub(crate) name: QueueName,
    pub(crate) first: StepIndex,
    pub(crate) last: StepIndex,
}

/// A step of a queue.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) queue: QueueIndex,
    /// From 0.
    pub(crate) number: u32,
    /// When a call goes on; none on the last one.
    pub(crate) wait_ms: Option<i64>,
    pub(crate) consider_if: Option<ConsiderIf>,
    /// In the order of the configuration, those of the steps before included.
    pub(crate) members: Vec<AgentIndex>,
}

/// Where a dialled number leads.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) dialed: Box<str>,
    pub(crate) priority: u32,
    pub(crate) queues: SmallVec<[QueueIndex; 2]>,
    pub(crate) overflow: Option<(i64, RouteIndex)>,
    pub(crate) hours: Option<HoursConfig>,
}

/// Where a call to a dialled number goes at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way<'a> {
    /// The number has no route.
    Unknown,
    /// This route, its own or one that takes over after hours.
    Open(RouteIndex),
    /// Closed: the call goes on to this number, which has no route; or ends.
    Closed(Option<&'a str>),
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    queues: Vec<Queue>,
    steps: Vec<Step>,
    by_number: BTreeMap<u32, QueueIndex>,
    /// The steps that each agent belongs to, in the order of the configuration.
    agent_steps: Vec<Vec<StepIndex>>,
    routes: Vec<Route>,
    /// The number of each route.
    dialed: Names,
}

impl Plan {
    /// `known` says whether an agent counts: of two with one id only the first does.
    pub(crate) fn new(config: &Config, known: impl Fn(AgentIndex) -> bool) -> Self {
        let mut plan = Self {
            agent_steps: vec![Vec::new(); config.agents.len()],
            ..Self::default()
        };
        let agents = || {
            let all = config.agents.iter().enumerate();
            all.map(|(place, agent)| (AgentIndex(place), agent))
                .filter(|(index, _)| known(*index))
        };
        let mut groups: BTreeMap<u32, Vec<AgentIndex>> = BTreeMap::new();
        for (index, agent) in agents() {
            for number in &agent.skill_groups {
                let members = groups.entry(*number).or_default();
                if members.last() != Some(&index) {
                    members.push(index);
                }
            }
        }
        for group in &config.skill_groups {
            let members = groups.get(&group.number).cloned().unwrap_or_default();
            let name = QueueName {
                number: group.number,
                id: group.id,
            };
            plan.add(name, vec![(None, None, members)]);
        }
        for queue in &config.precision_queues {
            let name = QueueName {
                number: queue.number,
                id: queue.id,
            };
            let steps = queue.steps.get(..MAX_STEPS).unwrap_or(&queue.steps);
            let mut pool: Vec<AgentIndex> = Vec::new();
            let steps = steps.iter().enumerate().map(|(place, step)| {
                let more = agents().filter(|(_, agent)| matches(config, agent, &step.any_of));
                pool.extend(more.map(|(index, _)| index));
                pool.sort_unstable();
                pool.dedup();
                let last = place + 1 == steps.len();
                let wait = (!last).then(|| i64::from(step.wait_s).saturating_mul(1000));
                (wait, step.consider_if.filter(|_| !last), pool.clone())
            });
            plan.add(name, steps.collect());
        }
        plan.add_routes(&config.routes);
        plan
    }

    fn add(
        &mut self,
        name: QueueName,
        steps: Vec<(Option<i64>, Option<ConsiderIf>, Vec<AgentIndex>)>,
    ) {
        if self.by_number.contains_key(&name.number) || steps.is_empty() {
            return;
        }
        let queue = QueueIndex(index(self.queues.len()));
        let first = StepIndex(index(self.steps.len()));
        self.by_number.insert(name.number, queue);
        for (number, (wait_ms, consider_if, members)) in steps.into_iter().enumerate() {
            let step = StepIndex(index(self.steps.len()));
            for member in &members {
                if let Some(own) = self.agent_steps.get_mut(member.0) {
                    own.push(step);
                }
            }
            self.steps.push(Step {
                queue,
                number: index(number),
                wait_ms,
                consider_if,
                members,
            });
        }
        let last = StepIndex(index(self.steps.len()).saturating_sub(1));
        self.queues.push(Queue { name, first, last });
    }

    fn add_routes(&mut self, routes: &[RouteConfig]) {
        let dialed: Names = routes.iter().map(|route| route.dialed.as_str()).collect();
        for (place, route) in routes.iter().enumerate() {
            if dialed.find(&route.dialed) != Some(place) {
                continue;
            }
            let mut queues: SmallVec<[QueueIndex; 2]> = SmallVec::new();
            for number in &route.queues {
                if let Some(queue) = self.by_number.get(number)
                    && !queues.contains(queue)
                {
                    queues.push(*queue);
                }
            }
            self.routes.push(Route {
                dialed: route.dialed.as_str().into(),
                priority: route.priority,
                queues,
                overflow: None,
                hours: route.hours.clone(),
            });
        }
        self.dialed = self.routes.iter().map(|route| &*route.dialed).collect();
        for config in routes {
            let own = self.route_to(&config.dialed);
            let overflow = config.overflow.as_ref().and_then(|overflow| {
                let to = self.route_to(&overflow.to)?;
                let after = i64::from(overflow.after_s).saturating_mul(1000);
                Some((after.max(SHORTEST_OVERFLOW_MS), to))
            });
            if let Some(own) = own
                && let Some(route) = self.routes.get_mut(place(own.0))
                && route.overflow.is_none()
            {
                route.overflow = overflow;
            }
        }
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(crate) fn queues(&self) -> &[Queue] {
        &self.queues
    }

    pub(crate) fn step(&self, step: StepIndex) -> Option<&Step> {
        self.steps.get(step.place())
    }

    pub(crate) fn queue(&self, queue: QueueIndex) -> Option<&Queue> {
        self.queues.get(place(queue.0))
    }

    pub(crate) fn queue_by_number(&self, number: u32) -> Option<&Queue> {
        self.queue(*self.by_number.get(&number)?)
    }

    /// A queue by its SkillGroupID.
    pub(crate) fn queue_by_id(&self, id: u32) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.name.id == id)
    }

    /// Everyone who can be given a call of a queue: the members of its last step.
    pub(crate) fn members(&self, queue: &Queue) -> &[AgentIndex] {
        self.step(queue.last).map_or(&[], |step| &step.members)
    }

    /// SkillGroupNumbers of the queues that an agent serves, in the order of the configuration.
    pub(crate) fn agent_queues(&self, agent: AgentIndex) -> impl Iterator<Item = u32> {
        self.agent_steps(agent).iter().filter_map(|step| {
            // Who serves a queue is on its last step.
            let queue = self.queue_of(*step).filter(|queue| queue.last == *step)?;
            Some(queue.name.number)
        })
    }

    /// The queue of a step.
    pub(crate) fn queue_of(&self, step: StepIndex) -> Option<&Queue> {
        self.queue(self.step(step)?.queue)
    }

    pub(crate) fn agent_steps(&self, agent: AgentIndex) -> &[StepIndex] {
        self.agent_steps.get(agent.0).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn route(&self, route: RouteIndex) -> Option<&Route> {
        self.routes.get(place(route.0))
    }

    /// The way of a call that comes now, in milliseconds since 1970. Routes that are closed and lead to each other lead
    /// nowhere.
    pub(crate) fn way(&self, dialed: &str, now: i64) -> Way<'_> {
        let Some(mut index) = self.route_to(dialed) else {
            return Way::Unknown;
        };
        for _ in 0..MOST_CLOSED {
            let hours = self.route(index).and_then(|route| route.hours.as_ref());
            let Some(hours) = hours.filter(|hours| !hours.is_open(now)) else {
                return Way::Open(index);
            };
            match self.route_to(&hours.closed_to) {
                Some(next) => index = next,
                None if hours.closed_to.is_empty() => return Way::Closed(None),
                None => return Way::Closed(Some(&hours.closed_to)),
            }
        }
        Way::Closed(None)
    }

    pub(crate) fn route_to(&self, dialed: &str) -> Option<RouteIndex> {
        self.dialed
            .find(dialed)
            .map(|place| RouteIndex(index(place)))
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn place(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// Whether an agent's attributes fulfil an expression.
fn matches(config: &Config, agent: &AgentConfig, any_of: &[Vec<Condition>]) -> bool {
    any_of.iter().any(|all_of| {
        all_of.iter().all(|condition| {
            value_of(config, agent, condition.attribute)
                .is_some_and(|value| condition.comparison.holds(value, condition.value))
        })
    })
}

/// The agent's value of an attribute, if it is one that the attribute can have.
fn value_of(config: &Config, agent: &AgentConfig, attribute: u32) -> Option<u32> {
    let kind = config.attributes.iter().find(|own| own.id == attribute)?;
    let own = agent.attributes.iter();
    let value = own
        .into_iter()
        .find(|own| own.attribute == attribute)?
        .value;
    let valid = match kind.kind {
        AttributeKind::Boolean => value <= 1,
        AttributeKind::Proficiency => (1..=MAX_PROFICIENCY).contains(&value),
    };
    valid.then_some(value)
}
