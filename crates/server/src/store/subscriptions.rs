//! Explicit subscriptions of the notification service that outlive a session.

use sqlx::AnyConnection;

use super::{Error, row};

/// All of them: user id and node.
pub(super) async fn all(connection: &mut AnyConnection) -> Result<Vec<(String, String)>, Error> {
    let rows = sqlx::query("SELECT user_id, node FROM subscriptions ORDER BY user_id, node")
        .fetch_all(connection)
        .await?;
    let pair = |row| Ok((row::text(row, "user_id")?, row::text(row, "node")?));
    rows.iter().map(pair).collect()
}

/// Keeps one; it may be there already. One of an unknown user is not kept.
pub(super) async fn add(
    connection: &mut AnyConnection,
    user: &str,
    node: &str,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO subscriptions (user_id, node) SELECT id, $2 FROM users WHERE id = $1 \
         ON CONFLICT (user_id, node) DO NOTHING",
    )
    .bind(user.to_owned())
    .bind(node.to_owned())
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets one.
pub(super) async fn remove(
    connection: &mut AnyConnection,
    user: &str,
    node: &str,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM subscriptions WHERE user_id = $1 AND node = $2")
        .bind(user.to_owned())
        .bind(node.to_owned())
        .execute(connection)
        .await?;
    Ok(())
}
