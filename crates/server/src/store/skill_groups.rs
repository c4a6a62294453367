//! Skill groups.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::bulk::{self, Value};
use super::{Error, SkillGroup, row};

/// All skill groups by peripheral number.
pub(super) async fn all(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<u32, SkillGroup>, Error> {
    let rows = sqlx::query("SELECT number, id, name FROM skill_groups")
        .fetch_all(connection)
        .await?;
    let mut groups = BTreeMap::new();
    for row in &rows {
        let number = row::number(row, "number")?;
        let group = SkillGroup {
            number,
            id: row::number(row, "id")?,
            name: row::text(row, "name")?,
        };
        groups.insert(number, group);
    }
    Ok(groups)
}

/// Adds skill groups.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    groups: &[SkillGroup],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO skill_groups (number, id, name)",
        groups
            .iter()
            .map(|group| -> [Value; 3] {
                [
                    group.number.into(),
                    group.id.into(),
                    group.name.as_str().into(),
                ]
            })
            .collect(),
    )
    .await
}
