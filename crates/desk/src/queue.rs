//! Queues: skill groups as the configuration names them, and their statistics.

/// A skill group or precision queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// SkillGroupNumber, which REST calls the queue's id.
    pub number: u32,
    /// SkillGroupSkillTargetID.
    pub id: u32,
    /// Its name; may be empty.
    pub name: String,
    /// The latest; `None` when no agent is assigned to it, or nothing was told yet.
    pub statistics: Option<QueueStatistics>,
}

/// How a queue stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueStatistics {
    /// Calls that wait.
    pub calls_in_queue: u32,
    /// Milliseconds since 1970 when the longest waiting call began to wait.
    pub longest_since: Option<i64>,
    /// Agents who are ready.
    pub agents_ready: u32,
    /// Agents who are not ready.
    pub agents_not_ready: u32,
    /// Agents busy with another queue's calls.
    pub agents_busy_other: u32,
    /// Agents signed in.
    pub agents_logged_on: u32,
    /// Agents on calls of this queue.
    pub agents_talking_inbound: u32,
    /// Agents on outbound calls.
    pub agents_talking_outbound: u32,
    /// Agents on internal calls.
    pub agents_talking_internal: u32,
    /// Agents in wrap-up, not ready afterwards.
    pub agents_work_not_ready: u32,
    /// Agents in wrap-up, ready afterwards.
    pub agents_work_ready: u32,
}
