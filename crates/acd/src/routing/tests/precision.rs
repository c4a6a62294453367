//! Precision queues: attributes, steps that widen, steps that are passed.

use tact_ged188::AgentState;

use super::{Centre, Outcome, Routed, config, route};
use crate::config::{
    AgentAttribute, AttributeConfig, AttributeKind, Comparison, Condition, Config, ConsiderIf,
    Measure, PrecisionQueueConfig, StepConfig,
};
use crate::directory::AgentIndex;

pub(super) const SALES: u32 = 1;
pub(super) const ENGLISH: u32 = 2;

pub(super) fn condition(attribute: u32, comparison: Comparison, value: u32) -> Condition {
    Condition {
        attribute,
        comparison,
        value,
    }
}

/// Three steps: in sales and English at least 7, then English at least 4, then whoever is in sales or not.
pub(super) fn queue(number: u32) -> PrecisionQueueConfig {
    use Comparison::{AtLeast, Equal};
    let step = |any_of, wait_s| StepConfig {
        any_of,
        wait_s,
        consider_if: None,
    };
    PrecisionQueueConfig {
        number,
        id: 7000 + number,
        name: format!("PQ_{number}"),
        steps: vec![
            step(
                vec![vec![
                    condition(SALES, Equal, 1),
                    condition(ENGLISH, AtLeast, 7),
                ]],
                3,
            ),
            step(vec![vec![condition(ENGLISH, AtLeast, 4)]], 4),
            step(
                vec![
                    vec![condition(SALES, Equal, 1)],
                    vec![condition(SALES, Equal, 0)],
                ],
                9,
            ),
        ],
    }
}

pub(super) fn attributes() -> Vec<AttributeConfig> {
    vec![
        AttributeConfig {
            id: SALES,
            name: "Sales".into(),
            kind: AttributeKind::Boolean,
        },
        AttributeConfig {
            id: ENGLISH,
            name: "English".into(),
            kind: AttributeKind::Proficiency,
        },
    ]
}

/// Agents with these values of SALES and ENGLISH; 8009 leads to precision queue 9.
fn centre(agents: &[(Option<u32>, Option<u32>)]) -> Config {
    let mut setup = config(&vec![&[][..]; agents.len()]);
    setup.attributes = attributes();
    for (agent, (sales, english)) in setup.agents.iter_mut().zip(agents) {
        for (attribute, value) in [(SALES, sales), (ENGLISH, english)] {
            if let Some(value) = *value {
                agent.attributes.push(AgentAttribute { attribute, value });
            }
        }
    }
    setup.precision_queues = vec![queue(9)];
    setup.routes.push(route("8009", &[9]));
    setup
}

#[test]
fn steps_widen_to_whoever_has_the_attributes() {
    let agents = [
        (Some(1), Some(8)),
        (Some(1), Some(4)),
        (Some(0), None),
        (None, Some(11)),
        (Some(1), Some(7)),
        (None, None),
    ];
    let centre = Centre::new(centre(&agents));
    let eligible = |step| centre.acd.eligible(9, step).collect::<Vec<_>>();
    assert_eq!(eligible(0), ["2001", "2005"]);
    assert_eq!(eligible(1), ["2001", "2002", "2005"]);
    assert_eq!(eligible(2), ["2001", "2002", "2003", "2005"]);
}

#[test]
fn a_call_goes_on_to_the_next_step_when_the_wait_is_over() {
    let agents = [(Some(1), Some(8)), (Some(1), Some(4)), (Some(0), None)];
    let mut centre = Centre::new(centre(&agents));
    centre.ready(2);
    centre.ready(1);
    assert_eq!(centre.route(1, "8009"), Routed::Waiting);
    centre.tick(2_999);
    assert_eq!(centre.reserved(1), None);
    centre.tick(1);
    assert!(matches!(
        centre.outcomes()[..],
        [
            Outcome::Widened { queue: 9, step: 1 },
            Outcome::Offered {
                queue: 9,
                step: 1,
                ..
            }
        ]
    ));
    assert_eq!(centre.reserved(1).as_deref(), Some("2002"));
    assert_eq!(centre.route(2, "8009"), Routed::Waiting);
    centre.tick(3_000);
    assert_eq!(centre.reserved(2), None);
    centre.tick(4_000);
    assert_eq!(centre.reserved(2).as_deref(), Some("2003"));
    assert_eq!(centre.state(2), (AgentState::RESERVED, 0));
}

#[test]
fn an_agent_takes_a_call_only_from_the_step_it_is_on() {
    let agents = [(Some(1), Some(8)), (Some(1), Some(4))];
    let mut centre = Centre::new(centre(&agents));
    centre.route(1, "8009");
    centre.ready(1);
    assert_eq!(centre.reserved(1), None);
    centre.ready(0);
    assert_eq!(centre.reserved(1).as_deref(), Some("2001"));
}

#[test]
fn a_step_that_is_not_considered_is_passed_at_once() {
    let agents = [(Some(1), Some(8)), (Some(1), Some(4))];
    for (measure, at_least, passed) in [
        (Measure::AgentsReady, 1, true),
        (Measure::AgentsReady, 0, false),
        (Measure::AgentsLoggedOn, 1, false),
        (Measure::AgentsLoggedOn, 2, true),
        (Measure::CallsWaiting, 1, true),
    ] {
        let mut setup = centre(&agents);
        setup.precision_queues[0].steps[0].consider_if = Some(ConsiderIf {
            measure,
            comparison: Comparison::AtLeast,
            value: at_least,
        });
        let mut centre = Centre::new(setup);
        centre.ready(1);
        let routed = centre.route(1, "8009");
        let expected = if passed {
            Routed::Offered(AgentIndex(1))
        } else {
            Routed::Waiting
        };
        assert_eq!(routed, expected, "{measure:?} at least {at_least}");
    }
}
