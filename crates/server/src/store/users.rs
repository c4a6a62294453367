//! Users, their skill groups and their passwords.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use tact_acd::config::AgentAttribute;

use super::bulk::{self, Value};
use super::{Error, INITIAL_PASSWORD, User, row};

/// All users by id, each with its skill groups and attributes in order.
pub(super) async fn all(connection: &mut AnyConnection) -> Result<BTreeMap<String, User>, Error> {
    let rows = sqlx::query(
        "SELECT id, login_name, first_name, last_name, team_id, supervisor, administrator, extension, \
         skill_target_id, desk_settings_id FROM users",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut users = BTreeMap::new();
    for row in &rows {
        let user = user(row)?;
        users.insert(user.id.clone(), user);
    }
    let rows = sqlx::query(
        "SELECT user_id, skill_group FROM user_skill_groups ORDER BY user_id, skill_group",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in &rows {
        let id: String = row::text(row, "user_id")?;
        if let Some(user) = users.get_mut(&id) {
            user.skill_groups.push(row::number(row, "skill_group")?);
        }
    }
    let rows = sqlx::query(
        "SELECT user_id, attribute_id, value FROM user_attributes ORDER BY user_id, attribute_id",
    )
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let attribute = AgentAttribute {
            attribute: row::number(row, "attribute_id")?,
            value: row::number(row, "value")?,
        };
        if let Some(user) = users.get_mut(&row::text(row, "user_id")?) {
            user.attributes.push(attribute);
        }
    }
    Ok(users)
}

fn user(row: &AnyRow) -> Result<User, Error> {
    Ok(User {
        id: row::text(row, "id")?,
        login_name: row::text(row, "login_name")?,
        first_name: row::text(row, "first_name")?,
        last_name: row::text(row, "last_name")?,
        team_id: row::number(row, "team_id")?,
        supervisor: row::truth(row, "supervisor")?,
        administrator: row::truth(row, "administrator")?,
        extension: row::text(row, "extension")?,
        skill_target_id: row::number(row, "skill_target_id")?,
        skill_groups: Vec::new(),
        attributes: Vec::new(),
        desk_settings_id: row::number(row, "desk_settings_id")?,
    })
}

/// Adds users with [`INITIAL_PASSWORD`], their skill groups and attributes.
pub(super) async fn insert(connection: &mut AnyConnection, users: &[User]) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO users (id, login_name, first_name, last_name, team_id, supervisor, administrator, \
         extension, skill_target_id, desk_settings_id, password)",
        users.iter().map(|user| -> [Value; 11] {
            [
                user.id.as_str().into(),
                user.login_name.as_str().into(),
                user.first_name.as_str().into(),
                user.last_name.as_str().into(),
                user.team_id.into(),
                user.supervisor.into(),
                user.administrator.into(),
                user.extension.as_str().into(),
                user.skill_target_id.into(),
                user.desk_settings_id.into(),
                INITIAL_PASSWORD.into(),
            ]
        }).collect(),
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO user_skill_groups (user_id, skill_group)",
        users
            .iter()
            .flat_map(|user| {
                user.skill_groups
                    .iter()
                    .map(|group| -> [Value; 2] { [user.id.as_str().into(), (*group).into()] })
            })
            .collect(),
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO user_attributes (user_id, attribute_id, value)",
        users
            .iter()
            .flat_map(|user| {
                user.attributes.iter().map(|own| -> [Value; 3] {
                    [
                        user.id.as_str().into(),
                        own.attribute.into(),
                        own.value.into(),
                    ]
                })
            })
            .collect(),
    )
    .await
}

/// True when there is a user.
pub(super) async fn any(connection: &mut AnyConnection) -> Result<bool, Error> {
    let row = sqlx::query("SELECT id FROM users LIMIT 1")
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// What the password column holds.
pub(super) async fn password(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<String>, Error> {
    let row = sqlx::query("SELECT password FROM users WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get("password")).transpose()?)
}

/// Sets the password column; false for an unknown user.
pub(super) async fn set_password(
    connection: &mut AnyConnection,
    id: &str,
    phc: &str,
) -> Result<bool, Error> {
    let done = sqlx::query("UPDATE users SET password = $1 WHERE id = $2")
        .bind(phc.to_owned())
        .bind(id.to_owned())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets the password column where it still says that the password is the id.
pub(super) async fn settle_initial_password(
    connection: &mut AnyConnection,
    id: &str,
    phc: &str,
) -> Result<bool, Error> {
    let done = sqlx::query("UPDATE users SET password = $1 WHERE id = $2 AND password = $3")
        .bind(phc.to_owned())
        .bind(id.to_owned())
        .bind(INITIAL_PASSWORD)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
