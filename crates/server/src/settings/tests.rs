//! What a person who writes settings gets.

use super::*;

fn load(sets: &[&str]) -> Result<Settings, Error> {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    Settings::load(Path::new("data"), None, &sets)
}

fn message(sets: &[&str]) -> String {
    load(sets).unwrap_err().to_string()
}

fn from_toml(text: &str) -> Result<Settings, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tact.toml");
    std::fs::write(&path, text).unwrap();
    Settings::load(
        Path::new("data"),
        Some(&path),
        &["http.port=9000".to_owned()],
    )
}

#[test]
fn every_default_is_a_valid_value_and_every_key_is_there_once() {
    let mut settings = Settings::blank(Path::new("data"));
    for (index, key) in keys::KEYS.iter().enumerate() {
        assert_eq!(
            (key.apply)(&mut settings, key.default),
            Ok(()),
            "{}",
            key.name
        );
        assert!(!key.meaning.is_empty() && key.meaning.ends_with('.'));
        assert!(
            keys::KEYS
                .iter()
                .skip(index + 1)
                .all(|other| other.name != key.name)
        );
    }
}

#[test]
fn the_defaults_are_those_of_the_design() {
    let settings = load(&[]).unwrap();
    assert!(settings.address.is_loopback());
    assert_eq!((settings.https_port, settings.http_port), (8445, 8082));
    assert_eq!(
        (settings.bosh_secure_port, settings.bosh_port),
        (7443, 7071)
    );
    assert_eq!(
        (settings.xmpp_port, settings.xmpp_secure_port),
        (5222, 5223)
    );
    assert_eq!((settings.cti.port, settings.cti.protocol), (42027, 24));
    assert_eq!(settings.demo_agents, 20);
    assert_eq!(settings.load, 1);
    assert_eq!(
        crate::acd::Limits::from(&settings.acd),
        crate::acd::Limits::default()
    );
    assert_eq!(settings.reason_code_spelling, ReasonCodeSpelling::Both);
    assert_eq!(settings.presence_grace_ms, 60_000);
    assert_eq!(settings.database(), "sqlite:data/tact.db");
}

#[test]
fn the_later_set_wins_and_wins_over_the_file() {
    assert_eq!(load(&["http.port=1", "http.port=2"]).unwrap().http_port, 2);
    let settings = from_toml(
        "[http]\nport = 8000\n[listen]\naddress = '::1'\n[cors]\norigins = ['https://a.example', 'http://b.example:81']\n",
    )
    .unwrap();
    assert_eq!(settings.http_port, 9000);
    assert_eq!(settings.address.to_string(), "::1");
    assert_eq!(
        settings.cors_origins,
        ["https://a.example", "http://b.example:81"]
    );
}

#[test]
fn an_unknown_key_names_the_nearest() {
    assert_eq!(
        message(&["http.prot=1"]),
        "--set: there is no setting `http.prot`; did you mean `http.port`?"
    );
    let error = from_toml("[demo]\nagent = 3\n").unwrap_err().to_string();
    assert!(
        error.ends_with("there is no setting `demo.agent`; did you mean `demo.agents`?"),
        "{error}"
    );
}

#[test]
fn a_bad_value_says_what_it_must_be() {
    assert_eq!(
        message(&["http.port=70000"]),
        "--set: http.port = 70000 is not possible: it must be a port from 1 to 65535, or 0 for a free one"
    );
    assert!(message(&["desk.load=2"]).ends_with("a whole number from 0 to 1"));
    assert!(message(&["cors.origins=crm.example.com"]).contains("https://crm.example.com"));
    assert!(message(&["cti.host=http://pg/"]).contains("without scheme or port"));
    assert!(message(&["rest.reason_code_spelling=Upper"]).ends_with("both, upper or lower"));
    assert!(message(&["http.port"]).contains("key=value"));
    assert!(
        from_toml("http.port = ")
            .unwrap_err()
            .to_string()
            .contains("not valid TOML")
    );
}

#[test]
fn the_password_of_a_database_is_not_shown() {
    assert!(!message(&["database.url=mysql://u:geheim@h/d"]).contains("geheim"));
}

#[test]
fn contradictions_are_found() {
    assert!(message(&["http.port=8445"]).contains("http.port and https.port are both 8445"));
    assert!(load(&["http.port=0", "https.port=0"]).is_ok());
    assert!(load(&["bosh.port=8445", "listen.legacy=false"]).is_ok());
    assert!(message(&["cti.backup_host=pgb"]).contains("cti.host"));
}

#[test]
fn the_demo_centre_stays_on_loopback_unless_told_otherwise() {
    let open = load(&["listen.address=0.0.0.0"]).unwrap();
    assert!(open.check_exposure(true).is_err());
    assert!(open.check_exposure(false).is_ok());
    let exposed = load(&["listen.address=0.0.0.0", "demo.expose=true"]).unwrap();
    assert!(exposed.check_exposure(true).is_ok());
    assert!(load(&[]).unwrap().check_exposure(true).is_ok());
}

#[test]
fn the_reference_has_a_row_for_each_key() {
    let text = keys::reference();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    assert_eq!(rows.count(), keys::KEYS.len());
    assert!(text.contains("| `cti.host` | none | "));
}

#[test]
fn the_document_is_the_reference() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
    let reference = keys::reference();
    if std::env::var_os("TACT_UPDATE_DOCS").is_some() {
        std::fs::write(&document, &reference).unwrap();
    }
    let text = std::fs::read_to_string(&document).unwrap_or_default();
    assert!(
        text == reference,
        "docs/settings.md is not what the table of the settings says; write it anew with \
         TACT_UPDATE_DOCS=1 cargo test -p tact-server the_document_is_the_reference"
    );
}

#[test]
fn service_accounts_have_a_name_and_a_password_and_show_neither_in_errors() {
    let settings = load(&["xmpp.publishers=pub0:one, pub1:two:three"]).unwrap();
    let names = settings.auth.publishers.iter().map(|it| it.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["pub0", "pub1"]);
    assert!(!format!("{settings:?}").contains("two:three"));
    for wrong in ["pub0", "pub0:", ":x", "a b:hidden", "a:hidden,a:hidden"] {
        let message = message(&[&format!("xmpp.publishers={wrong}")]);
        assert!(message.contains("NAME:PASSWORD"), "{message}");
        assert!(!message.contains("hidden"), "{message}");
    }
}

#[test]
fn beyond_loopback_nobody_comes_without_tls_unless_the_switch_says_so() {
    for (address, plain, expected) in [
        ("127.0.0.1", false, true),
        ("::1", false, true),
        ("0.0.0.0", false, false),
        ("0.0.0.0", true, true),
    ] {
        let sets = [
            format!("listen.address={address}"),
            format!("listen.plain={plain}"),
        ];
        let settings = load(&[&sets[0], &sets[1]]).unwrap();
        assert_eq!(settings.takes_plain(), expected, "{address} {plain}");
    }
}
