//! SCRAM keys of users. They belong to one content of the password column and are void under another.

use sqlx::AnyConnection;
use tact_xmpp::sasl::scram::{Hash, Keys};

use super::{Error, row};

/// The keys of a user, unless there are none or they are void.
pub(super) async fn of_user(
    connection: &mut AnyConnection,
    id: &str,
    hash: Hash,
) -> Result<Option<Keys>, Error> {
    let row = sqlx::query(
        "SELECT scram_keys.keys FROM scram_keys JOIN users ON users.id = scram_keys.user_id \
         AND users.password = scram_keys.password WHERE users.id = $1 AND scram_keys.mechanism = $2",
    )
    .bind(id.to_owned())
    .bind(hash.mechanism())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Keys::parse(&row::text(&row, "keys")?))
}

/// Keeps keys that were derived under this content of the password column.
pub(super) async fn put(
    connection: &mut AnyConnection,
    id: &str,
    password: &str,
    keys: &Keys,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO scram_keys (user_id, mechanism, password, keys) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (user_id, mechanism) DO UPDATE SET password = $3, keys = $4",
    )
    .bind(id.to_owned())
    .bind(keys.hash.mechanism())
    .bind(password.to_owned())
    .bind(keys.to_string())
    .execute(connection)
    .await?;
    Ok(())
}
