//! What the store promises on every engine. Each promise gets the URL of an empty database.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking; the lints know only functions marked as tests"
)]

use std::time::{Duration, Instant};

use tact_acd::config::Comparison;
use tact_server::auth::{AuthError, Credentials};
use tact_server::store::{
    Configuration, INITIAL_PASSWORD, Kept, ReasonCategory, SharedConfiguration, SignOut, Store,
};
use tact_server::telemetry::Logs;

pub(crate) async fn an_empty_database_is_empty(url: &str) {
    let store = Store::open(url).await.unwrap();
    let version = store.schema_version().await.unwrap();
    assert_eq!(version.applied, version.known);
    assert_eq!(
        store.configuration().await.unwrap(),
        Configuration::default()
    );
    assert_eq!(store.password("2001").await.unwrap(), None);
    assert!(!store.set_password("2001", "x").await.unwrap());
    assert!(!store.is_demo().await.unwrap());
    assert!(!store.seed_demo(0).await.unwrap());
    assert!(!store.is_demo().await.unwrap());
}

pub(crate) async fn passwords_change_as_asked(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.seed_demo(3).await.unwrap();
    let password = async || store.password("2001").await.unwrap().unwrap();
    assert_eq!(password().await, INITIAL_PASSWORD);
    assert!(
        store
            .settle_initial_password("2001", "first")
            .await
            .unwrap()
    );
    assert_eq!(password().await, "first");
    // Somebody has changed the password while the first hash was made: the change stands.
    assert!(!store.settle_initial_password("2001", "late").await.unwrap());
    assert!(store.set_password("2001", "second").await.unwrap());
    assert_eq!(password().await, "second");
    assert_eq!(
        store.password("2002").await.unwrap().unwrap(),
        INITIAL_PASSWORD
    );
    assert_eq!(store.password("' OR 1=1 --").await.unwrap(), None);
}

pub(crate) async fn the_demo_centre_is_the_same_everywhere(url: &str) {
    let store = Store::open(url).await.unwrap();
    assert!(store.seed_demo(20).await.unwrap());
    assert!(!store.seed_demo(20).await.unwrap());
    assert!(store.is_demo().await.unwrap());
    let centre = store.configuration().await.unwrap();

    let reference = Store::open("sqlite::memory:").await.unwrap();
    reference.seed_demo(20).await.unwrap();
    assert_eq!(centre, reference.configuration().await.unwrap());

    assert_eq!(centre.users.len(), 21);
    assert_eq!(centre.extensions.len(), 21);
    assert_eq!(centre.teams[&5000].supervisors, ["2100"]);
    for (agent, extension) in [
        ("2001", "2003"),
        ("2003", "3003"),
        ("2020", "3020"),
        ("2100", "3100"),
    ] {
        assert_eq!(centre.users[agent].extension, extension);
        assert!(centre.extensions.iter().any(|known| known == extension));
    }
    assert!(centre.users["2100"].supervisor && !centre.users["2001"].supervisor);
    assert!(centre.users.values().all(|user| !user.administrator));
    assert!(
        centre
            .users
            .values()
            .all(|user| user.team_id == 5000 && !user.skill_groups.is_empty())
    );
    let codes = |team, category| centre.reason_codes_for(team, category).count();
    assert_eq!(codes(5000, ReasonCategory::NotReady), 6);
    assert_eq!(codes(1, ReasonCategory::NotReady), 5);
    assert_eq!(codes(5000, ReasonCategory::Logout), 3);
    let labels = |team| {
        let reasons = centre.wrap_up_reasons_for(team);
        reasons.map(|reason| reason.for_all).collect::<Vec<_>>()
    };
    let global = [true; 6];
    assert_eq!(labels(5000), [&global[..], &[false; 2]].concat());
    assert_eq!(labels(1), global);
    assert_eq!(centre.phone_books_for(5000).count(), 2);
    assert_eq!(centre.phone_books_for(1).count(), 1);
    assert!(
        centre
            .phone_books
            .values()
            .all(|book| !book.contacts.is_empty())
    );
    routing_leads_to_known_queues(&centre);
    let settings = centre.desk_settings_of(&centre.users["2001"]);
    assert_eq!(
        (settings.wrap_up_incoming, settings.wrap_up_outgoing),
        (1, 2)
    );
}

/// What was written of queues and routes is what is read, to the last condition.
fn routing_leads_to_known_queues(centre: &Configuration) {
    let dialed: Vec<_> = centre.routes.keys().map(String::as_str).collect();
    assert_eq!(dialed, ["8000", "8001", "8010", "8020", "8099"]);
    for route in centre.routes.values() {
        assert!(route.queues.iter().all(|queue| {
            centre.skill_groups.contains_key(queue) || centre.precision_queues.contains_key(queue)
        }));
    }
    let hours = |dialed| centre.routes[dialed].hours.as_ref();
    assert_eq!(hours("8000"), None);
    let office = hours("8020").unwrap();
    let friday = office.open.last().unwrap();
    assert_eq!((office.open.len(), office.closed_to.as_str()), (5, "8000"));
    assert_eq!((friday.from_min, friday.to_min), (6240, 6840));
    assert_eq!(
        centre.desk_settings_of(&centre.users["2001"]).remote_agent,
        0
    );
    assert_eq!(
        centre.desk_settings_of(&centre.users["2005"]).remote_agent,
        3
    );
    let steps = &centre.precision_queues[&10].steps;
    let shape: Vec<Vec<usize>> = steps
        .iter()
        .map(|step| step.any_of.iter().map(Vec::len).collect())
        .collect();
    assert_eq!(shape, [vec![2], vec![1, 1], vec![1]]);
    let [technical, vip] = steps[0].any_of[0][..] else {
        panic!("{steps:?}");
    };
    assert_eq!(
        (technical.comparison, technical.value),
        (Comparison::AtLeast, 8)
    );
    assert_eq!((vip.comparison, vip.value), (Comparison::Equal, 1));
    assert_eq!(
        steps.iter().map(|step| step.wait_s).collect::<Vec<_>>(),
        [15, 30, 0]
    );
    let first = &centre.users["2001"].attributes;
    assert_eq!(
        first.iter().map(|own| own.value).collect::<Vec<_>>(),
        [8, 1]
    );
    assert!(
        first
            .iter()
            .all(|own| centre.attributes.contains_key(&own.attribute))
    );
}

pub(crate) async fn what_is_stored_survives_a_restart(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.seed_demo(5).await.unwrap();
    store.set_password("2001", "kept").await.unwrap();
    let before = store.configuration().await.unwrap();
    store.close().await;
    let store = Store::open(url).await.unwrap();
    assert!(!store.seed_demo(5).await.unwrap());
    assert_eq!(store.configuration().await.unwrap(), before);
    assert_eq!(
        store.password("2001").await.unwrap().as_deref(),
        Some("kept")
    );
}

pub(crate) async fn several_processes_may_start_at_once(url: &str) {
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let url = url.to_owned();
            tokio::spawn(async move {
                let store = Store::open(&url).await.unwrap();
                store.seed_demo(20).await.unwrap()
            })
        })
        .collect();
    let mut seeded = 0;
    for start in starts {
        seeded += usize::from(start.await.unwrap());
    }
    assert_eq!(seeded, 1);
}

pub(crate) async fn ten_thousand_agents_are_seeded_in_time(url: &str) {
    let store = Store::open(url).await.unwrap();
    let started = Instant::now();
    store.seed_demo(10_000).await.unwrap();
    let centre = store.configuration().await.unwrap();
    let took = started.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(centre.users.len(), 10_001);
    assert_eq!(centre.extensions.len(), 10_001);
    assert_eq!(centre.login_names.len(), 10_001);
    assert!(centre.users["2100"].supervisor && centre.users.contains_key("12001"));
    eprintln!("10,000 agents seeded and read back in {took:?}");
}

pub(crate) async fn agents_sign_in(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.seed_demo(2).await.unwrap();
    let shared = SharedConfiguration::new(store.configuration().await.unwrap());
    let credentials = Credentials::new(store.clone(), shared, Logs::discard());
    let principal = credentials.verify("2001", "2001", "t").await.unwrap();
    assert_eq!(&*principal.id, "2001");
    assert_eq!(
        credentials.verify("2002", "2001", "t").await,
        Err(AuthError::Refused)
    );
    let stored = store.password("2001").await.unwrap().unwrap();
    assert!(stored.starts_with("$argon2id$"));
}

pub(crate) async fn presence_outlives_the_process(url: &str) {
    let store = Store::open(url).await.unwrap();
    let watched = |agent: &str, watched| Kept::Watched {
        agent: agent.to_owned(),
        watched,
    };
    let kept = [
        watched("2001", true),
        watched("2002", true),
        watched("2001", true),
        watched("2002", false),
    ];
    store.keep("node-a", &kept).await.unwrap();
    store
        .keep("node-b", &[watched("2004", true)])
        .await
        .unwrap();
    store.keep("node-a", &[]).await.unwrap();
    assert_eq!(store.watched("node-a").await.unwrap(), ["2001"]);
    assert_eq!(store.watched("node-b").await.unwrap(), ["2004"]);

    let sign_out = |at: i64| SignOut {
        at,
        cause: "PRESENCE_LOST".to_owned(),
        reason: (at > 10).then_some(255),
        by: String::new(),
        channel: "TCP".to_owned(),
        noticed: "SILENT".to_owned(),
        absent_since: (at > 10).then_some(at - 1),
    };
    let kept = |agent: &str, at| Kept::SignedOut {
        agent: agent.to_owned(),
        sign_out: sign_out(at),
    };
    let mut all: Vec<Kept> = (1..=30).map(|at| kept("2001", at)).collect();
    all.extend([kept("2002", 7), kept("2001", 30)]);
    store.keep("node-a", &all).await.unwrap();
    let last: Vec<SignOut> = (11..=30).rev().map(sign_out).collect();
    assert_eq!(store.sign_outs("2001").await.unwrap(), last);
    assert_eq!(store.sign_outs("2002").await.unwrap(), [sign_out(7)]);
    assert!(store.sign_outs("2003").await.unwrap().is_empty());

    // So do the sites that an operator lets call.
    assert_eq!(store.cors_origins().await.unwrap(), None);
    for origins in [vec!["https://a".to_owned(), "https://b".to_owned()], vec![]] {
        store.set_cors_origins(Some(&origins)).await.unwrap();
        assert_eq!(store.cors_origins().await.unwrap(), Some(origins));
    }
    store.set_cors_origins(None).await.unwrap();
    assert_eq!(store.cors_origins().await.unwrap(), None);
}
