//! The sites whose pages may call, where an operator has set them while the server runs.

use sqlx::AnyConnection;

use super::{Error, row};

/// Their name in the table of single values.
const NAME: &str = "cors.origins";

/// The origins; `None` where the settings count.
pub(super) async fn get(connection: &mut AnyConnection) -> Result<Option<Vec<String>>, Error> {
    let row = sqlx::query("SELECT value FROM meta WHERE name = $1")
        .bind(NAME)
        .fetch_optional(connection)
        .await?;
    let value = row.map(|row| row::text(&row, "value")).transpose()?;
    Ok(value.map(|value| value.split_whitespace().map(str::to_owned).collect()))
}

/// Sets them, or leaves it to the settings again.
pub(super) async fn set(
    connection: &mut AnyConnection,
    origins: Option<&[String]>,
) -> Result<(), Error> {
    let Some(origins) = origins else {
        sqlx::query("DELETE FROM meta WHERE name = $1")
            .bind(NAME)
            .execute(connection)
            .await?;
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
    )
    .bind(NAME)
    .bind(origins.join(" "))
    .execute(connection)
    .await?;
    Ok(())
}
