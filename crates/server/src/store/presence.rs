//! What outlives a restart of agents' presence: who is watched, and why agents were signed out.

use sqlx::AnyConnection;

use super::{Error, SignOut, row};

/// Sign-outs kept of each agent.
const KEPT: i64 = 20;

/// The agents who are watched on a node, by id.
pub(super) async fn watched(
    connection: &mut AnyConnection,
    node: &str,
) -> Result<Vec<String>, Error> {
    let rows = sqlx::query("SELECT agent_id FROM watched_agents WHERE node = $1 ORDER BY agent_id")
        .bind(node.to_owned())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row::text(row, "agent_id")).collect()
}

/// Notes that an agent is watched on a node, or no longer.
pub(super) async fn watch(
    connection: &mut AnyConnection,
    node: &str,
    agent: &str,
    watched: bool,
) -> Result<(), Error> {
    let statement = if watched {
        "INSERT INTO watched_agents (node, agent_id) VALUES ($1, $2) ON CONFLICT (node, agent_id) DO NOTHING"
    } else {
        "DELETE FROM watched_agents WHERE node = $1 AND agent_id = $2"
    };
    sqlx::query(statement)
        .bind(node.to_owned())
        .bind(agent.to_owned())
        .execute(connection)
        .await?;
    Ok(())
}

/// Keeps a sign-out, and forgets those of the agent that are too many.
pub(super) async fn signed_out(
    connection: &mut AnyConnection,
    agent: &str,
    sign_out: &SignOut,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO sign_outs (agent_id, at_ms, cause, reason, by_user, channel, noticed, absent_since_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (agent_id, at_ms) DO NOTHING",
    )
    .bind(agent.to_owned())
    .bind(sign_out.at)
    .bind(sign_out.cause.clone())
    .bind(i64::from(sign_out.reason.unwrap_or_default()))
    .bind(sign_out.by.clone())
    .bind(sign_out.channel.clone())
    .bind(sign_out.noticed.clone())
    .bind(sign_out.absent_since.unwrap_or_default())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM sign_outs WHERE agent_id = $1 AND at_ms < (SELECT MIN(kept.at_ms) FROM (SELECT at_ms \
         FROM sign_outs WHERE agent_id = $1 ORDER BY at_ms DESC LIMIT $2) AS kept)",
    )
    .bind(agent.to_owned())
    .bind(KEPT)
    .execute(connection)
    .await?;
    Ok(())
}

/// The sign-outs that are kept of an agent, the last one first.
pub(super) async fn sign_outs(
    connection: &mut AnyConnection,
    agent: &str,
) -> Result<Vec<SignOut>, Error> {
    let rows = sqlx::query(
        "SELECT at_ms, cause, reason, by_user, channel, noticed, absent_since_ms FROM sign_outs \
         WHERE agent_id = $1 ORDER BY at_ms DESC",
    )
    .bind(agent.to_owned())
    .fetch_all(connection)
    .await?;
    let sign_out = |row| {
        Ok(SignOut {
            at: row::number(row, "at_ms")?,
            cause: row::text(row, "cause")?,
            reason: Some(row::number(row, "reason")?).filter(|reason| *reason != 0),
            by: row::text(row, "by_user")?,
            channel: row::text(row, "channel")?,
            noticed: row::text(row, "noticed")?,
            absent_since: Some(row::number(row, "absent_since_ms")?).filter(|since| *since != 0),
        })
    };
    rows.iter().map(sign_out).collect()
}
