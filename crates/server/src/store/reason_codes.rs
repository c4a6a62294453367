//! Reason codes and the teams that have them.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::bulk::{self, Value};
use super::{Error, ReasonCategory, ReasonCode, row};

/// All reason codes by id, each with its teams in order.
pub(super) async fn all(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<u32, ReasonCode>, Error> {
    let rows =
        sqlx::query("SELECT id, category, code, label, for_all, system_code FROM reason_codes")
            .fetch_all(&mut *connection)
            .await?;
    let mut codes = BTreeMap::new();
    for row in &rows {
        let category = row::text(row, "category")?;
        let code = ReasonCode {
            id: row::number(row, "id")?,
            category: ReasonCategory::from_wire(&category).ok_or(Error::Value {
                column: "category",
                value: category,
            })?,
            code: row::number(row, "code")?,
            label: row::text(row, "label")?,
            for_all: row::truth(row, "for_all")?,
            system_code: row::truth(row, "system_code")?,
            teams: Vec::new(),
        };
        codes.insert(code.id, code);
    }
    let rows = sqlx::query(
        "SELECT reason_code_id, team_id FROM reason_code_teams ORDER BY reason_code_id, team_id",
    )
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let id: u32 = row::number(row, "reason_code_id")?;
        if let Some(code) = codes.get_mut(&id) {
            code.teams.push(row::number(row, "team_id")?);
        }
    }
    Ok(codes)
}

/// Adds reason codes and their teams.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    codes: &[ReasonCode],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO reason_codes (id, category, code, label, for_all, system_code)",
        codes
            .iter()
            .map(|code| -> [Value; 6] {
                [
                    code.id.into(),
                    code.category.as_str().into(),
                    code.code.into(),
                    code.label.as_str().into(),
                    code.for_all.into(),
                    code.system_code.into(),
                ]
            })
            .collect(),
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO reason_code_teams (reason_code_id, team_id)",
        codes
            .iter()
            .flat_map(|code| {
                code.teams
                    .iter()
                    .map(|team| -> [Value; 2] { [code.id.into(), (*team).into()] })
            })
            .collect(),
    )
    .await
}
