//! Connecting to SQLite or PostgreSQL. The only file that asks which of the two it is: pragmas, pool sizes and
//! how a transaction begins differ; every other statement is the same text on both.

use std::path::Path;
use std::time::Duration;

use sqlx::any::{Any, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, Connection, Executor, Transaction, any};

use super::Error;

/// How long a statement waits for a connection before the database counts as down.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections to PostgreSQL. Only password checks use them at run time, and argon2 bounds those.
const POSTGRES_CONNECTIONS: u32 = 4;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The engine that `url` names.
    pub(super) fn of(url: &str) -> Result<Engine, Error> {
        if url.starts_with("sqlite:") {
            Ok(Engine::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Engine::Postgres)
        } else {
            Err(Error::UnknownEngine)
        }
    }

    /// As people write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    pub(super) async fn connect(self, url: &str) -> Result<AnyPool, Error> {
        any::install_default_drivers();
        let options = AnyPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
        let pool = match self {
            // One connection is the one writer. It never ends, or a database in memory would end with it.
            Engine::Sqlite => {
                // The pool would try a broken file until its time is up, and then speak of time only.
                self.probe(url).await?;
                options
                    .max_connections(1)
                    .min_connections(1)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .after_connect(|connection, _| {
                        Box::pin(async move {
                            connection
                                .execute(
                                    "PRAGMA journal_mode = WAL; \
                                     PRAGMA synchronous = NORMAL; \
                                     PRAGMA busy_timeout = 5000; \
                                     PRAGMA foreign_keys = ON",
                                )
                                .await?;
                            Ok(())
                        })
                    })
                    .connect(&creating(url))
                    .await
            }
            Engine::Postgres => {
                options
                    .max_connections(POSTGRES_CONNECTIONS)
                    .connect(url)
                    .await
            }
        };
        pool.map_err(|source| Error::Open {
            engine: self.name(),
            source,
        })
    }

    /// Opens the file and reads its head: an error here is the file's own.
    async fn probe(self, url: &str) -> Result<(), Error> {
        let failed = |source| Error::Open {
            engine: self.name(),
            source,
        };
        let mut connection = AnyConnection::connect(&creating(url))
            .await
            .map_err(failed)?;
        let read = connection.execute("PRAGMA schema_version").await;
        read.map_err(failed)?;
        connection.close().await.map_err(failed)
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once, so that it cannot fail half-way.
    pub(super) async fn begin(self, pool: &AnyPool) -> Result<Transaction<'static, Any>, Error> {
        Ok(match self {
            Engine::Sqlite => pool.begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => pool.begin().await?,
        })
    }

    /// Begins a transaction whose statements all see the same state.
    pub(super) async fn begin_read(
        self,
        pool: &AnyPool,
    ) -> Result<Transaction<'static, Any>, Error> {
        Ok(match self {
            Engine::Sqlite => pool.begin().await?,
            Engine::Postgres => {
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?
            }
        })
    }

    /// Begins the transaction that changes the schema or seeds; one process at a time runs it.
    pub(super) async fn begin_exclusive(
        self,
        pool: &AnyPool,
    ) -> Result<Transaction<'static, Any>, Error> {
        let mut transaction = self.begin(pool).await?;
        if self == Engine::Postgres {
            // The number means nothing; it only has to be the same in every process.
            sqlx::query("SELECT pg_advisory_xact_lock(5000)")
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction)
    }
}

/// The URL of a SQLite file; characters that mean something in a URL are escaped.
pub(super) fn sqlite_url(path: &Path) -> String {
    let mut url = String::from("sqlite:");
    for character in path.to_string_lossy().chars() {
        match character {
            '%' => url.push_str("%25"),
            '?' => url.push_str("%3F"),
            '#' => url.push_str("%23"),
            other => url.push(other),
        }
    }
    url
}

/// The URL with the wish to make the file when it is not there, unless the URL says how to open it.
fn creating(url: &str) -> String {
    if url.contains('?') || url == "sqlite::memory:" {
        url.to_owned()
    } else {
        format!("{url}?mode=rwc")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_its_engine() {
        assert_eq!(Engine::of("sqlite::memory:").ok(), Some(Engine::Sqlite));
        assert_eq!(Engine::of("postgres://h/d").ok(), Some(Engine::Postgres));
        assert!(matches!(
            Engine::of("mysql://h/d"),
            Err(Error::UnknownEngine)
        ));
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_named_as_such_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tact.db");
        std::fs::write(&path, "garbage ".repeat(1000)).unwrap();
        let begun = std::time::Instant::now();
        let error = Engine::Sqlite
            .connect(&sqlite_url(&path))
            .await
            .unwrap_err();
        assert!(error.to_string().contains("not a database"), "{error}");
        assert!(begun.elapsed() < ACQUIRE_TIMEOUT);
    }

    #[test]
    fn a_path_becomes_a_url_and_is_created_when_missing() {
        let url = sqlite_url(Path::new("/data/50% off?/tact.db"));
        assert_eq!(url, "sqlite:/data/50%25 off%3F/tact.db");
        assert!(creating(&url).ends_with("?mode=rwc"));
        assert_eq!(creating("sqlite::memory:"), "sqlite::memory:");
        assert_eq!(creating("sqlite:a?mode=ro"), "sqlite:a?mode=ro");
    }
}
