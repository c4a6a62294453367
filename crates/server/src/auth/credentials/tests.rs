//! What somebody who signs in meets, with time driven by hand.

use std::sync::atomic::AtomicI64;

use super::*;

/// Credentials over a demo centre in memory, their clock and their realm log.
pub(super) struct Bench {
    pub(super) credentials: Credentials,
    pub(super) store: Store,
    now: Arc<AtomicI64>,
    lines: Arc<Mutex<Vec<String>>>,
}

pub(super) const MINUTE: i64 = 60_000;

impl Bench {
    pub(super) async fn new() -> Bench {
        Bench::with(&Limits::default()).await
    }

    pub(super) async fn with(limits: &Limits) -> Bench {
        let store = Store::open("sqlite::memory:").await.unwrap();
        store.seed_demo(20).await.unwrap();
        let configuration = SharedConfiguration::new(store.configuration().await.unwrap());
        let now = Arc::new(AtomicI64::new(1_000_000));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (time, log) = (now.clone(), lines.clone());
        let credentials = Credentials::assemble(
            store.clone(),
            configuration,
            Box::new(move |thread, level, text| {
                log.lock().unwrap().push(format!("{thread} {level} {text}"));
            }),
            Box::new(move || time.load(Ordering::SeqCst)),
            limits,
        );
        Bench {
            credentials,
            store,
            now,
            lines,
        }
    }

    pub(super) async fn verify(&self, user: &str, password: &str) -> Result<Principal, AuthError> {
        self.credentials.verify(user, password, "t").await
    }

    pub(super) fn pass(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    pub(super) fn lines(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}

pub(super) fn refusal(id: &str) -> String {
    format!("t INFO CCRealmConfig.finesseAuthenticate(): Unable to authenticate user: {id}")
}

#[tokio::test]
async fn an_agent_and_a_supervisor_sign_in_without_a_line() {
    let bench = Bench::new().await;
    let agent = bench.verify("2001", "2001").await.unwrap();
    assert_eq!(
        (&*agent.id, agent.supervisor, agent.administrator),
        ("2001", false, false)
    );
    assert!(bench.verify("2100", "2100").await.unwrap().supervisor);
    assert!(bench.lines().is_empty());
}

#[tokio::test]
async fn the_login_name_is_as_good_as_the_id() {
    let bench = Bench::new().await;
    let login = bench.store.configuration().await.unwrap().users["2001"]
        .login_name
        .clone();
    assert_eq!(&*bench.verify(&login, "2001").await.unwrap().id, "2001");
}

#[tokio::test]
async fn the_first_sign_in_stores_a_real_hash() {
    let bench = Bench::new().await;
    let stored = || async { bench.store.password("2001").await.unwrap().unwrap() };
    assert_eq!(stored().await, INITIAL_PASSWORD);
    bench.verify("2001", "wrong").await.unwrap_err();
    assert_eq!(stored().await, INITIAL_PASSWORD);
    bench.verify("2001", "2001").await.unwrap();
    assert!(
        stored()
            .await
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
    );
    bench.pass(31 * MINUTE);
    bench.verify("2001", "2001").await.unwrap();
}

#[tokio::test]
async fn a_refusal_is_one_line_with_the_id() {
    let bench = Bench::new().await;
    assert_eq!(bench.verify("2001", "wrong").await, Err(AuthError::Refused));
    assert_eq!(bench.lines(), [refusal("2001")]);
    assert_eq!(bench.verify("nobody", "x").await, Err(AuthError::Refused));
    assert_eq!(bench.lines(), [refusal("nobody")]);
}

#[tokio::test]
async fn a_name_cannot_forge_or_flood_the_log() {
    let bench = Bench::new().await;
    bench
        .verify("a\r\n2001 signed in\u{2028}", "x")
        .await
        .unwrap_err();
    bench.verify(&"é".repeat(5000), "x").await.unwrap_err();
    bench.verify("2001", &"x".repeat(5000)).await.unwrap_err();
    let lines = bench.lines();
    assert_eq!(
        lines,
        [
            refusal("a\u{fffd}\u{fffd}2001 signed in\u{fffd}"),
            refusal(&"é".repeat(64)),
            refusal("2001")
        ]
    );
}

#[tokio::test]
async fn the_fifth_failure_locks_even_a_cached_credential_for_five_minutes() {
    let bench = Bench::new().await;
    bench.verify("2001", "2001").await.unwrap();
    for _ in 0..5 {
        assert_eq!(bench.verify("2001", "wrong").await, Err(AuthError::Refused));
    }
    let lines = bench.lines();
    assert_eq!(
        lines
            .iter()
            .filter(|line| **line == refusal("2001"))
            .count(),
        5
    );
    assert_eq!(
        lines[4],
        "t WARN CCRealmConfig.finesseAuthenticate(): User is locked out: 2001"
    );
    assert_eq!(lines.len(), 6);
    assert_eq!(
        bench.verify("2001", "2001").await,
        Err(AuthError::Locked(300))
    );
    assert_eq!(bench.lines(), [refusal("2001")]);
    bench.pass(5 * MINUTE - 1);
    assert_eq!(
        bench.verify("2001", "2001").await,
        Err(AuthError::Locked(1))
    );
    bench.pass(1);
    assert!(bench.verify("2001", "2001").await.is_ok());
    assert!(bench.verify("2002", "2002").await.is_ok());
}

#[tokio::test]
async fn a_success_between_failures_keeps_the_user_free() {
    let bench = Bench::new().await;
    for _ in 0..3 {
        for _ in 0..4 {
            bench.verify("2001", "wrong").await.unwrap_err();
        }
        bench.verify("2001", "2001").await.unwrap();
    }
}

#[tokio::test]
async fn an_unknown_name_locks_as_a_known_one_does() {
    let bench = Bench::new().await;
    for _ in 0..5 {
        assert_eq!(bench.verify("nobody", "x").await, Err(AuthError::Refused));
    }
    assert_eq!(
        bench.verify("nobody", "x").await,
        Err(AuthError::Locked(300))
    );
}

#[tokio::test]
async fn a_cached_credential_outlives_the_database_for_half_an_hour() {
    let bench = Bench::new().await;
    bench.verify("2001", "2001").await.unwrap();
    bench.store.close().await;
    bench.pass(30 * MINUTE - 1);
    assert!(bench.verify("2001", "2001").await.is_ok());
    assert_eq!(
        bench.verify("2002", "2002").await,
        Err(AuthError::Unavailable)
    );
    bench.pass(1);
    assert_eq!(
        bench.verify("2001", "2001").await,
        Err(AuthError::Unavailable)
    );
    // That is no refusal: nothing is known about the credential.
    assert!(bench.lines().is_empty());
}

#[tokio::test]
async fn a_changed_password_is_the_only_one_at_once() {
    let bench = Bench::new().await;
    bench.verify("2001", "2001").await.unwrap();
    assert_eq!(
        bench.credentials.set_password("2001", "new").await,
        Ok(true)
    );
    assert_eq!(bench.verify("2001", "2001").await, Err(AuthError::Refused));
    assert!(bench.verify("2001", "new").await.is_ok());
    assert_eq!(
        bench.credentials.set_password("nobody", "new").await,
        Ok(false)
    );
}

#[tokio::test]
async fn the_same_wrong_password_from_many_at_once_is_one_failure_and_many_lines() {
    let bench = Bench::new().await;
    let askers: Vec<_> = (0..20)
        .map(|_| {
            let credentials = bench.credentials.clone();
            tokio::spawn(async move { credentials.verify("2001", "wrong", "t").await })
        })
        .collect();
    for asker in askers {
        assert_eq!(asker.await.unwrap(), Err(AuthError::Refused));
    }
    assert_eq!(bench.lines(), vec![refusal("2001"); 20]);
    assert!(bench.verify("2001", "2001").await.is_ok());
}

#[tokio::test]
async fn guesses_side_by_side_do_not_get_past_the_lock() {
    let bench = Bench::new().await;
    let guesses: Vec<_> = (0..8)
        .map(|guess| {
            let credentials = bench.credentials.clone();
            tokio::spawn(async move {
                credentials
                    .verify("2001", &format!("guess {guess}"), "t")
                    .await
            })
        })
        .collect();
    for guess in guesses {
        guess.await.unwrap().unwrap_err();
    }
    assert_eq!(
        bench.verify("2001", "2001").await,
        Err(AuthError::Locked(300))
    );
    let locks = bench
        .lines()
        .iter()
        .filter(|line| line.contains("locked out"))
        .count();
    assert_eq!(locks, 1);
}

#[tokio::test]
async fn guesses_side_by_side_cost_no_more_than_the_lock_allows() {
    let bench = Arc::new(Bench::new().await);
    let guesses: Vec<_> = (0..60)
        .map(|guess| {
            let bench = bench.clone();
            tokio::spawn(async move { bench.verify("2001", &format!("guess {guess}")).await })
        })
        .collect();
    let mut checked = 0;
    for guess in guesses {
        checked += usize::from(guess.await.unwrap() == Err(AuthError::Refused));
    }
    let at_a_time = std::thread::available_parallelism().map_or(1, usize::from);
    assert!((5..5 + at_a_time).contains(&checked), "{checked}");
}

#[tokio::test]
async fn a_service_account_is_known_by_its_password_and_locks_like_a_user() {
    let limits = Limits {
        publishers: vec![Publisher::new("pub0", "secret")],
        ..Limits::default()
    };
    let bench = Bench::with(&limits).await;
    let principal = bench.verify("pub0", "secret").await.unwrap();
    assert_eq!((&*principal.id, principal.publisher), ("pub0", true));
    assert!(!bench.verify("2001", "2001").await.unwrap().publisher);
    for _ in 0..5 {
        let refused = bench.verify("pub0", "pub0").await;
        assert_eq!(refused, Err(AuthError::Refused));
    }
    let locked = bench.verify("pub0", "secret").await;
    assert_eq!(locked, Err(AuthError::Locked(300)));
}

#[tokio::test]
async fn too_many_failures_from_one_address_stop_it_and_nobody_else() {
    let limits = Limits {
        address_failures: 12,
        ..Limits::default()
    };
    let bench = Bench::with(&limits).await;
    let from = |address: &str| Door {
        thread: "t",
        address: Some(address.parse().unwrap()),
    };
    let (far, near) = (from("192.0.2.7"), from("192.0.2.8"));
    let try_from = async |user: &str, password: &str, door| {
        bench.credentials.verify(user, password, door).await
    };
    // One that is right counts nothing, however often.
    for _ in 0..20 {
        try_from("2001", "2001", far).await.unwrap();
    }
    // One password on one user after the other: nobody is locked by it.
    for user in ["2002", "2003"] {
        let refused = try_from(user, "summer", far).await;
        assert_eq!(refused, Err(AuthError::Refused));
    }
    let stopped = try_from("2001", "2001", far).await;
    assert!(
        matches!(stopped, Err(AuthError::Locked(1..=6))),
        "{stopped:?}"
    );
    assert!(try_from("2001", "2001", near).await.is_ok());
    let keys = bench.credentials.keys("2001", Hash::Sha256, far).await;
    assert!(matches!(keys, Err(AuthError::Locked(_))));
    assert!(
        bench
            .lines()
            .iter()
            .any(|line| line.ends_with("Too many failures from: 192.0.2.7"))
    );
    bench.pass(10_000);
    assert!(try_from("2001", "2001", far).await.is_ok());
}
