//! The configuration database: opens, how far its schema is, and whether the demo centre would be open to the
//! network. Changes nothing.

use super::Check;
use crate::settings::Settings;
use crate::store::{Error, Store};

const NAME: &str = "database";

/// Connects and compares the schema.
pub(super) async fn check(settings: &Settings) -> Check {
    if settings.database_url.is_none() && !settings.data.join("tact.db").exists() {
        let detail = "not there yet; a SQLite file is made at the first start";
        return judge(settings, settings.demo_agents > 0, detail.to_owned());
    }
    match look(&settings.database()).await {
        Ok((demo, detail)) => judge(settings, demo, detail),
        Err(error) => {
            let fix = match error {
                Error::NewerSchema { .. } | Error::ForeignSchema(_) => {
                    "start the program that wrote it last, or use another --data"
                }
                _ => "check database.url, that the server runs, and that this user may use it",
            };
            Check::fail(NAME, error.to_string(), fix)
        }
    }
}

/// Fails where the server would refuse to show demo passwords to the network.
fn judge(settings: &Settings, demo: bool, detail: String) -> Check {
    match settings.check_exposure(demo) {
        Ok(()) => Check::ok(NAME, detail),
        Err(error) => Check::fail(
            NAME,
            "holds the demo centre, whose passwords are public, and listen.address is open",
            error.to_string(),
        ),
    }
}

/// Whether it holds the demo centre, and how it is.
async fn look(url: &str) -> Result<(bool, String), Error> {
    let store = Store::connect(url).await?;
    let found = describe(&store).await;
    store.close().await;
    found
}

async fn describe(store: &Store) -> Result<(bool, String), Error> {
    let version = store.schema_version().await?;
    if version.applied < version.known {
        let detail = format!(
            "opens, schema step {} of {}: the next start brings it up to date",
            version.applied, version.known
        );
        return Ok((false, detail));
    }
    let users = store.configuration().await?.users.len();
    let detail = format!("opens, schema step {}, {users} users", version.applied);
    Ok((store.is_demo().await?, detail))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Verdict;
    use super::*;

    #[tokio::test]
    async fn a_folder_without_a_database_is_fine_and_stays_so() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::defaults(folder.path());
        assert_eq!(check(&settings).await.verdict, Verdict::Ok);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_database_in_use_tells_its_step_and_users() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::defaults(folder.path());
        let store = Store::open(&settings.database()).await.unwrap();
        store.seed_demo(20).await.unwrap();
        let found = check(&settings).await;
        let step = store.schema_version().await.unwrap().known;
        assert_eq!(found.detail, format!("opens, schema step {step}, 21 users"));
        assert_eq!(found.verdict, Verdict::Ok);
        let open = Settings {
            address: "0.0.0.0".parse().unwrap(),
            ..settings
        };
        assert_eq!(check(&open).await.verdict, Verdict::Fail);
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_fails() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("tact.db"),
            "this is no database at all".repeat(100),
        )
        .unwrap();
        let found = check(&Settings::defaults(folder.path())).await;
        assert_eq!(found.verdict, Verdict::Fail, "{}", found.detail);
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_fails() {
        let mut settings = Settings::defaults(Path::new("data"));
        settings.database_url = Some("postgres://t@localhost/t?host=/nowhere".to_owned());
        assert_eq!(check(&settings).await.verdict, Verdict::Fail);
    }
}
