//! Queue out of what the desk knows of a skill group (finesse-api.md 2.8).

use tact_api::QueueStatistics;
use tact_desk::Queue;

/// A queue. Where nothing is known of its calls and agents every count is -1.
pub fn queue(queue: &Queue) -> tact_api::Queue {
    let known = queue.statistics.map(|now| QueueStatistics {
        agents_busy_other: now.agents_busy_other.into(),
        agents_logged_on: now.agents_logged_on.into(),
        agents_not_ready: now.agents_not_ready.into(),
        agents_ready: now.agents_ready.into(),
        agents_talking_inbound: now.agents_talking_inbound.into(),
        agents_talking_internal: now.agents_talking_internal.into(),
        agents_talking_outbound: now.agents_talking_outbound.into(),
        agents_wrap_up_not_ready: now.agents_work_not_ready.into(),
        agents_wrap_up_ready: now.agents_work_ready.into(),
        calls_in_queue: now.calls_in_queue.into(),
        longest_since: now.longest_since,
    });
    tact_api::Queue {
        name: queue.name.clone(),
        statistics: Some(known.unwrap_or_default()),
        uri: tact_api::Queue::uri_of(queue.number),
    }
}
