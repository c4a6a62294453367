//! Where the demo's calls go: 8000 to support, 8001 to sales, 8010 to the experts, 8020 to sales in
//! office hours, 8099 where nobody works.

use sqlx::AnyConnection;
use tact_acd::config::{
    AgentAttribute, AttributeConfig, AttributeKind, Comparison, Condition, HoursConfig, OpenHours,
    PrecisionQueueConfig, RouteConfig, StepConfig,
};

use crate::store::ids::{self, Kind};
use crate::store::{Error, SkillGroup, attributes, precision_queues, routes, skill_groups};

/// What agents have: name and kind. Their ids are 1 and 2.
const ATTRIBUTES: [(&str, AttributeKind); 2] = [
    ("Technical", AttributeKind::Proficiency),
    ("VIP", AttributeKind::Boolean),
];
const TECHNICAL: u32 = 1;
const VIP: u32 = 2;

/// The queue by attributes: its number and name.
const EXPERTS: (u32, &str) = (10, "Experts");
/// A skill group without agents, where one sees calls wait: its number and name.
const VACANT: (u32, &str) = (4, "Vacant");

/// A number that is answered from Monday to Friday, 8:00 to 18:00 UTC; who calls at another time comes to support.
const OFFICE: (&str, u32, &str) = ("8020", 2, "8000");

/// Dialled number and queue.
const ROUTES: [(&str, u32); 4] = [
    ("8000", 1),
    ("8001", 2),
    ("8010", EXPERTS.0),
    ("8099", VACANT.0),
];

/// What the user with this id has: some of everything, whatever the number of agents.
pub(super) fn attributes_of(id: u32) -> Vec<AgentAttribute> {
    let technical = id * 7 % 10 + 1;
    let vip = u32::from(id.is_multiple_of(3));
    [(TECHNICAL, technical), (VIP, vip)]
        .map(|(attribute, value)| AgentAttribute { attribute, value })
        .into()
}

pub(super) async fn seed_attributes(connection: &mut AnyConnection) -> Result<(), Error> {
    let first = ids::take(connection, Kind::Attribute, ATTRIBUTES.len() as u32).await?;
    let all: Vec<AttributeConfig> = (first..)
        .zip(ATTRIBUTES)
        .map(|(id, (name, kind))| AttributeConfig {
            id,
            name: name.to_owned(),
            kind,
        })
        .collect();
    attributes::insert(connection, &all).await
}

pub(super) async fn seed_queues(connection: &mut AnyConnection) -> Result<(), Error> {
    let id = ids::take(connection, Kind::SkillTarget, 2).await?;
    let vacant = SkillGroup {
        number: VACANT.0,
        id,
        name: VACANT.1.to_owned(),
    };
    skill_groups::insert(connection, &[vacant]).await?;
    let experts = PrecisionQueueConfig {
        number: EXPERTS.0,
        id: id + 1,
        name: EXPERTS.1.to_owned(),
        steps: steps(),
    };
    precision_queues::insert(connection, &[experts]).await?;
    let call_type = ids::take(connection, Kind::CallType, ROUTES.len() as u32 + 1).await?;
    let mut all: Vec<RouteConfig> = (call_type..)
        .zip(ROUTES)
        .map(|(call_type, (dialed, queue))| RouteConfig {
            dialed: dialed.to_owned(),
            call_type,
            queues: vec![queue],
            ..RouteConfig::default()
        })
        .collect();
    let (dialed, queue, closed_to) = OFFICE;
    all.push(RouteConfig {
        dialed: dialed.to_owned(),
        call_type: call_type + ROUTES.len() as u32,
        queues: vec![queue],
        hours: Some(office_hours(closed_to)),
        ..RouteConfig::default()
    });
    routes::insert(connection, &all).await
}

fn office_hours(closed_to: &str) -> HoursConfig {
    let days = (0..5).map(|day| day * 24 * 60);
    HoursConfig {
        utc_offset_min: 0,
        open: days
            .map(|day| OpenHours {
                from_min: day + 8 * 60,
                to_min: day + 18 * 60,
            })
            .collect(),
        closed_to: closed_to.to_owned(),
    }
}

/// First those who are both, then those who are either, then whoever knows a little.
fn steps() -> Vec<StepConfig> {
    let technical = |value| Condition {
        attribute: TECHNICAL,
        comparison: Comparison::AtLeast,
        value,
    };
    let vip = Condition {
        attribute: VIP,
        comparison: Comparison::Equal,
        value: 1,
    };
    let step = |any_of, wait_s| StepConfig {
        any_of,
        wait_s,
        consider_if: None,
    };
    vec![
        step(vec![vec![technical(8), vip]], 15),
        step(vec![vec![technical(8)], vec![vip]], 30),
        step(vec![vec![technical(4)]], 0),
    ]
}
