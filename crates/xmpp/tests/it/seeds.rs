//! The seeds of the fuzz targets hold what they are seeds for.

use std::fs;
use std::path::{Path, PathBuf};

use tact_xmpp::bosh::Body;
use tact_xmpp::fuzz;
use tact_xmpp::parser::{Limits, StreamParser};

fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/fuzz")
        .join(target);
    let mut seeds: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(&folder)
        .expect("the folder of seeds")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.clone(), fs::read(path).expect("a seed")))
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds
}

#[test]
fn streams() {
    for (path, data) in seeds("stream_parser") {
        fuzz::stream_parser(&data);
        let mut parser = StreamParser::new(Limits::AFTER_AUTH);
        let mut rest = data.as_slice();
        let mut events = 0;
        while let Ok(Some(_)) = parser.next(&mut rest) {
            events += 1;
        }
        assert!(events > 0, "{} brings nothing", path.display());
    }
}

#[test]
fn bodies() {
    for (path, data) in seeds("bosh_body") {
        fuzz::bosh_body(&data);
        assert!(
            Body::parse(&data, Limits::AFTER_AUTH).is_ok(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn messages_and_addresses() {
    for (_, data) in seeds("websocket_message") {
        fuzz::websocket_message(&data);
    }
    for (_, data) in seeds("jid_and_sasl") {
        fuzz::jid_and_sasl(&data);
    }
}
