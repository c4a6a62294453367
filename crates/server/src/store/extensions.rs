//! The extensions that a phone exists for.

use sqlx::AnyConnection;

use super::bulk::{self, Value};
use super::{Error, row};

/// All extensions in the order of their text, which both engines are made to agree on here.
pub(super) async fn all(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows = sqlx::query("SELECT extension FROM extensions")
        .fetch_all(connection)
        .await?;
    let mut extensions = rows
        .iter()
        .map(|row| row::text(row, "extension"))
        .collect::<Result<Vec<_>, _>>()?;
    // The database's collation may not order bytes.
    extensions.sort_unstable();
    Ok(extensions)
}

/// Adds extensions.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    extensions: &[String],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO extensions (extension)",
        extensions
            .iter()
            .map(|extension| -> [Value; 1] { [extension.as_str().into()] })
            .collect(),
    )
    .await
}
