//! The schema: numbered steps, forward only. Each applied step is recorded with the SHA-256 of its text, so that a
//! changed step is noticed instead of being skipped in silence. All missing steps are one transaction.

use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Executor};

use super::{Error, SchemaVersion, Store, row};

/// One step of the schema.
struct Migration {
    version: i64,
    sql: &'static str,
}

/// Every step in order. A released step never changes; what comes later is a new row here.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: include_str!("../../migrations/0001_init.sql"),
    },
    Migration {
        version: 2,
        sql: include_str!("../../migrations/0002_wrap_up_reasons.sql"),
    },
    Migration {
        version: 3,
        sql: include_str!("../../migrations/0003_routing.sql"),
    },
    Migration {
        version: 4,
        sql: include_str!("../../migrations/0004_remote_agents.sql"),
    },
    Migration {
        version: 5,
        sql: include_str!("../../migrations/0005_hours.sql"),
    },
    Migration {
        version: 6,
        sql: include_str!("../../migrations/0006_notification.sql"),
    },
    Migration {
        version: 7,
        sql: include_str!("../../migrations/0007_presence.sql"),
    },
];

/// Applies what is missing.
pub(super) async fn run(store: &Store) -> Result<(), Error> {
    let mut transaction = store.engine.begin_exclusive(&store.pool).await?;
    let connection = &mut *transaction;
    connection
        .execute(
            "CREATE TABLE IF NOT EXISTS migrations \
             (version BIGINT PRIMARY KEY, checksum TEXT NOT NULL, applied_ms BIGINT NOT NULL)",
        )
        .await?;
    let applied = applied(connection, MIGRATIONS).await?;
    for migration in MIGRATIONS {
        if migration.version <= applied {
            continue;
        }
        connection.execute(sqlx::raw_sql(migration.sql)).await?;
        sqlx::query("INSERT INTO migrations (version, checksum, applied_ms) VALUES ($1, $2, $3)")
            .bind(migration.version)
            .bind(checksum(migration.sql))
            .bind(crate::clock::now_ms())
            .execute(&mut *connection)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// How far the database is, without changing it.
pub(super) async fn version(store: &Store) -> Result<SchemaVersion, Error> {
    let found = applied(&mut *store.pool.acquire().await?, MIGRATIONS).await;
    let applied = match found {
        // A database without the table is an empty one; one that cannot be read fails at the next statement.
        Err(Error::Database(sqlx::Error::Database(_))) => {
            sqlx::query("SELECT 1").execute(&store.pool).await?;
            0
        }
        other => other?,
    };
    Ok(SchemaVersion {
        applied,
        known: newest(MIGRATIONS),
    })
}

/// The newest applied step, after checking that all of them are ours.
async fn applied(connection: &mut AnyConnection, steps: &[Migration]) -> Result<i64, Error> {
    let rows = sqlx::query("SELECT version, checksum FROM migrations ORDER BY version")
        .fetch_all(connection)
        .await?;
    let mut newest_applied = 0;
    for row in &rows {
        let version = row::number::<i64>(row, "version")?;
        let Some(step) = steps.iter().find(|step| step.version == version) else {
            return Err(Error::NewerSchema {
                found: version,
                known: newest(steps),
            });
        };
        if checksum(step.sql) != row::text(row, "checksum")? {
            return Err(Error::ForeignSchema(version));
        }
        newest_applied = version;
    }
    Ok(newest_applied)
}

fn newest(steps: &[Migration]) -> i64 {
    steps.last().map_or(0, |step| step.version)
}

/// SHA-256 in hex; line ends do not count, so that a checkout with other ones is the same step.
fn checksum(sql: &str) -> String {
    let digest = Sha256::digest(sql.replace('\r', "").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_from_one_without_a_gap() {
        for (index, step) in MIGRATIONS.iter().enumerate() {
            assert_eq!(step.version, index as i64 + 1);
        }
    }

    #[test]
    fn line_ends_do_not_change_a_checksum() {
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
        assert_ne!(checksum("a"), checksum("b"));
    }

    #[tokio::test]
    async fn a_second_open_finds_nothing_to_do() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        run(&store).await.unwrap();
        let version = store.schema_version().await.unwrap();
        assert_eq!(version.applied, version.known);
    }

    #[tokio::test]
    async fn an_older_database_is_brought_up_to_date_and_keeps_what_it_holds() {
        let store = Store::connect("sqlite::memory:").await.unwrap();
        let mut connection = store.pool.acquire().await.unwrap();
        let first = MIGRATIONS.first().unwrap();
        for sql in [
            "CREATE TABLE migrations (version BIGINT PRIMARY KEY, checksum TEXT NOT NULL, applied_ms BIGINT NOT NULL)",
            first.sql,
            "INSERT INTO teams VALUES (5000, 'Old Team')",
        ] {
            connection.execute(sqlx::raw_sql(sql)).await.unwrap();
        }
        sqlx::query("INSERT INTO migrations VALUES ($1, $2, 0)")
            .bind(first.version)
            .bind(checksum(first.sql))
            .execute(&mut *connection)
            .await
            .unwrap();
        drop(connection);
        run(&store).await.unwrap();
        let configuration = store.configuration().await.unwrap();
        assert_eq!(configuration.teams[&5000].name, "Old Team");
        assert!(configuration.wrap_up_reasons.is_empty());
    }

    #[tokio::test]
    async fn an_empty_database_is_at_step_zero() {
        let store = Store::connect("sqlite::memory:").await.unwrap();
        assert_eq!(store.schema_version().await.unwrap().applied, 0);
    }

    #[tokio::test]
    async fn a_newer_database_is_refused() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        sqlx::query("INSERT INTO migrations VALUES (99, 'x', 0)")
            .execute(&store.pool)
            .await
            .unwrap();
        let refused = run(&store).await;
        assert!(matches!(refused, Err(Error::NewerSchema { found: 99, .. })));
    }

    #[tokio::test]
    async fn a_changed_step_is_noticed() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        sqlx::query("UPDATE migrations SET checksum = 'x' WHERE version = 1")
            .execute(&store.pool)
            .await
            .unwrap();
        assert!(matches!(run(&store).await, Err(Error::ForeignSchema(1))));
    }
}
