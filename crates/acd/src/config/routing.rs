//! What decides which agent gets a call: attributes, precision queues, routes.
//!
//! Plain data like the rest of the configuration; `routing` says what it means. Reference
//! acd-and-telephony, 3.2 and 3.4.

use serde::{Deserialize, Serialize};

/// Highest proficiency; the lowest is 1.
pub const MAX_PROFICIENCY: u32 = 10;
/// Steps of a precision queue that count; further ones are ignored.
pub const MAX_STEPS: usize = 10;

/// Something that agents can have or know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeConfig {
    /// AttributeID; agents and conditions refer to it.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// What values it takes.
    pub kind: AttributeKind,
}

/// The values of an attribute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributeKind {
    /// 0 is false, 1 is true.
    #[default]
    Boolean,
    /// 1 to [`MAX_PROFICIENCY`].
    Proficiency,
}

/// An attribute of one agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentAttribute {
    /// Id of the attribute.
    pub attribute: u32,
    /// Its value. One that the attribute's kind does not have counts as no attribute.
    pub value: u32,
}

/// A queue whose agents are found by their attributes, in steps that widen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrecisionQueueConfig {
    /// SkillGroupNumber in events; skill groups and precision queues share one range of numbers.
    pub number: u32,
    /// PrecisionQueueID, SkillGroupID in events.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// The steps, at most [`MAX_STEPS`]. A later step's agents include those of the steps before it.
    pub steps: Vec<StepConfig>,
}

/// One step of a precision queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepConfig {
    /// An agent belongs to the step when all conditions of one of these groups hold (disjunctive
    /// normal form). A group without conditions holds for everyone, no group at all for nobody.
    pub any_of: Vec<Vec<Condition>>,
    /// Seconds after which a call goes on to the next step. On the last step it has no meaning.
    pub wait_s: u32,
    /// Whether the step is considered; when this does not hold as a call comes to it, the call goes
    /// on at once. The last step is always considered.
    pub consider_if: Option<ConsiderIf>,
}

/// A condition on one attribute. Never holds for an agent who does not have the attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Id of the attribute.
    pub attribute: u32,
    /// How the agent's value is compared,
    pub comparison: Comparison,
    /// and with what.
    pub value: u32,
}

/// A condition on the queue itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsiderIf {
    /// What is looked at, for this step,
    pub measure: Measure,
    /// how it is compared,
    pub comparison: Comparison,
    /// and with what.
    pub value: u32,
}

/// What can be known of a step of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Agents of the step who are signed in.
    AgentsLoggedOn,
    /// Agents of the step who could be given a call now.
    AgentsReady,
    /// Calls that wait in the queue, on any step, the call in question not among them.
    CallsWaiting,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// Less.
    Less,
    /// Less or the same.
    AtMost,
    /// More.
    Greater,
    /// More or the same.
    AtLeast,
}

impl Comparison {
    /// Whether it holds between the two.
    pub fn holds(self, left: u32, right: u32) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

/// Where calls to a dialled number go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteConfig {
    /// The number. Of two routes with one number the first counts.
    pub dialed: String,
    /// CallTypeID.
    pub call_type: u32,
    /// Of two waiting calls the one with the higher priority goes first.
    pub priority: u32,
    /// Numbers of the skill groups and precision queues that the call waits in at once; in the order
    /// in which one of several that the chosen agent serves is named. Unknown ones are ignored.
    pub queues: Vec<u32>,
    /// Where the call goes when it has waited for long.
    pub overflow: Option<OverflowConfig>,
    /// When the number is answered; none is always.
    #[serde(default)]
    pub hours: Option<HoursConfig>,
}

/// When a route is open. It is asked when a call comes to it by its number: calls that wait already when it closes, and
/// those that overflow to it, are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursConfig {
    /// Minutes that the centre's clocks are ahead of UTC. The machine knows no summer time: it changes with this.
    pub utc_offset_min: i32,
    /// The week's hours. None at all is never open.
    pub open: Vec<OpenHours>,
    /// The number that a call goes on to outside of them: another route, whose own hours count, an extension, or a
    /// number beyond the trunk. Empty: the call ends.
    pub closed_to: String,
}

/// Some time of every week, in minutes since Monday 0:00. One that ends before it begins goes on into Monday.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenHours {
    /// The first minute.
    pub from_min: u32,
    /// The first minute that is not of it any more.
    pub to_min: u32,
}

/// Minutes of a week.
const WEEK_MIN: i64 = 7 * 24 * 60;
/// 1970 began on a Thursday: minutes since Monday.
const EPOCH_MIN: i64 = 3 * 24 * 60;

impl HoursConfig {
    /// Whether `now`, in milliseconds since 1970, is within the hours.
    pub fn is_open(&self, now: i64) -> bool {
        let minute = now.div_euclid(60_000) + i64::from(self.utc_offset_min) + EPOCH_MIN;
        let minute = minute.rem_euclid(WEEK_MIN);
        self.open.iter().any(|hours| {
            let (from, to) = (i64::from(hours.from_min), i64::from(hours.to_min));
            if from <= to {
                (from..to).contains(&minute)
            } else {
                minute >= from || minute < to
            }
        })
    }
}

/// What happens to a call that nobody took.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverflowConfig {
    /// Seconds of waiting, counted from when the call came to the route.
    pub after_s: u32,
    /// The dialled number whose route takes over. One without a route is ignored: the call waits on.
    pub to: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_those_of_the_centres_week() {
        // 2023-11-14 22:13:20 UTC, a Tuesday.
        let now = 1_700_000_000_000;
        let open = |offset, from, to| {
            let hours = HoursConfig {
                utc_offset_min: offset,
                open: vec![OpenHours {
                    from_min: from,
                    to_min: to,
                }],
                closed_to: String::new(),
            };
            hours.is_open(now)
        };
        let tuesday = |hour: u32, minute: u32| 24 * 60 + hour * 60 + minute;
        assert!(open(0, tuesday(22, 13), tuesday(22, 14)));
        assert!(!open(0, tuesday(22, 14), tuesday(23, 0)));
        assert!(!open(0, tuesday(8, 0), tuesday(22, 13)));
        // In Berlin it is 23:13, in Auckland Wednesday 11:13.
        assert!(open(60, tuesday(23, 0), tuesday(24, 0)));
        assert!(open(13 * 60, tuesday(24 + 11, 0), tuesday(24 + 12, 0)));
        // From Sunday night into Monday, and from Monday to Sunday night.
        assert!(!open(0, 10_020, 360));
        assert!(open(0, 1440, 0));
        assert!(!HoursConfig::default().is_open(now));
    }

    #[test]
    fn comparisons_are_what_they_say() {
        use Comparison::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
        for (comparison, below, same, above) in [
            (Equal, false, true, false),
            (NotEqual, true, false, true),
            (Less, true, false, false),
            (AtMost, true, true, false),
            (Greater, false, false, true),
            (AtLeast, false, true, true),
        ] {
            let holds = [4, 5, 6].map(|left| comparison.holds(left, 5));
            assert_eq!(holds, [below, same, above], "{comparison:?}");
        }
    }
}
