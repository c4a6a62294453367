//! The JSON and the text, as people and scripts see them. With `UPDATE_GOLDEN=1` in the environment the files are
//! written anew; then read the difference.

use std::path::Path;

use crate::bundle::{Answer, Bundle, START};
use tact_tracer::{text, trace};

fn holds(name: &str, shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, shown).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(shown, expected, "{name}");
}

#[test]
fn one_good_and_one_failed_login() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    bundle.login(START + 5_000, "2002", "9999", Answer::Failure(260), true);
    let report = trace(&bundle.sources(), None);
    holds(
        "two-logins.json",
        &(serde_json::to_string_pretty(&report).unwrap() + "\n"),
    );
    let shown = text::render(&report);
    assert!(
        shown.lines().all(|line| line.chars().count() <= 100),
        "{shown}"
    );
    holds("two-logins.txt", &shown);
}
