//! Every seed of the fuzz targets, and every prefix of it, through its target.

use std::path::Path;

fn drive(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/fuzz")
        .join(target);
    let mut seeds = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let seed = std::fs::read(entry.unwrap().path()).unwrap();
        for end in 0..=seed.len() {
            run(&seed[..end]);
        }
        seeds += 1;
    }
    assert!(seeds > 2, "{} has its seeds", folder.display());
}

#[test]
fn user_put() {
    drive("user_put", tact_api::fuzz::user_put);
}

#[test]
fn dialog_request() {
    drive("dialog_request", tact_api::fuzz::dialog_request);
}

#[test]
fn update() {
    drive("update", tact_api::fuzz::update);
}

#[test]
fn client_log() {
    drive("client_log", tact_api::fuzz::client_log);
}

proptest::proptest! {
    /// Markup glued together at random reaches further into the reader than random bytes do.
    #[test]
    fn random_markup(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..32)) {
        let body = pieces.concat();
        tact_api::fuzz::user_put(body.as_bytes());
        tact_api::fuzz::dialog_request(body.as_bytes());
        tact_api::fuzz::update(body.as_bytes());
        tact_api::fuzz::client_log(body.as_bytes());
    }

    #[test]
    fn random_bytes(body in proptest::collection::vec(proptest::num::u8::ANY, 0..256)) {
        tact_api::fuzz::user_put(&body);
        tact_api::fuzz::dialog_request(&body);
        tact_api::fuzz::update(&body);
        tact_api::fuzz::client_log(&body);
    }
}

const PIECES: &[&str] = &[
    "<User>",
    "</User>",
    "<state>",
    "</state>",
    "READY",
    "<Dialog>",
    "</Dialog>",
    "<mediaProperties>",
    "</mediaProperties>",
    "<callvariables>",
    "</callvariables>",
    "<CallVariable>",
    "</CallVariable>",
    "<value>",
    "</value>",
    "<actionParams>",
    "</actionParams>",
    "<Update>",
    "</Update>",
    "<data>",
    "</data>",
    "<user>",
    "</user>",
    "<event>PUT</event>",
    "<ClientLog>",
    "</ClientLog>",
    "<logData>",
    "</logData>",
    "&#10;",
    "&#13;",
    "&amp;",
    "&lt;",
    "<![CDATA[ ]] > ]]>",
    "<!-- -->",
    "<?x y?>",
    "\r\n",
    "\u{FEFF}",
    " ",
    "<x a='&#9;'/>",
    "{\"",
    "\"}",
    ":",
    "\u{85}",
    "é",
    "]]>",
    "<a:b>",
    "</a:b>",
    "<apiErrors>",
    "</apiErrors>",
    "<apiError>",
    "</apiError>",
];
