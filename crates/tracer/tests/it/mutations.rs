//! Nothing in a log may panic the tracer: whole bundles with bytes, lines and numbers changed, cut and repeated.

use crate::bundle::{Answer, Bundle, START};
use proptest::prelude::*;
use tact_tracer::input::Source;
use tact_tracer::{records, text, trace};

fn bundle() -> Vec<Source> {
    let mut bundle = Bundle::default();
    bundle.link(START - 60_000, true);
    bundle.login(START, "2001", "2003", Answer::Event, true);
    bundle.login(START + 1, "2002", "3002", Answer::Event, false);
    bundle.page(START + 2_000);
    bundle.system_info(START + 2_010);
    bundle.wrong_password(START + 2_050, "2003");
    bundle.login(START + 3_000, "2004", "9999", Answer::Failure(260), true);
    bundle.link(START + 4_000, false);
    bundle.refused_put(START + 4_500, "2001", 503);
    bundle.sources()
}

/// One change to one file.
#[derive(Debug, Clone)]
enum Change {
    /// Another byte.
    Byte(usize, u8),
    /// The digits of a number all replaced by this one, or the number by an extreme.
    Number(usize, &'static str),
    /// The rest is missing.
    Cut(usize),
    /// A line stands twice.
    Repeat(usize),
    /// A line is missing.
    Drop(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let numbers = [
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "253402300799999",
        "4294967295",
    ];
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (any::<usize>(), proptest::sample::select(numbers.to_vec()))
            .prop_map(|(at, number)| Change::Number(at, number)),
        any::<usize>().prop_map(Change::Cut),
        any::<usize>().prop_map(Change::Repeat),
        any::<usize>().prop_map(Change::Drop),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect()
    };
    match change {
        Change::Byte(at, byte) => {
            let at = at % bytes.len();
            bytes[at] = *byte;
        }
        Change::Number(at, number) => {
            let from = at % bytes.len();
            let Some(start) = (from..bytes.len()).find(|at| bytes[*at].is_ascii_digit()) else {
                return;
            };
            let end = (start..bytes.len())
                .find(|at| !bytes[*at].is_ascii_digit())
                .unwrap_or(bytes.len());
            bytes.splice(start..end, number.bytes());
        }
        Change::Cut(at) => bytes.truncate(at % bytes.len()),
        Change::Repeat(at) => {
            let mut all = lines(bytes);
            let at = at % all.len();
            all.insert(at, all[at].clone());
            *bytes = all.concat();
        }
        Change::Drop(at) => {
            let mut all = lines(bytes);
            all.remove(at % all.len());
            *bytes = all.concat();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn never_panic_the_tracer(changes in proptest::collection::vec((any::<usize>(), change()), 1..12)) {
        let mut sources = bundle();
        for (file, change) in &changes {
            let index = file % sources.len();
            let mut bytes = crate::bytes_of(&sources[index]);
            apply(&mut bytes, change);
            sources[index] = Source::new(sources[index].name.clone(), bytes);
        }
        let report = trace(&sources, None);
        prop_assert!(!text::render(&report).is_empty());
        for login in &report.logins {
            prop_assert_eq!(login.verdict == "failed", login.broken_at.is_some());
            prop_assert!(login.verdict != "ok" || login.steps.len() == 12);
            prop_assert!(login.total_ms.is_none_or(|total| total >= 0));
        }
        for source in &sources {
            prop_assert!(records::of(source).all(|record| record.unwrap().line > 0));
        }
    }
}

#[test]
fn unchanged_the_bundle_is_what_it_says() {
    let report = trace(&bundle(), None);
    let verdicts: Vec<_> = report
        .logins
        .iter()
        .map(|login| (login.verdict, login.broken_at))
        .collect();
    let expected = [
        ("ok", None),
        ("incomplete", None),
        ("failed", Some("event_channel")),
        ("failed", Some("cti_event")),
        ("failed", Some("sign_in")),
    ];
    assert_eq!(verdicts, expected, "{}", text::render(&report));
}
