//! What can go wrong with the configuration database.

/// Why the store failed. No text holds a password: of a URL only the engine is named.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `database.url` names no engine that we know.
    #[error("database.url must begin with `sqlite:` or `postgres://`")]
    UnknownEngine,
    /// The database cannot be reached or opened.
    #[error("cannot open the {engine} database: {source}")]
    Open {
        /// `SQLite` or `PostgreSQL`.
        engine: &'static str,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// A newer program has been here.
    #[error(
        "the database is at schema step {found}, this program knows steps up to {known}: use the newer program"
    )]
    NewerSchema {
        /// The newest step in the database.
        found: i64,
        /// The newest step known here.
        known: i64,
    },
    /// A step has been applied with another text.
    #[error(
        "schema step {0} of the database is not the one of this program: it belongs to another build"
    )]
    ForeignSchema(i64),
    /// A value in the database is outside what its column may hold.
    #[error("column {column} holds a value that makes no sense: {value}")]
    Value {
        /// The column.
        column: &'static str,
        /// What it holds.
        value: String,
    },
    /// A statement failed.
    #[error("the configuration database: {0}")]
    Database(#[from] sqlx::Error),
}
