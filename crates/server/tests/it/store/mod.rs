//! The configuration database keeps one contract on SQLite (file and memory) and on PostgreSQL.

mod contract;

use tact_server::store::{Error, Store};

use crate::postgres::Cluster;

#[tokio::test]
async fn sqlite_in_a_file_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| Store::sqlite_url(&folder.path().join(name));
    contract::an_empty_database_is_empty(&url("empty.db")).await;
    contract::passwords_change_as_asked(&url("passwords 100%?.db")).await;
    contract::the_demo_centre_is_the_same_everywhere(&url("demo.db")).await;
    contract::what_is_stored_survives_a_restart(&url("restart.db")).await;
    contract::several_processes_may_start_at_once(&url("race.db")).await;
    contract::ten_thousand_agents_are_seeded_in_time(&url("large.db")).await;
    contract::agents_sign_in(&url("auth.db")).await;
    contract::presence_outlives_the_process(&url("presence.db")).await;
}

#[tokio::test]
async fn sqlite_in_memory_keeps_the_contract() {
    let url = "sqlite::memory:";
    contract::an_empty_database_is_empty(url).await;
    contract::passwords_change_as_asked(url).await;
    contract::the_demo_centre_is_the_same_everywhere(url).await;
    contract::ten_thousand_agents_are_seeded_in_time(url).await;
    contract::agents_sign_in(url).await;
    contract::presence_outlives_the_process(url).await;
}

#[tokio::test]
async fn postgresql_keeps_the_contract() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    contract::an_empty_database_is_empty(&cluster.database("empty").await).await;
    contract::passwords_change_as_asked(&cluster.database("passwords").await).await;
    contract::the_demo_centre_is_the_same_everywhere(&cluster.database("demo").await).await;
    contract::what_is_stored_survives_a_restart(&cluster.database("restart").await).await;
    contract::several_processes_may_start_at_once(&cluster.database("race").await).await;
    contract::ten_thousand_agents_are_seeded_in_time(&cluster.database("large").await).await;
    contract::agents_sign_in(&cluster.database("auth").await).await;
    contract::presence_outlives_the_process(&cluster.database("presence").await).await;
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_says_so_without_its_password() {
    let missing = Store::open("sqlite:/nowhere/at/all/tact.db")
        .await
        .unwrap_err();
    assert!(
        missing
            .to_string()
            .starts_with("cannot open the SQLite database")
    );
    assert!(matches!(
        Store::open("mysql://h/d").await,
        Err(Error::UnknownEngine)
    ));
    let url = "postgres://tact:geheim@localhost/tact?host=/nowhere/at/all";
    let refused = Store::open(url).await.unwrap_err().to_string();
    assert!(
        refused.starts_with("cannot open the PostgreSQL database"),
        "{refused}"
    );
    assert!(!refused.contains("geheim"));
}
