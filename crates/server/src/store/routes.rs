//! Routes: which queues a call to a dialled number waits in.

use std::collections::BTreeMap;

use sqlx::AnyConnection;
use tact_acd::config::{HoursConfig, OpenHours, OverflowConfig, RouteConfig};

use super::bulk::{self, Value};
use super::{Error, row};

/// All routes by dialled number, queues in their order.
pub(super) async fn all(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<String, RouteConfig>, Error> {
    let rows = sqlx::query(
        "SELECT dialed, call_type, priority, overflow_after_s, overflow_to, has_hours, utc_offset_min, closed_to \
         FROM routes",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut routes = BTreeMap::new();
    for row in &rows {
        let dialed = row::text(row, "dialed")?;
        let to = row::text(row, "overflow_to")?;
        let after_s = row::number(row, "overflow_after_s")?;
        let hours = HoursConfig {
            utc_offset_min: row::number(row, "utc_offset_min")?,
            open: Vec::new(),
            closed_to: row::text(row, "closed_to")?,
        };
        let route = RouteConfig {
            dialed: dialed.clone(),
            call_type: row::number(row, "call_type")?,
            priority: row::number(row, "priority")?,
            queues: Vec::new(),
            overflow: (!to.is_empty()).then_some(OverflowConfig { after_s, to }),
            hours: row::truth(row, "has_hours")?.then_some(hours),
        };
        routes.insert(dialed, route);
    }
    let rows = sqlx::query("SELECT dialed, queue FROM route_queues ORDER BY dialed, position")
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        if let Some(route) = routes.get_mut(&row::text(row, "dialed")?) {
            route.queues.push(row::number(row, "queue")?);
        }
    }
    let rows =
        sqlx::query("SELECT dialed, from_min, to_min FROM route_hours ORDER BY dialed, position")
            .fetch_all(connection)
            .await?;
    for row in &rows {
        let route = routes.get_mut(&row::text(row, "dialed")?);
        if let Some(hours) = route.and_then(|route| route.hours.as_mut()) {
            hours.open.push(OpenHours {
                from_min: row::number(row, "from_min")?,
                to_min: row::number(row, "to_min")?,
            });
        }
    }
    Ok(routes)
}

/// Adds routes with their queues.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    routes: &[RouteConfig],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO routes (dialed, call_type, priority, overflow_after_s, overflow_to, has_hours, utc_offset_min, \
         closed_to)",
        routes
            .iter()
            .map(|route| -> [Value; 8] {
                let overflow = route.overflow.as_ref();
                let hours = route.hours.as_ref();
                [
                    route.dialed.as_str().into(),
                    route.call_type.into(),
                    route.priority.into(),
                    overflow.map_or(0, |overflow| overflow.after_s).into(),
                    overflow.map_or("", |overflow| &overflow.to).into(),
                    hours.is_some().into(),
                    hours.map_or(0, |hours| hours.utc_offset_min).into(),
                    hours.map_or("", |hours| &hours.closed_to).into(),
                ]
            })
            .collect(),
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO route_queues (dialed, position, queue)",
        routes
            .iter()
            .flat_map(|route| {
                (0_u32..)
                    .zip(&route.queues)
                    .map(|(position, queue)| -> [Value; 3] {
                        [
                            route.dialed.as_str().into(),
                            position.into(),
                            (*queue).into(),
                        ]
                    })
            })
            .collect(),
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO route_hours (dialed, position, from_min, to_min)",
        routes
            .iter()
            .flat_map(|route| {
                let open = route.hours.iter().flat_map(|hours| &hours.open);
                (0_u32..).zip(open).map(|(position, hours)| -> [Value; 4] {
                    [
                        route.dialed.as_str().into(),
                        position.into(),
                        hours.from_min.into(),
                        hours.to_min.into(),
                    ]
                })
            })
            .collect(),
    )
    .await
}
