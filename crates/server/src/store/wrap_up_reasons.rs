//! Wrap-up reasons and the teams that have them.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::bulk::{self, Value};
use super::{Error, WrapUpReason, row};

/// All wrap-up reasons by id, each with its teams in order.
pub(super) async fn all(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<u32, WrapUpReason>, Error> {
    let rows = sqlx::query("SELECT id, label, for_all FROM wrap_up_reasons")
        .fetch_all(&mut *connection)
        .await?;
    let mut reasons = BTreeMap::new();
    for row in &rows {
        let reason = WrapUpReason {
            id: row::number(row, "id")?,
            label: row::text(row, "label")?,
            for_all: row::truth(row, "for_all")?,
            teams: Vec::new(),
        };
        reasons.insert(reason.id, reason);
    }
    let rows = sqlx::query(
        "SELECT wrap_up_reason_id, team_id FROM wrap_up_reason_teams \
         ORDER BY wrap_up_reason_id, team_id",
    )
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let id: u32 = row::number(row, "wrap_up_reason_id")?;
        if let Some(reason) = reasons.get_mut(&id) {
            reason.teams.push(row::number(row, "team_id")?);
        }
    }
    Ok(reasons)
}

/// Adds wrap-up reasons and their teams.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    reasons: &[WrapUpReason],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO wrap_up_reasons (id, label, for_all)",
        reasons
            .iter()
            .map(|reason| -> [Value; 3] {
                [
                    reason.id.into(),
                    reason.label.as_str().into(),
                    reason.for_all.into(),
                ]
            })
            .collect(),
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO wrap_up_reason_teams (wrap_up_reason_id, team_id)",
        reasons
            .iter()
            .flat_map(|reason| {
                reason
                    .teams
                    .iter()
                    .map(|team| -> [Value; 2] { [reason.id.into(), (*team).into()] })
            })
            .collect(),
    )
    .await
}
