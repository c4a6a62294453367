//! The explanation of `tact cti replay --why` in words.

use std::io::{self, Write};

use tact_acd::{NotTaken, Outcome};

use crate::cti_replay::time;
use crate::cti_why::{Candidate, Explained, Explanation, Stay};

/// Writes the explanation, one paragraph for each decision. Times are UTC.
///
/// # Errors
/// Writing fails.
pub(crate) fn write(
    explanation: &Explanation,
    subject: &str,
    output: &mut impl Write,
) -> io::Result<()> {
    if explanation.stays.is_empty() {
        let mut callers = explanation.decisions.iter();
        match callers.find_map(|one| one.caller.as_deref()) {
            Some(caller) => writeln!(output, "Call {subject} from {caller}")?,
            None => writeln!(output, "Call {subject}")?,
        }
    } else {
        writeln!(output, "Agent {subject}")?;
        let mut beside = None;
        // What was over at once, as LOGIN always is, says nothing.
        for stay in explanation.stays.iter().filter(|it| it.to != Some(it.from)) {
            writeln!(output, "    {}", during(stay, beside))?;
            beside = stay.to;
        }
    }
    for decision in &explanation.decisions {
        writeln!(output)?;
        write_decision(explanation, decision, output)?;
    }
    if explanation.decisions.is_empty() {
        writeln!(output, "No call was to be had.")?;
    }
    if let Some(damage) = &explanation.damage {
        writeln!(output, "\nThe journal ends here: {damage}.")?;
    }
    Ok(())
}

fn write_decision(
    explanation: &Explanation,
    decision: &Explained,
    output: &mut impl Write,
) -> io::Result<()> {
    let queue = |number: u32| match explanation.queues.get(&number) {
        Some(name) => format!("{number} ({name})"),
        None => number.to_string(),
    };
    write!(output, "{}  call {}", clock(decision.time), decision.call)?;
    match &decision.outcome {
        Outcome::Waits {
            queues,
            priority,
            enqueued_at,
        } => {
            let places: Vec<String> = queues
                .iter()
                .map(|(number, step)| format!("{} step {}", queue(*number), step + 1))
                .collect();
            writeln!(
                output,
                " waits in queue {}{} since {}: nobody eligible is available",
                places.join(" and "),
                urgent(*priority),
                moment(*enqueued_at, Some(decision.time))
            )?;
        }
        Outcome::Offered {
            queue: number,
            step,
            agent,
            available_since,
            priority,
            enqueued_at,
        } => {
            writeln!(
                output,
                " is offered to agent {agent} from queue {} step {}{}, {}",
                queue(*number),
                step + 1,
                urgent(*priority),
                waited(decision.time - enqueued_at)
            )?;
            writeln!(
                output,
                "    agent {agent} was available since {}, the longest",
                moment(*available_since, Some(decision.time))
            )?;
        }
        Outcome::Widened {
            queue: number,
            step,
        } => writeln!(
            output,
            " goes on to step {} of queue {}",
            step + 1,
            queue(*number)
        )?,
        Outcome::Requeued { agent, why } => writeln!(
            output,
            " is queued again, with its place kept: agent {agent} {}",
            reason(*why)
        )?,
        Outcome::Overflowed { to } => writeln!(output, " waited for too long and goes on to {to}")?,
        Outcome::Closed { to: Some(to) } => {
            writeln!(output, " comes after hours and goes on to {to}")?
        }
        Outcome::Closed { to: None } => writeln!(output, " comes after hours and ends")?,
        Outcome::Answered { agent } => writeln!(output, " is answered by agent {agent}")?,
        Outcome::Gone { reserved: None } => writeln!(output, " wants no agent any more")?,
        Outcome::Gone {
            reserved: Some(agent),
        } => writeln!(
            output,
            " wants no agent any more; agent {agent}, who was reserved for it, is free again"
        )?,
    }
    for candidate in &decision.others {
        writeln!(output, "    {}", skipped(candidate, decision))?;
    }
    match decision.signed_out {
        0 => Ok(()),
        1 => writeln!(output, "    1 more was signed out"),
        more => writeln!(output, "    {more} more were signed out"),
    }
}

/// Why an agent who was eligible did not get the call.
fn skipped(candidate: &Candidate, decision: &Explained) -> String {
    let agent = &candidate.agent;
    let beside = Some(decision.time);
    match (candidate.available_since, &decision.outcome) {
        (
            Some(since),
            Outcome::Offered {
                available_since, ..
            },
        ) if since >= *available_since => {
            format!(
                "agent {agent} was skipped: available since {}, not as long",
                moment(since, beside)
            )
        }
        // The call was refused by that agent just now, or is on its way to another one.
        (Some(since), _) => format!(
            "agent {agent} was skipped: available since {}, but a call was on its way or had just been declined",
            moment(since, beside)
        ),
        (None, _) => format!(
            "agent {agent} was skipped: {}",
            during(&candidate.stay, beside)
        ),
    }
}

/// `NOT_READY (reason 5) 14:02:00.000 to 14:05:00.000`.
fn during(stay: &Stay, beside: Option<i64>) -> String {
    let state = stay
        .state
        .strip_prefix("AGENT_STATE_")
        .unwrap_or(&stay.state);
    let reason = match stay.reason {
        0 => String::new(),
        reason => format!(" (reason {reason})"),
    };
    let from = moment(stay.from, beside);
    match stay.to {
        Some(to) => {
            let to = moment(to, Some(stay.from));
            format!("{state}{reason} {from} to {to}")
        }
        None => format!("{state}{reason} since {from}"),
    }
}

fn reason(why: NotTaken) -> &'static str {
    match why {
        NotTaken::RingNoAnswer => "did not answer in time",
        NotTaken::Rejected => "declined",
        NotTaken::DeviceLost => "lost the phone",
        NotTaken::NotArrived => "could not be rung",
        NotTaken::AgentGone => "was signed out or left the reservation",
    }
}

/// A time with its date.
fn clock(ms: i64) -> String {
    match time(ms) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

/// A time, without its date beside another time of the same day.
fn moment(ms: i64, beside: Option<i64>) -> String {
    let (text, other) = (clock(ms), beside.map(clock).unwrap_or_default());
    match (text.split_once('T'), other.split_once('T')) {
        (Some((day, time)), Some((other, _))) if day == other => time.trim_end_matches('Z').into(),
        _ => text,
    }
}

/// Nothing of the usual priority.
fn urgent(priority: u32) -> String {
    match priority {
        0 => String::new(),
        priority => format!(" with priority {priority}"),
    }
}

fn waited(ms: i64) -> String {
    match ms {
        ..1000 => "at once".to_owned(),
        ms => format!("after {} s of waiting", ms / 1000),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn stay(state: &str, reason: u16, from: i64, to: Option<i64>) -> Stay {
        Stay {
            state: format!("AGENT_STATE_{state}"),
            reason,
            from,
            to,
        }
    }

    fn decision(time: i64, outcome: Outcome, others: Vec<Candidate>) -> Explained {
        Explained {
            time,
            input: 1,
            call: 16_777_217,
            caller: Some("0612345678".into()),
            outcome,
            others,
            signed_out: 0,
        }
    }

    #[test]
    fn a_call_is_told_from_its_arrival_to_its_answer() {
        let candidate = |agent: &str, available_since, stay| Candidate {
            agent: agent.into(),
            available_since,
            stay,
        };
        let waits = Outcome::Waits {
            queues: vec![(1, 0), (7, 1)],
            priority: 2,
            enqueued_at: 10_000,
        };
        let offered = Outcome::Offered {
            queue: 1,
            step: 0,
            agent: "2003".into(),
            available_since: 20_000,
            priority: 2,
            enqueued_at: 10_000,
        };
        let explanation = Explanation {
            decisions: vec![
                Explained {
                    signed_out: 3,
                    ..decision(
                        10_000,
                        waits,
                        vec![candidate(
                            "2004",
                            None,
                            stay("NOT_READY", 5, 2_000, Some(30_000)),
                        )],
                    )
                },
                decision(
                    20_000,
                    offered,
                    vec![
                        candidate("2004", None, stay("NOT_READY", 5, 2_000, Some(30_000))),
                        candidate("2005", Some(20_500), stay("AVAILABLE", 0, 20_500, None)),
                    ],
                ),
                decision(
                    30_000,
                    Outcome::Requeued {
                        agent: "2003".into(),
                        why: NotTaken::RingNoAnswer,
                    },
                    Vec::new(),
                ),
            ],
            stays: Vec::new(),
            queues: BTreeMap::from([(1, "Sales".into())]),
            damage: None,
        };
        let mut text = Vec::new();
        write(&explanation, "16777217", &mut text).unwrap();
        let day = "1970-01-01T00:00";
        assert_eq!(
            String::from_utf8(text).unwrap(),
            format!(
                "Call 16777217 from 0612345678\n\
                 \n\
                 {day}:10.000Z  call 16777217 waits in queue 1 (Sales) step 1 and 7 step 2 with priority 2 since 00:00:10.000: nobody eligible is available\n    \
                 agent 2004 was skipped: NOT_READY (reason 5) 00:00:02.000 to 00:00:30.000\n    \
                 3 more were signed out\n\
                 \n\
                 {day}:20.000Z  call 16777217 is offered to agent 2003 from queue 1 (Sales) step 1 with priority 2, after 10 s of waiting\n    \
                 agent 2003 was available since 00:00:20.000, the longest\n    \
                 agent 2004 was skipped: NOT_READY (reason 5) 00:00:02.000 to 00:00:30.000\n    \
                 agent 2005 was skipped: available since 00:00:20.500, not as long\n\
                 \n\
                 {day}:30.000Z  call 16777217 is queued again, with its place kept: agent 2003 did not answer in time\n"
            )
        );
    }

    #[test]
    fn an_agent_is_told_with_what_the_agent_did() {
        let explanation = Explanation {
            decisions: Vec::new(),
            stays: vec![
                stay("LOGOUT", 0, 0, Some(1_000)),
                stay("LOGIN", 0, 1_000, Some(1_000)),
                stay("AVAILABLE", 0, 1_000, Some(86_402_000)),
                stay("NOT_READY", 0, 86_402_000, None),
            ],
            queues: BTreeMap::new(),
            damage: Some("cut".into()),
        };
        let mut text = Vec::new();
        write(&explanation, "2001", &mut text).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "Agent 2001\n    \
             LOGOUT 1970-01-01T00:00:00.000Z to 00:00:01.000\n    \
             AVAILABLE 00:00:01.000 to 1970-01-02T00:00:02.000Z\n    \
             NOT_READY since 00:00:02.000\n\
             No call was to be had.\n\
             \n\
             The journal ends here: cut.\n"
        );
    }
}
