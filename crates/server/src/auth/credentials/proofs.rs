//! Proofs and tokens in place of passwords.

use tact_xmpp::sasl::scram::{Client, First, Hash, Keys};

use super::tests::{Bench, MINUTE, refusal};
use super::*;

/// Whether a client with this password convinces these keys.
fn convinces(keys: Keys, password: &str) -> bool {
    let hash = keys.hash;
    let (client, first) = Client::begin(hash, "2001", password, "abc");
    let first = First::decode(hash, &first).unwrap();
    let (text, challenge) = first.challenge(keys, "xyz");
    let (answer, _) = client.answer(&text).unwrap();
    challenge.check(&answer).is_ok()
}

#[tokio::test]
async fn an_initial_password_can_be_proved_before_it_was_ever_sent() {
    let bench = Bench::new().await;
    for hash in [Hash::Sha1, Hash::Sha256] {
        let keys = bench.credentials.keys("2001", hash, "t").await.unwrap();
        assert!(convinces(keys.clone(), "2001"));
        assert!(!convinces(keys, "2002"));
    }
}

#[tokio::test]
async fn keys_come_and_go_with_the_password() {
    let bench = Bench::new().await;
    let credentials = &bench.credentials;
    let keys = || credentials.keys("2001", Hash::Sha256, "t");
    credentials.set_password("2001", "second").await.unwrap();
    assert!(convinces(keys().await.unwrap(), "second"));
    // Another server of the same database has them too.
    let kept = bench.store.scram_keys("2001", Hash::Sha1).await.unwrap();
    assert!(convinces(kept.unwrap(), "second"));
    // A hash that somebody writes behind our back voids them, until its password is seen.
    credentials.set_password("2002", "third").await.unwrap();
    let hash = bench.store.password("2002").await.unwrap().unwrap();
    bench.store.set_password("2001", &hash).await.unwrap();
    credentials.forget("2001");
    assert_eq!(keys().await, Err(AuthError::Unavailable));
    assert!(bench.lines()[0].ends_with("No SCRAM keys before a sign-in by password: 2001"));
    bench.verify("2001", "third").await.unwrap();
    assert!(convinces(keys().await.unwrap(), "third"));
}

#[tokio::test]
async fn a_name_that_nobody_has_looks_like_any_other() {
    let bench = Bench::new().await;
    for hash in [Hash::Sha256, Hash::Sha1] {
        let keys = |name| bench.credentials.keys(name, hash, "t");
        let invented = keys("nobody").await.unwrap();
        let again = keys("nobody").await.unwrap();
        let real = keys("2001").await.unwrap();
        assert_eq!(invented.salt, again.salt);
        let shape = |keys: &Keys| (keys.salt.len(), keys.stored_key.len(), keys.iterations);
        assert_eq!(shape(&invented), shape(&real));
        assert!(!convinces(invented, "nobody"));
    }
    let refused = bench.credentials.proved("nobody", true, "t");
    assert_eq!(refused, Err(AuthError::Refused));
}

#[tokio::test]
async fn a_client_that_knows_only_sha_1_has_less_to_derive() {
    let bench = Bench::new().await;
    let rounds = async |hash| {
        let keys = bench.credentials.keys("2001", hash, "t").await.unwrap();
        keys.iterations.get()
    };
    assert_eq!(rounds(Hash::Sha1).await, 4096);
    assert_eq!(rounds(Hash::Sha256).await, 10_000);
}

#[tokio::test]
async fn wrong_proofs_lock_like_wrong_passwords() {
    let bench = Bench::new().await;
    let proved = |right| bench.credentials.proved("2001", right, "t");
    for _ in 0..4 {
        assert_eq!(proved(false), Err(AuthError::Refused));
    }
    assert_eq!(&*proved(true).unwrap().id, "2001");
    bench.lines();
    for _ in 0..5 {
        assert_eq!(proved(false), Err(AuthError::Refused));
    }
    assert_eq!(bench.lines()[0], refusal("2001"));
    assert_eq!(proved(true), Err(AuthError::Locked(300)));
    let by_password = bench.verify("2001", "2001").await;
    assert_eq!(by_password, Err(AuthError::Locked(300)));
    bench.pass(5 * MINUTE);
    assert!(proved(true).is_ok());
}

#[tokio::test]
async fn a_token_stands_for_a_password_for_an_hour() {
    let bench = Bench::new().await;
    let credentials = &bench.credentials;
    let (token, expires) = credentials.token("2001").await.unwrap();
    assert_eq!(expires, 1_000_000 + 60 * MINUTE);
    assert_eq!(
        &*credentials.bearer(None, &token, "t").await.unwrap().id,
        "2001"
    );
    assert_eq!(&*bench.verify("2001", &token).await.unwrap().id, "2001");
    assert!(bench.lines().is_empty());
    for (user, token) in [
        (Some("2002"), token.as_str()),
        (None, "tact.x.y"),
        (Some("2001"), ""),
    ] {
        let refused = credentials.bearer(user, token, "t").await;
        assert_eq!(refused, Err(AuthError::Refused), "{user:?}");
    }
    assert_eq!(bench.lines().len(), 3);
    bench.pass(60 * MINUTE);
    assert_eq!(bench.verify("2001", &token).await, Err(AuthError::Refused));
}
