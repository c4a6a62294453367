//! Statistics of queues: asked for every ten seconds, told when they changed.
//!
//! Reference section 5.7; finesse-api.md 2.8 and 5.2.

use tact_ged188::QuerySkillGroupStatisticsConf;

use crate::query::Ask;
use crate::timer::Timer;
use crate::{Desk, Output, Publish, QueueStatistics};

/// Milliseconds from one round of questions to the next.
const PERIOD_MS: i64 = 10_000;
/// A waiting time in whole seconds puts the beginning of the wait a little differently each time;
/// within these milliseconds it is the same one.
const SAME_WAIT_MS: i64 = 2_000;

impl Desk {
    /// Begins to ask, when there is anything to ask for and it was not begun yet.
    pub(crate) fn watch_queues(&mut self, now: i64, out: &mut Vec<Output>) {
        if self.session.service.in_service
            && !self.timers.is_set(&Timer::Statistics)
            && self.queues.assigned().next().is_some()
        {
            self.ask_statistics(now, out);
        }
    }

    /// One round of questions. A round that is not through is not joined by another.
    pub(crate) fn ask_statistics(&mut self, now: i64, out: &mut Vec<Output>) {
        if !self.session.service.in_service {
            return;
        }
        self.timers.set(Timer::Statistics, now + PERIOD_MS);
        if self.session.asks.has_queues() {
            return;
        }
        let numbers: Vec<u32> = self.queues.assigned().collect();
        for number in numbers {
            self.session.asks.push(Ask::Queue(number));
        }
        self.send_asks(now, out);
    }

    pub(crate) fn statistics_answered(
        &mut self,
        now: i64,
        conf: &QuerySkillGroupStatisticsConf,
        out: &mut Vec<Output>,
    ) {
        let Some(Ask::Queue(number)) =
            self.take_ask(conf.invoke_id, |ask| matches!(ask, Ask::Queue(_)))
        else {
            return;
        };
        let is_assigned = self.queues.assigned().any(|assigned| assigned == number);
        if let Some(queue) = self.queues.get_mut(number).filter(|_| is_assigned) {
            let before = queue.statistics;
            let after = statistics(now, conf, before);
            if before != Some(after) {
                queue.statistics = Some(after);
                out.push(Output::Publish(Publish::Queue { number }));
            }
        }
        self.send_asks(now, out);
    }
}

/// What a queue's subscribers see of the answer. All ones is a number that the server does not know.
fn statistics(
    now: i64,
    conf: &QuerySkillGroupStatisticsConf,
    before: Option<QueueStatistics>,
) -> QueueStatistics {
    let known = |number: u32| Some(number).filter(|number| *number != u32::MAX);
    let count = |number: u32| known(number).unwrap_or_default();
    // Calls wait at the router; a peripheral that queues by itself has its own numbers.
    let (calls, longest) = match known(conf.router_calls_q_now) {
        Some(calls) if calls > 0 || count(conf.calls_q_now) == 0 => {
            (calls, conf.longest_router_call_q_now)
        }
        _ => (count(conf.calls_q_now), conf.longest_call_q_now),
    };
    let since = known(longest)
        .filter(|_| calls > 0)
        .map(|seconds| now.saturating_sub(i64::from(seconds).saturating_mul(1000)));
    let same = before
        .and_then(|before| before.longest_since)
        .filter(|old| since.is_some_and(|new| new.saturating_sub(*old).abs() < SAME_WAIT_MS));
    QueueStatistics {
        calls_in_queue: calls,
        longest_since: same.or(since),
        agents_ready: known(conf.agents_avail).unwrap_or(count(conf.agents_ready)),
        agents_not_ready: count(conf.agents_not_ready),
        agents_busy_other: count(conf.agents_busy_other),
        agents_logged_on: count(conf.agents_logged_on),
        agents_talking_inbound: count(conf.agents_talking_in),
        agents_talking_outbound: count(conf.agents_talking_out)
            .saturating_add(count(conf.agents_talking_auto_out))
            .saturating_add(count(conf.agents_talking_preview)),
        agents_talking_internal: count(conf.agents_talking_other),
        agents_work_not_ready: count(conf.agents_work_not_ready),
        agents_work_ready: count(conf.agents_work_ready),
    }
}
