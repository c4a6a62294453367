//! A long webservices log, of which only what can matter is read, tells of logins what it tells when all of it is read.

use proptest::prelude::*;
use tact_logline::webservices::{self, AgentStateEvent, Event, Header};
use tact_tracer::input::Source;
use tact_tracer::read::read_in;
use tact_tracer::report::LoginReport;
use tact_tracer::scan::Sizes;
use tact_tracer::{Options, trace_facts};

use crate::bundle::{Answer, Bundle, START};
use crate::bytes_of;

/// A busy centre's lines between those of logins, each with its time.
fn noise(number: u64, at: i64, out: &mut Vec<(i64, String)>) {
    let agent = format!("30{:02}", number % 7);
    let thread = format!("http-bio-8445-exec-{}", number % 3);
    let resource = format!("/User/{agent}");
    let node = format!("/finesse/api/User/{agent}");
    let state = AgentStateEvent {
        skill_group_state: 2,
        state_duration: 0,
        skill_group_number: 85_881,
        skill_group_priority: 0,
        agent_state: if number.is_multiple_of(5) { 1 } else { 2 },
        event_reason_code: if number.is_multiple_of(3) { 50_002 } else { 0 },
        signature: "",
        agent_id: &agent,
        agent_extension: "4000",
        agent_instrument: "4000",
        mrd_id: 1,
        agent_mode: 1,
        sequence: number,
        received: at,
        dispatched: at,
    };
    let update = "<Update>\n <data><user><state>NOT_READY</state></user></data>\n</Update>";
    let events = [
        Event::RequestStart {
            method: "PUT",
            parameters: &[],
            resource: &resource,
            user: &agent,
        },
        Event::ApiRequest {
            url: resource.trim_start_matches('/'),
            agent_id: &agent,
            request_identifier: Some("x"),
            request_method: "user.PUT",
            request_parameters: " state:NOT_READY",
        },
        Event::RequestEnd { elapsed_ms: 3 },
        Event::AgentStateEvent(state),
        Event::XmppPublishAsynchronous {
            node: &node,
            payload: update,
        },
        Event::Other {
            severity: 6,
            mnemonic: "QUEUE_STATISTICS_REQUEST",
            fields: &[],
            message: "a stack trace follows",
        },
    ];
    for event in events {
        let header = Header {
            sequence: number + 1,
            host: "127.0.0.1",
            at,
            offset_minutes: 0,
            thread: &thread,
        };
        let mut line = String::new();
        webservices::write(&header, &event, &mut line);
        // Our own writer keeps a payload on one line; others don't.
        let line = line.replace("\\n", "\n");
        out.push((at, line));
    }
    if number.is_multiple_of(4)
        && let Some((_, line)) = out.last_mut()
    {
        line.push_str("\tat java.lang.Thread %CCBU_in a trace\n\n");
    }
}

/// Logins, and `noisy` rounds of noise between them, as one log.
fn sources(logins: &[(i64, usize)], noisy: u64) -> Vec<Source> {
    let mut bundle = Bundle::default();
    let answers = [
        Answer::Event,
        Answer::Failure(260),
        Answer::Silence,
        Answer::Event,
    ];
    for (number, (at, answer)) in logins.iter().enumerate() {
        let agent = format!("20{number:02}");
        bundle.login(
            START + at,
            &agent,
            "2003",
            answers[answer % 4],
            answer % 2 == 0,
        );
    }
    let mut sources = bundle.sources();
    let place = sources
        .iter()
        .position(|source| source.name.contains("webservices"))
        .unwrap();
    let own = String::from_utf8(bytes_of(&sources[place])).unwrap();
    let mut lines: Vec<(i64, String)> = own
        .split_inclusive('\n')
        .map(|line| {
            let record = webservices::parse(line).unwrap();
            (record.at.unwrap().0, line.to_owned())
        })
        .collect();
    for number in 0..noisy {
        let at = START + i64::try_from(number * 977 % 90_000).unwrap();
        noise(number, at, &mut lines);
    }
    lines.sort_by_key(|line| line.0);
    let text: String = lines.into_iter().map(|line| line.1).collect();
    sources[place] = Source::new(sources[place].name.clone(), text.into_bytes());
    sources
}

fn check(logins: &[(i64, usize)], noisy: u64, range: u64) -> Result<(), TestCaseError> {
    let sources = sources(logins, noisy);
    let options = Options::default();
    let whole = Sizes {
        shortest: u64::MAX,
        ..Sizes::default()
    };
    let all = trace_facts(&sources, read_in(&sources, None, &whole), &options);
    let cut = Sizes {
        shortest: 1,
        range,
        ..Sizes::default()
    };
    let scanned = trace_facts(&sources, read_in(&sources, None, &cut), &options);
    prop_assert_eq!(all.logins.len(), logins.len());
    prop_assert_eq!(
        scanned.logins.len(),
        all.logins.len(),
        "ranges of {}",
        range
    );
    for (one, other) in scanned.logins.iter().zip(&all.logins) {
        prop_assert_eq!(
            one.steps.len(),
            other.steps.len(),
            "ranges of {}: {:?} {:?}",
            range,
            one.agent,
            one.broken_at
        );
        for (one, other) in one.steps.iter().zip(&other.steps) {
            prop_assert_eq!(one, other, "ranges of {}", range);
        }
        prop_assert_eq!(one, other, "ranges of {}", range);
    }
    prop_assert_eq!(&scanned.findings, &all.findings);
    prop_assert_eq!(&scanned.clocks, &all.clocks);
    prop_assert_eq!(&scanned.unparsed, &all.unparsed);
    Ok(())
}

#[test]
fn every_login_is_found_in_ranges_of_any_size() {
    let logins: Vec<_> = (0..12)
        .map(|number| (i64::from(number) * 5_000, number as usize))
        .collect();
    for range in [1 << 30, 100_000, 8_192, 1_000] {
        check(&logins, 400, range).unwrap();
    }
}

#[test]
fn one_agents_logins_are_found_where_the_id_stands() {
    let logins: Vec<_> = (0..12)
        .map(|number| (i64::from(number) * 5_000, number as usize))
        .collect();
    let sources = sources(&logins, 400);
    let whole = Sizes {
        shortest: u64::MAX,
        ..Sizes::default()
    };
    let cut = Sizes {
        shortest: 1,
        range: 8_192,
        block: 1_024,
        before: 60_000,
        behind: 30_000,
    };
    for agent in ["2000", "2001", "2002", "2007", "2011", "9999"] {
        let options = Options {
            agent: Some(agent.to_owned()),
            ..Options::default()
        };
        let all = trace_facts(&sources, read_in(&sources, None, &whole), &options);
        let found = trace_facts(&sources, read_in(&sources, Some(agent), &cut), &options);
        assert_eq!(all.logins.len(), usize::from(agent != "9999"));
        assert_eq!(found.logins.len(), all.logins.len());
        for (found, all) in found.logins.iter().zip(&all.logins) {
            assert_eq!(found.verdict, all.verdict, "{agent}");
            assert_eq!(found.broken_at, all.broken_at, "{agent}");
            // What only time joins may be another agent's, of whom nothing was read.
            let sure = |login: &LoginReport| -> Vec<_> {
                let steps = login.steps.iter().cloned();
                steps.filter(|step| step.confidence != "time").collect()
            };
            assert_eq!(sure(found), sure(all), "{agent}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_passed_over_says_nothing_of_logins(
        logins in prop::collection::vec((0i64..60_000, 0usize..4), 1..6),
        noisy in 0u64..80,
        range in 500u64..60_000,
    ) {
        check(&logins, noisy, range)?;
    }
}
