//! Queues and how busy they are (finesse-api.md 2.8).

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};
use crate::system_info::read_time;
use crate::timestamp;

/// A queue. Its number is in its URI only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// How busy it is; `None` leaves the element out, as for a queue that is gone.
    pub statistics: Option<QueueStatistics>,
    /// `/finesse/api/Queue/{number}`.
    pub uri: String,
}

/// Counts of calls and agents; -1 each for a queue that nobody is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueStatistics {
    /// Talking with somebody else's call, or otherwise busy.
    pub agents_busy_other: i64,
    /// Signed in.
    pub agents_logged_on: i64,
    /// NOT_READY.
    pub agents_not_ready: i64,
    /// READY.
    pub agents_ready: i64,
    /// Talking with a caller.
    pub agents_talking_inbound: i64,
    /// Talking with a colleague.
    pub agents_talking_internal: i64,
    /// Talking with one whom the agent called.
    pub agents_talking_outbound: i64,
    /// In wrap-up, NOT_READY after it.
    pub agents_wrap_up_not_ready: i64,
    /// In wrap-up, READY after it.
    pub agents_wrap_up_ready: i64,
    /// Calls that wait.
    pub calls_in_queue: i64,
    /// When the call that waits longest began to, milliseconds since 1970; `None` when none waits.
    pub longest_since: Option<i64>,
}

impl Default for QueueStatistics {
    /// Those of a queue that nobody is assigned to.
    fn default() -> QueueStatistics {
        QueueStatistics {
            agents_busy_other: -1,
            agents_logged_on: -1,
            agents_not_ready: -1,
            agents_ready: -1,
            agents_talking_inbound: -1,
            agents_talking_internal: -1,
            agents_talking_outbound: -1,
            agents_wrap_up_not_ready: -1,
            agents_wrap_up_ready: -1,
            calls_in_queue: -1,
            longest_since: None,
        }
    }
}

/// The queues of an agent, or of a supervisor's teams.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queues {
    /// By number.
    pub queues: Vec<Queue>,
}

impl Queue {
    /// `/finesse/api/Queue/{number}`.
    pub fn uri_of(number: u32) -> String {
        format!("/finesse/api/Queue/{number}")
    }
}

impl Document for Queue {
    const NAME: &'static str = "Queue";

    fn write(&self, out: &mut dyn Writer) {
        out.text("name", &self.name);
        if let Some(statistics) = &self.statistics {
            statistics.write_as("statistics", out);
        }
        out.text("uri", &self.uri);
    }

    fn read(root: &Element) -> Result<Queue, ReadError> {
        let statistics = root.child("statistics").map(QueueStatistics::read);
        Ok(Queue {
            name: root.string_of("name"),
            statistics: statistics.transpose()?,
            uri: root.string_of("uri"),
        })
    }
}

impl Document for QueueStatistics {
    const NAME: &'static str = "statistics";

    fn write(&self, out: &mut dyn Writer) {
        out.number("agentsBusyOther", self.agents_busy_other);
        out.number("agentsLoggedOn", self.agents_logged_on);
        out.number("agentsNotReady", self.agents_not_ready);
        out.number("agentsReady", self.agents_ready);
        out.number("agentsTalkingInbound", self.agents_talking_inbound);
        out.number("agentsTalkingInternal", self.agents_talking_internal);
        out.number("agentsTalkingOutbound", self.agents_talking_outbound);
        out.number("agentsWrapUpNotReady", self.agents_wrap_up_not_ready);
        out.number("agentsWrapUpReady", self.agents_wrap_up_ready);
        out.number("callsInQueue", self.calls_in_queue);
        let longest = self.longest_since.map(timestamp::format);
        out.text(
            "startTimeOfLongestCallInQueue",
            &longest.unwrap_or_default(),
        );
    }

    fn read(root: &Element) -> Result<QueueStatistics, ReadError> {
        let number = |name| Ok(root.value_of(name)?.unwrap_or(-1));
        Ok(QueueStatistics {
            agents_busy_other: number("agentsBusyOther")?,
            agents_logged_on: number("agentsLoggedOn")?,
            agents_not_ready: number("agentsNotReady")?,
            agents_ready: number("agentsReady")?,
            agents_talking_inbound: number("agentsTalkingInbound")?,
            agents_talking_internal: number("agentsTalkingInternal")?,
            agents_talking_outbound: number("agentsTalkingOutbound")?,
            agents_wrap_up_not_ready: number("agentsWrapUpNotReady")?,
            agents_wrap_up_ready: number("agentsWrapUpReady")?,
            calls_in_queue: number("callsInQueue")?,
            longest_since: read_time(root, "startTimeOfLongestCallInQueue")?,
        })
    }
}

impl Document for Queues {
    const NAME: &'static str = "Queues";

    fn write(&self, out: &mut dyn Writer) {
        out.list("Queue");
        for queue in &self.queues {
            queue.write_as("Queue", out);
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<Queues, ReadError> {
        let queues = root.children("Queue").map(Queue::read);
        Ok(Queues {
            queues: queues.collect::<Result<_, _>>()?,
        })
    }
}
