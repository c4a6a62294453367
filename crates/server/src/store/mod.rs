//! The configuration database. Only this module holds SQL; every statement runs unchanged on SQLite and PostgreSQL.
//!
//! One file a table group, with its reads and writes and one mapping from row to value:
//!
//! - [`model`]: the configuration as values, re-exported here
//! - `engine`: connecting; the only file that asks which engine it is
//! - `migrate`: the schema, forward only, each step with its checksum
//! - `users`, `teams`, `skill_groups`, `extensions`, `desk_settings`, `reason_codes`, `wrap_up_reasons`, `phone_books`: the
//!   table groups
//! - `scram_keys`, `subscriptions`, `secrets`, `presence`, `origins`: what the server keeps itself
//! - `ids`: small ids that are never used twice
//! - `bulk`: many rows in few statements
//! - `demo`: the demo centre
//! - `shared`: the configuration that every part reads
//!
//! Portable SQL means here: `$1` placeholders, BIGINT and TEXT only, 0 and 1 for truth, no null, no sequences.
//! Nothing reads the database while it serves requests but the check of a password that is not cached:
//! everything else comes from [`SharedConfiguration`].

mod attributes;
mod bulk;
mod demo;
mod desk_settings;
mod engine;
mod error;
mod extensions;
mod ids;
mod migrate;
pub mod model;
mod origins;
mod phone_books;
mod precision_queues;
mod presence;
mod reason_codes;
mod routes;
mod row;
mod scram_keys;
mod secrets;
mod shared;
mod skill_groups;
mod subscriptions;
mod teams;
mod users;
mod wrap_up_reasons;

use std::path::Path;

use sqlx::AnyPool;
use tact_xmpp::sasl::scram::{Hash, Keys};

use engine::Engine;
pub use error::Error;
pub use model::*;
pub use shared::SharedConfiguration;

/// What the password column holds until the first sign-in: the password is the user's id, not yet hashed.
///
/// Only the demo centre is seeded so, whose passwords are public anyway: hashing 10,000 of them would take minutes.
/// [`crate::auth`] puts the real hash in its place at the first successful sign-in.
pub const INITIAL_PASSWORD: &str = "initial";

/// The configuration database. A cheap handle.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
    engine: Engine,
}

/// The schema of a database against the one that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaVersion {
    /// The newest step in the database; 0 for an empty one.
    pub applied: i64,
    /// The newest step that this program knows.
    pub known: i64,
}

impl Store {
    /// Connects and brings the schema up to date. `url` is `sqlite:PATH`, `sqlite::memory:` or `postgres://...`.
    /// A SQLite file is made when it is not there; its folder must exist.
    pub async fn open(url: &str) -> Result<Store, Error> {
        let store = Store::connect(url).await?;
        migrate::run(&store).await?;
        Ok(store)
    }

    /// Connects and changes nothing: the schema stays as it is.
    pub async fn connect(url: &str) -> Result<Store, Error> {
        let engine = Engine::of(url)?;
        let pool = engine.connect(url).await?;
        Ok(Store { pool, engine })
    }

    /// The URL of a SQLite file.
    pub fn sqlite_url(path: &Path) -> String {
        engine::sqlite_url(path)
    }

    /// How far the schema is. Fails when the database holds a step that this program does not know or knows otherwise.
    pub async fn schema_version(&self) -> Result<SchemaVersion, Error> {
        migrate::version(self).await
    }

    /// Seeds the demo centre with `agents` agents; does nothing when there is a user already. True when it did.
    pub async fn seed_demo(&self, agents: u32) -> Result<bool, Error> {
        demo::seed(self, agents).await
    }

    /// True when the users are those of the demo centre, whose passwords are public.
    pub async fn is_demo(&self) -> Result<bool, Error> {
        demo::is_seeded(self).await
    }

    /// Reads the whole configuration as one snapshot.
    pub async fn configuration(&self) -> Result<Configuration, Error> {
        let mut transaction = self.engine.begin_read(&self.pool).await?;
        let connection = &mut *transaction;
        let mut configuration = Configuration {
            users: users::all(connection).await?,
            login_names: Default::default(),
            teams: teams::all(connection).await?,
            skill_groups: skill_groups::all(connection).await?,
            attributes: attributes::all(connection).await?,
            precision_queues: precision_queues::all(connection).await?,
            routes: routes::all(connection).await?,
            extensions: extensions::all(connection).await?,
            reason_codes: reason_codes::all(connection).await?,
            wrap_up_reasons: wrap_up_reasons::all(connection).await?,
            phone_books: phone_books::all(connection).await?,
            desk_settings: desk_settings::all(connection).await?,
        };
        transaction.rollback().await?;
        configuration.index();
        Ok(configuration)
    }

    /// What the password column of `user_id` holds: a PHC string or [`INITIAL_PASSWORD`]; `None` for an unknown user.
    pub async fn password(&self, user_id: &str) -> Result<Option<String>, Error> {
        let mut connection = self.pool.acquire().await?;
        users::password(&mut connection, user_id).await
    }

    /// Sets the password of `user_id` to a PHC string. False for an unknown user.
    /// Through [`crate::auth::Credentials::set_password`] the cached credential goes too.
    pub async fn set_password(&self, user_id: &str, phc: &str) -> Result<bool, Error> {
        let mut connection = self.pool.acquire().await?;
        users::set_password(&mut connection, user_id, phc).await
    }

    /// Puts `phc` in the place of [`INITIAL_PASSWORD`]; false when the password has been changed meanwhile.
    pub async fn settle_initial_password(&self, user_id: &str, phc: &str) -> Result<bool, Error> {
        let mut connection = self.pool.acquire().await?;
        users::settle_initial_password(&mut connection, user_id, phc).await
    }

    /// The SCRAM keys of `user_id`; `None` when there are none, or they are of another password.
    pub async fn scram_keys(&self, user_id: &str, hash: Hash) -> Result<Option<Keys>, Error> {
        let mut connection = self.pool.acquire().await?;
        scram_keys::of_user(&mut connection, user_id, hash).await
    }

    /// Keeps SCRAM keys that belong to this content of the password column.
    pub async fn put_scram_keys(
        &self,
        user_id: &str,
        password: &str,
        keys: &Keys,
    ) -> Result<(), Error> {
        let mut connection = self.pool.acquire().await?;
        scram_keys::put(&mut connection, user_id, password, keys).await
    }

    /// A value that all servers of this database share: the one given, unless another one was before.
    pub async fn secret(&self, name: &str, value: &str) -> Result<String, Error> {
        let mut connection = self.pool.acquire().await?;
        secrets::settle(&mut connection, name, value).await
    }

    /// The subscriptions that outlive sessions: user id and node.
    pub async fn subscriptions(&self) -> Result<Vec<(String, String)>, Error> {
        let mut connection = self.pool.acquire().await?;
        subscriptions::all(&mut connection).await
    }

    /// Keeps a subscription, or forgets it.
    pub async fn keep_subscription(
        &self,
        user_id: &str,
        node: &str,
        subscribed: bool,
    ) -> Result<(), Error> {
        let mut connection = self.pool.acquire().await?;
        if subscribed {
            subscriptions::add(&mut connection, user_id, node).await
        } else {
            subscriptions::remove(&mut connection, user_id, node).await
        }
    }

    /// The agents whom a start of this node expects back, by id.
    pub async fn watched(&self, node: &str) -> Result<Vec<String>, Error> {
        let mut connection = self.pool.acquire().await?;
        presence::watched(&mut connection, node).await
    }

    /// Keeps what the desk of a node said, in order and all or nothing.
    pub async fn keep(&self, node: &str, kept: &[Kept]) -> Result<(), Error> {
        if kept.is_empty() {
            return Ok(());
        }
        let mut transaction = self.engine.begin(&self.pool).await?;
        for kept in kept {
            match kept {
                Kept::Watched { agent, watched } => {
                    presence::watch(&mut transaction, node, agent, *watched).await?;
                }
                Kept::SignedOut { agent, sign_out } => {
                    presence::signed_out(&mut transaction, agent, sign_out).await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The origins that an operator has set while the server ran; `None` where the settings count.
    pub async fn cors_origins(&self) -> Result<Option<Vec<String>>, Error> {
        let mut connection = self.pool.acquire().await?;
        origins::get(&mut connection).await
    }

    /// Sets them, or leaves it to the settings again.
    pub async fn set_cors_origins(&self, origins: Option<&[String]>) -> Result<(), Error> {
        let mut connection = self.pool.acquire().await?;
        origins::set(&mut connection, origins).await
    }

    /// Why an agent was signed out, the last time first.
    pub async fn sign_outs(&self, agent: &str) -> Result<Vec<SignOut>, Error> {
        let mut connection = self.pool.acquire().await?;
        presence::sign_outs(&mut connection, agent).await
    }

    /// Closes every connection; later calls fail.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
