//! Random values that all servers of one database share.

use sqlx::AnyConnection;

use super::{Error, row};

/// The value of that name; the first who asks decides it.
pub(super) async fn settle(
    connection: &mut AnyConnection,
    name: &str,
    value: &str,
) -> Result<String, Error> {
    sqlx::query("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name.to_owned())
        .bind(value.to_owned())
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query("SELECT value FROM secrets WHERE name = $1")
        .bind(name.to_owned())
        .fetch_one(connection)
        .await?;
    row::text(&row, "value")
}
