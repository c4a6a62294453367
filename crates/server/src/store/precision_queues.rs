//! Precision queues, their steps and the conditions of these.

use std::collections::BTreeMap;

use sqlx::AnyConnection;
use tact_acd::config::{
    Comparison, Condition, ConsiderIf, Measure, PrecisionQueueConfig, StepConfig,
};

use super::bulk::{self, Value};
use super::{Error, row};

const MEASURES: [(&str, Measure); 3] = [
    ("AGENTS_LOGGED_ON", Measure::AgentsLoggedOn),
    ("AGENTS_READY", Measure::AgentsReady),
    ("CALLS_WAITING", Measure::CallsWaiting),
];

const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Equal),
    ("<>", Comparison::NotEqual),
    ("<", Comparison::Less),
    ("<=", Comparison::AtMost),
    (">", Comparison::Greater),
    (">=", Comparison::AtLeast),
];

/// All precision queues by number, steps and conditions in their order.
pub(super) async fn all(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<u32, PrecisionQueueConfig>, Error> {
    let rows = sqlx::query("SELECT number, id, name FROM precision_queues")
        .fetch_all(&mut *connection)
        .await?;
    let mut queues = BTreeMap::new();
    for row in &rows {
        let number = row::number(row, "number")?;
        let queue = PrecisionQueueConfig {
            number,
            id: row::number(row, "id")?,
            name: row::text(row, "name")?,
            steps: Vec::new(),
        };
        queues.insert(number, queue);
    }
    read_steps(connection, &mut queues).await?;
    read_conditions(connection, &mut queues).await?;
    Ok(queues)
}

async fn read_steps(
    connection: &mut AnyConnection,
    queues: &mut BTreeMap<u32, PrecisionQueueConfig>,
) -> Result<(), Error> {
    let rows = sqlx::query(
        "SELECT precision_queue, wait_s, groups_of_conditions, consider_measure, consider_comparison, \
         consider_value FROM precision_queue_steps ORDER BY precision_queue, position",
    )
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let number: u32 = row::number(row, "precision_queue")?;
        let groups: u16 = row::number(row, "groups_of_conditions")?;
        let consider_if = match row::text(row, "consider_measure")?.as_str() {
            "" => None,
            _ => Some(ConsiderIf {
                measure: row::word(row, "consider_measure", &MEASURES)?,
                comparison: row::word(row, "consider_comparison", &COMPARISONS)?,
                value: row::number(row, "consider_value")?,
            }),
        };
        let step = StepConfig {
            any_of: vec![Vec::new(); groups.into()],
            wait_s: row::number(row, "wait_s")?,
            consider_if,
        };
        if let Some(queue) = queues.get_mut(&number) {
            queue.steps.push(step);
        }
    }
    Ok(())
}

async fn read_conditions(
    connection: &mut AnyConnection,
    queues: &mut BTreeMap<u32, PrecisionQueueConfig>,
) -> Result<(), Error> {
    let rows = sqlx::query(
        "SELECT precision_queue, step, group_of_conditions, attribute_id, comparison, value \
         FROM precision_queue_conditions ORDER BY precision_queue, step, group_of_conditions, position",
    )
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let number: u32 = row::number(row, "precision_queue")?;
        let step: usize = row::number(row, "step")?;
        let group: usize = row::number(row, "group_of_conditions")?;
        let steps = queues.get_mut(&number).map(|queue| &mut queue.steps);
        let groups = steps.and_then(|steps| steps.get_mut(step));
        let conditions = groups.and_then(|step| step.any_of.get_mut(group));
        let Some(conditions) = conditions else {
            return Err(Error::Value {
                column: "group_of_conditions",
                value: group.to_string(),
            });
        };
        conditions.push(Condition {
            attribute: row::number(row, "attribute_id")?,
            comparison: row::word(row, "comparison", &COMPARISONS)?,
            value: row::number(row, "value")?,
        });
    }
    Ok(())
}

/// Adds precision queues with their steps.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    queues: &[PrecisionQueueConfig],
) -> Result<(), Error> {
    let (mut own, mut steps, mut conditions) = (Vec::new(), Vec::new(), Vec::new());
    for queue in queues {
        own.push(queue_row(queue));
        for (place, step) in (0..).zip(&queue.steps) {
            steps.push(step_row(queue.number, place, step));
            for (group, all_of) in (0_u32..).zip(&step.any_of) {
                let rows = (0_u32..).zip(all_of).map(|(position, condition)| {
                    condition_row(queue.number, [place, group, position], *condition)
                });
                conditions.extend(rows);
            }
        }
    }
    bulk::insert(
        connection,
        "INSERT INTO precision_queues (number, id, name)",
        own,
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO precision_queue_steps (precision_queue, position, wait_s, groups_of_conditions, \
         consider_measure, consider_comparison, consider_value)",
        steps,
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO precision_queue_conditions (precision_queue, step, group_of_conditions, position, \
         attribute_id, comparison, value)",
        conditions,
    )
    .await
}

fn queue_row(queue: &PrecisionQueueConfig) -> [Value; 3] {
    [
        queue.number.into(),
        queue.id.into(),
        queue.name.as_str().into(),
    ]
}

fn step_row(queue: u32, place: u32, step: &StepConfig) -> [Value; 7] {
    let groups = u32::try_from(step.any_of.len()).unwrap_or(u32::MAX);
    let (measure, comparison, value) = step.consider_if.map_or(("", "", 0), |consider| {
        (
            row::word_of(consider.measure, &MEASURES),
            row::word_of(consider.comparison, &COMPARISONS),
            consider.value,
        )
    });
    [
        queue.into(),
        place.into(),
        step.wait_s.into(),
        groups.into(),
        measure.into(),
        comparison.into(),
        value.into(),
    ]
}

fn condition_row(queue: u32, place: [u32; 3], condition: Condition) -> [Value; 7] {
    let [step, group, position] = place;
    [
        queue.into(),
        step.into(),
        group.into(),
        position.into(),
        condition.attribute.into(),
        row::word_of(condition.comparison, &COMPARISONS).into(),
        condition.value.into(),
    ]
}
