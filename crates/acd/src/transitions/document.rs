//! The table as a page: docs/agent-states.md.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{On, Reason, Row, State, TABLE, Then, When};

const HEAD: &str = "\
# Agent states

Written from the table in `crates/acd/src/transitions.rs`, which the contact centre runs on. After a change of the table:
`TACT_UPDATE_DOCS=1 cargo test -p tact-acd the_document_is_the_table`.

What the states are called on the wire: READY is AGENT_STATE_AVAILABLE; the two RESERVED_OUTBOUND states are AGENT_STATE_RESERVED
with Direction 5 and 6. A pending state is told as NextAgentState, the last one asked for counts, and it is applied once,
when the last call at the phone ends.

- Wrap-up follows a call when the desk settings require it; where they make it optional, when the agent asked for it during the
  call, with WORK_NOT_READY or WORK_READY, or with NOT_READY, which is all that a desktop can ask for. What a supervisor
  forces asks for no wrap-up.
- A forced sign-out waits for the end of the call and skips wrap-up. Only another one replaces it.
- A phone that is lost during a call signs its agent out after it, else at once.
- An agent waits since becoming READY. The place in the order is kept when an offer ends without the agent's fault and
  after a call that was not routed; it begins anew after NOT_READY, after wrap-up and after a routed call.

";

/// The page, in Markdown.
pub fn document() -> String {
    let mut page = String::from(HEAD);
    page.push_str("```mermaid\nstateDiagram-v2\n");
    page.push_str("    [*] --> LOGOUT\n");
    for ((from, to), inputs) in arrows() {
        let _ = writeln!(
            page,
            "    {} --> {}: {}",
            from.name(),
            to.name(),
            inputs.join(", ")
        );
    }
    page.push_str("```\n\nThe first row that fits counts. Without a row a request is refused with 265 and 10108, and nothing else changes.\n\n");
    page.push_str("| in | when | if | then |\n|---|---|---|---|\n");
    for row in TABLE {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            row.from.name(),
            on(row.on),
            when(row.when),
            then(row.then)
        );
    }
    page
}

/// Changes from one state to another, with what leads to them.
fn arrows() -> BTreeMap<(State, State), Vec<String>> {
    let mut arrows: BTreeMap<(State, State), Vec<String>> = BTreeMap::new();
    for row in TABLE {
        if let Then::Go(to, _) = row.then {
            let inputs = arrows.entry((row.from, to)).or_default();
            let input = arrow(row);
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
    }
    arrows
}

fn arrow(row: &Row) -> String {
    match (row.on, row.when) {
        (On::Ask(_), _) => "asked".to_owned(),
        (On::Force(_), _) => "forced".to_owned(),
        (input, When::Always) => on(input),
        (input, guard) => format!("{} ({})", on(input), when(guard)),
    }
}

/// How an input is called.
pub fn on(on: On) -> String {
    match on {
        On::SignIn => "sign-in".to_owned(),
        On::Ask(target) => format!("asks {}", target.state().name()),
        On::Force(target) => format!("forced {}", target.state().name()),
        On::Routed => "a call is routed".to_owned(),
        On::RoutedOutbound => "a dialer reserves".to_owned(),
        On::RoutedPreview => "a preview is offered".to_owned(),
        On::OffHook => "dials".to_owned(),
        On::OtherLineBusy => "busy on another line".to_owned(),
        On::Connected => "a call is connected".to_owned(),
        On::AllHeld => "all calls are held".to_owned(),
        On::OfferGone => "the offer is gone".to_owned(),
        On::RingNoAnswer => "does not answer".to_owned(),
        On::NeverArrived => "calls do not arrive".to_owned(),
        On::CallsOver => "the last call ends".to_owned(),
        On::DeviceLost => "the phone is lost".to_owned(),
        On::WorkTimer => "WorkModeTimer".to_owned(),
        On::Inactivity => "LogoutNonActivityTime".to_owned(),
    }
}

/// How a guard is called.
pub fn when(when: When) -> String {
    match when {
        When::Always => String::new(),
        When::Leaving => "sign-out pending".to_owned(),
        When::WrapUpAllowed => "wrap-up allowed".to_owned(),
        When::WrapUpThen(target) => format!("wrap-up, then {}", target.state().name()),
        When::Next(target) => format!("then {}", target.state().name()),
    }
}

/// How an outcome is called.
pub fn then(then: Then) -> String {
    let told = |reason| match reason {
        Reason::Zero => String::new(),
        Reason::Asked => ", reason of the request".to_owned(),
        Reason::Next => ", reason of what comes next".to_owned(),
        Reason::Code(code) => format!(", reason {code}"),
    };
    match then {
        Then::Go(state, reason) => format!("{}{}", state.name(), told(reason)),
        Then::Keep => "stays, told again".to_owned(),
        Then::Pend(target, reason) => {
            format!("pending {}{}", target.state().name(), told(reason))
        }
        Then::PendQuietly(target, reason) => {
            format!(
                "pending {}{}, not told",
                target.state().name(),
                told(reason)
            )
        }
        Then::Refuse(failure, error) => format!("refused, {} {}", failure.0, error.0),
    }
}
