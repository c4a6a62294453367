//! The table of agent states against what the reference says of each state, written down here once more by hand
//! (acd-and-telephony 3.3; finesse-api 3.1 to 3.5; ged188 4.13 to 4.15). Every row must be missed when it is gone.

use std::path::Path;

use tact_acd::transitions::document::{document, on, then};
use tact_acd::transitions::{On, Row, Situation, State, TABLE, Target, find};

/// state | input | circumstances | outcome. `a, b` as state or input stands for both.
///
/// Circumstances: nothing (no sign-out is pending), `leaving` (one is), `may wrap up`, and after a call `wrap NR`,
/// `wrap R`, `no wrap NR`, `no wrap R`: whether wrap-up follows and what comes after it.
const EXPECTED: &str = "
LOGOUT | sign-in | | NOT_READY
NOT_READY, READY, RESERVED, RESERVED_OUTBOUND, RESERVED_OUTBOUND_PREVIEW, TALKING, HOLD, WORK_NOT_READY, WORK_READY | sign-in | | stays, told again

LOGOUT | asks LOGOUT, forced LOGOUT | | refused, 265 10101
LOGOUT | asks NOT_READY, asks READY, forced NOT_READY, forced READY | | refused, 257 0
NOT_READY | asks LOGOUT | | LOGOUT, reason of the request
READY, RESERVED, RESERVED_OUTBOUND, RESERVED_OUTBOUND_PREVIEW, TALKING, HOLD, WORK_NOT_READY, WORK_READY | asks LOGOUT | | refused, 265 10112
NOT_READY, READY, RESERVED, RESERVED_OUTBOUND, WORK_NOT_READY, WORK_READY | forced LOGOUT | | LOGOUT, reason of the request
RESERVED_OUTBOUND_PREVIEW, TALKING, HOLD | forced LOGOUT | | pending LOGOUT, reason of the request
RESERVED_OUTBOUND_PREVIEW, TALKING, HOLD | forced LOGOUT | leaving | pending LOGOUT, reason of the request

NOT_READY, READY, RESERVED_OUTBOUND, WORK_NOT_READY, WORK_READY | asks NOT_READY, forced NOT_READY | | NOT_READY, reason of the request
NOT_READY, RESERVED_OUTBOUND, WORK_NOT_READY, WORK_READY | asks READY, forced READY | | READY
READY | asks READY, forced READY | | stays, told again
RESERVED | asks NOT_READY, forced NOT_READY | | refused, 265 10104
RESERVED | asks READY, forced READY | | refused, 265 10111
RESERVED_OUTBOUND_PREVIEW | asks NOT_READY, forced NOT_READY | | pending NOT_READY, reason of the request, not told
RESERVED_OUTBOUND_PREVIEW | asks READY, forced READY | | pending READY, not told
TALKING, HOLD | asks NOT_READY, forced NOT_READY | | pending NOT_READY, reason of the request
TALKING, HOLD | asks READY, forced READY | | pending READY
RESERVED_OUTBOUND_PREVIEW, TALKING, HOLD | asks NOT_READY, forced NOT_READY | leaving | refused, 265 10104
RESERVED_OUTBOUND_PREVIEW, TALKING, HOLD | asks READY, forced READY | leaving | refused, 265 10111
TALKING, HOLD | asks WORK_NOT_READY | may wrap up | pending WORK_NOT_READY, reason of the request
TALKING, HOLD | asks WORK_READY | may wrap up | pending WORK_READY
TALKING, HOLD | asks WORK_NOT_READY, asks WORK_READY | leaving | refused, 265 10108

READY | a call is routed | | RESERVED
READY | a dialer reserves | | RESERVED_OUTBOUND
READY | a preview is offered | | RESERVED_OUTBOUND_PREVIEW
READY, WORK_NOT_READY, WORK_READY | dials | | NOT_READY, reason 50006
NOT_READY, READY | busy on another line | | NOT_READY, reason 50005
NOT_READY, READY, RESERVED, RESERVED_OUTBOUND, RESERVED_OUTBOUND_PREVIEW, HOLD, WORK_NOT_READY, WORK_READY | a call is connected | | TALKING
TALKING | all calls are held | | HOLD
RESERVED, RESERVED_OUTBOUND | the offer is gone | | READY
RESERVED_OUTBOUND_PREVIEW | the offer is gone | leaving | LOGOUT, reason of what comes next
RESERVED_OUTBOUND_PREVIEW | the offer is gone | no wrap NR | NOT_READY, reason of what comes next
RESERVED_OUTBOUND_PREVIEW | the offer is gone | no wrap R | READY
RESERVED, RESERVED_OUTBOUND_PREVIEW | does not answer | | NOT_READY, reason 32767
RESERVED_OUTBOUND_PREVIEW | does not answer | leaving | LOGOUT, reason of what comes next
RESERVED | calls do not arrive | | NOT_READY, reason 50010

TALKING, HOLD | the last call ends | leaving | LOGOUT, reason of what comes next
TALKING, HOLD | the last call ends | wrap NR | WORK_NOT_READY
TALKING, HOLD | the last call ends | wrap R | WORK_READY
TALKING, HOLD | the last call ends | no wrap NR | NOT_READY, reason of what comes next
TALKING, HOLD | the last call ends | no wrap R | READY
WORK_NOT_READY | WorkModeTimer | | NOT_READY, reason of what comes next
WORK_READY | WorkModeTimer | | READY

NOT_READY, READY, RESERVED, RESERVED_OUTBOUND, WORK_NOT_READY, WORK_READY | the phone is lost | | LOGOUT, reason 50003
RESERVED_OUTBOUND_PREVIEW, TALKING, HOLD | the phone is lost | | pending LOGOUT, reason 50003
NOT_READY | LogoutNonActivityTime | | LOGOUT, reason 50004
";

fn inputs() -> Vec<On> {
    let asked = Target::ALL.into_iter().map(On::Ask);
    let forced = Target::ALL.into_iter().map(On::Force);
    let others = [
        On::SignIn,
        On::Routed,
        On::RoutedOutbound,
        On::RoutedPreview,
        On::OffHook,
        On::OtherLineBusy,
        On::Connected,
        On::AllHeld,
        On::OfferGone,
        On::RingNoAnswer,
        On::NeverArrived,
        On::CallsOver,
        On::DeviceLost,
        On::WorkTimer,
        On::Inactivity,
    ];
    asked.chain(forced).chain(others).collect()
}

/// What circumstances stand for.
fn situations(circumstances: &str) -> Vec<Situation> {
    use Target::{Logout, NotReady, Ready, WorkNotReady, WorkReady};
    let (wraps, allowed, nexts): (&[bool], &[bool], &[Target]) = match circumstances {
        "" => (&[false], &[false, true], &[NotReady, Ready]),
        "leaving" => (&[false, true], &[false, true], &[Logout]),
        "may wrap up" => (&[false], &[true], &[NotReady, Ready, WorkReady]),
        "wrap NR" => (&[true], &[true], &[NotReady, WorkNotReady]),
        "wrap R" => (&[true], &[true], &[Ready, WorkReady]),
        "no wrap NR" => (&[false], &[false], &[NotReady, WorkNotReady]),
        "no wrap R" => (&[false], &[false], &[Ready, WorkReady]),
        other => panic!("{other}"),
    };
    let mut all = Vec::new();
    for wrap_up in wraps {
        for wrap_up_allowed in allowed {
            all.extend(nexts.iter().map(|next| Situation {
                wrap_up: *wrap_up,
                wrap_up_allowed: *wrap_up_allowed,
                next: *next,
            }));
        }
    }
    all
}

/// One expectation.
struct Line {
    from: State,
    on: On,
    circumstances: &'static str,
    outcome: &'static str,
}

fn lines() -> Vec<Line> {
    let mut lines = Vec::new();
    for text in EXPECTED.lines().filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = text.split('|').map(str::trim).collect();
        let [froms, ons, circumstances, outcome] = cells[..] else {
            panic!("{text}");
        };
        for from in froms.split(", ") {
            for input in ons.split(", ") {
                let from = State::ALL.into_iter().find(|state| state.name() == from);
                let on = inputs().into_iter().find(|it| on(*it) == input);
                lines.push(Line {
                    from: from.expect(text),
                    on: on.expect(text),
                    circumstances,
                    outcome,
                });
            }
        }
    }
    lines
}

/// The first expectation that a table does not meet.
fn missed(table: &[Row]) -> Option<String> {
    lines().into_iter().find_map(|line| {
        let wrong = situations(line.circumstances).into_iter().find_map(|it| {
            let found = find(table, line.from, line.on, it).map(then);
            (found.as_deref() != Some(line.outcome)).then_some((it, found))
        });
        wrong.map(|(it, found)| {
            let (from, on) = (line.from.name(), on(line.on));
            format!("{from}, {on}, {it:?}: {found:?}, not {}", line.outcome)
        })
    })
}

#[test]
fn every_row_is_what_the_reference_says() {
    assert_eq!(missed(TABLE), None);
}

#[test]
fn every_row_is_missed_when_it_is_gone() {
    for gone in 0..TABLE.len() {
        let mut table = TABLE.to_vec();
        let row = table.remove(gone);
        assert!(missed(&table).is_some(), "nobody misses {row:?}");
    }
}

#[test]
fn what_the_reference_does_not_say_has_no_row() {
    let lines = lines();
    for from in State::ALL {
        for on in inputs() {
            let named = lines.iter().any(|line| line.from == from && line.on == on);
            let row = TABLE.iter().find(|row| row.from == from && row.on == on);
            assert!(named || row.is_none(), "{row:?} is not expected");
        }
    }
    // Wrap-up cannot be asked for where it is not allowed.
    let situation = situations("no wrap R")[0];
    let ask = On::Ask(Target::WorkReady);
    assert_eq!(find(TABLE, State::Talking, ask, situation), None);
}

#[test]
fn every_state_survives_the_wire() {
    for state in State::ALL {
        assert_eq!(State::of(state.wire(), state.direction()), state);
    }
}

#[test]
fn the_document_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/agent-states.md");
    if std::env::var_os("TACT_UPDATE_DOCS").is_some() {
        std::fs::write(&path, document()).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == document(),
        "docs/agent-states.md is not what the table says; write it anew with \
         TACT_UPDATE_DOCS=1 cargo test -p tact-acd the_document_is_the_table"
    );
}
