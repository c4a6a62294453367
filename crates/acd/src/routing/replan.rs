//! Another configuration under the same state: who serves which queue may have changed.

use super::line::{Line, Standing};
use super::queue::Waiting;
use crate::directory::AgentIndex;
use crate::machine::Acd;

impl Acd {
    /// Whether no call wants an agent, so that queues and routes may be others.
    pub(crate) fn nothing_waits(&self) -> bool {
        self.routing.tickets.is_empty()
    }

    /// The directory is another one. Unless [`nothing_waits`](Self::nothing_waits), its queues, their steps and its routes
    /// are those of before.
    pub(crate) fn replan(&mut self) {
        let routing = &mut self.routing;
        let plan = self.directory.plan();
        self.dialer.replan(plan);
        if routing.tickets.is_empty() {
            routing.waiting = Waiting::new(plan.steps().len());
        }
        routing.lines = plan.steps().iter().map(|_| Line::default()).collect();
        routing
            .standings
            .resize_with(self.agents.len(), Standing::default);
        for (place, standing) in routing.standings.iter_mut().enumerate() {
            let index = AgentIndex(place);
            let mut fresh = Standing::default();
            fresh.available = standing.available;
            fresh.since = standing.since;
            fresh.reserved = standing.reserved;
            *standing = fresh;
            if !standing.available {
                continue;
            }
            for (place, step) in (0_u32..).zip(plan.agent_steps(index)) {
                if let Some(line) = routing.lines.get_mut(step.place()) {
                    line.join(index, standing, place);
                }
            }
            // Somebody may serve a queue now in which a call waits.
            routing.agents_to_do.insert((standing.since, index));
        }
    }
}
