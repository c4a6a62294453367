//! Teams and who supervises them.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::bulk::{self, Value};
use super::{Error, Team, row};

/// All teams by id, each with its supervisors in order.
pub(super) async fn all(connection: &mut AnyConnection) -> Result<BTreeMap<u32, Team>, Error> {
    let rows = sqlx::query("SELECT id, name FROM teams")
        .fetch_all(&mut *connection)
        .await?;
    let mut teams = BTreeMap::new();
    for row in &rows {
        let id = row::number(row, "id")?;
        let team = Team {
            id,
            name: row::text(row, "name")?,
            supervisors: Vec::new(),
        };
        teams.insert(id, team);
    }
    let rows =
        sqlx::query("SELECT team_id, user_id FROM team_supervisors ORDER BY team_id, user_id")
            .fetch_all(connection)
            .await?;
    for row in &rows {
        let id: u32 = row::number(row, "team_id")?;
        if let Some(team) = teams.get_mut(&id) {
            team.supervisors.push(row::text(row, "user_id")?);
        }
    }
    Ok(teams)
}

/// Adds teams without their supervisors, who do not exist yet.
pub(super) async fn insert(connection: &mut AnyConnection, teams: &[Team]) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO teams (id, name)",
        teams
            .iter()
            .map(|team| -> [Value; 2] { [team.id.into(), team.name.as_str().into()] })
            .collect(),
    )
    .await
}

/// Adds the supervisors of teams.
pub(super) async fn insert_supervisors(
    connection: &mut AnyConnection,
    teams: &[Team],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO team_supervisors (team_id, user_id)",
        teams
            .iter()
            .flat_map(|team| {
                team.supervisors
                    .iter()
                    .map(|user| -> [Value; 2] { [team.id.into(), user.as_str().into()] })
            })
            .collect(),
    )
    .await
}
