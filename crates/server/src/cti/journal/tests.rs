//! The journal on disk: what a restart finds, what a broken disk does.

use tact_acd::config::AgentConfig;
use tact_acd::journal::{Replay, Step};
use tact_acd::{ClientId, Input};
use tact_ged188::{AgentState, OpenReq, Services, SetAgentStateReq, Tag};

use super::*;

fn config() -> Config {
    Config {
        agents: vec![AgentConfig {
            id: "2001".into(),
            icm_agent_id: 1,
            ..Default::default()
        }],
        extensions: vec!["3001".into()],
        ..Config::new(5000)
    }
}

fn settings(folder: &Path) -> JournalSettings {
    JournalSettings {
        folder: folder.join("journal"),
        file_bytes: 1 << 20,
        files: 3,
    }
}

/// A centre that keeps a journal, without sockets.
struct Centre {
    acd: Acd,
    journal: Journal,
    now: i64,
    last_client: u32,
    story: Option<String>,
}

impl Centre {
    fn open(settings: JournalSettings) -> Centre {
        Centre::with(settings, config())
    }

    fn with(settings: JournalSettings, config: Config) -> Centre {
        let now = 1_700_000_000_000;
        let (journal, found) = Journal::open(settings, config, now).unwrap();
        Centre {
            acd: found.acd,
            journal,
            now,
            last_client: found.last_client,
            story: found.story,
        }
    }

    fn step(&mut self, input: Input) {
        self.now += 1000;
        let mut outputs = Vec::new();
        self.journal.before(&self.acd, self.now, &input);
        self.acd.handle(self.now, input, &mut outputs);
        self.journal.after(self.now, &outputs);
    }

    fn sign_in(&mut self) {
        let client = ClientId(self.last_client + 1);
        let address = ([127, 0, 0, 1], 1).into();
        self.step(Input::Connected { client, address });
        let mut open = OpenReq {
            version_number: 24,
            idle_timeout: u32::MAX,
            peripheral_id: 5000,
            services_requested: Services::ALL_EVENTS | Services::CLIENT_CONTROL,
            ..Default::default()
        };
        open.floats.push_text(Tag::CLIENT_ID, "test");
        let mut login = SetAgentStateReq {
            peripheral_id: 5000,
            agent_state: AgentState::LOGIN,
            ..Default::default()
        };
        login.floats.push_text(Tag::AGENT_ID, "2001");
        login.floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
        for message in [open.into(), login.into()] {
            self.step(Input::Message { client, message });
        }
        assert_eq!(self.state(), AgentState::NOT_READY);
    }

    fn state(&self) -> AgentState {
        self.acd.agent("2001").unwrap().state
    }
}

#[test]
fn a_server_that_was_killed_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = Centre::open(settings(folder.path()));
    assert_eq!(centre.story, None);
    centre.sign_in();
    let before = centre.acd.agent("2001").map(|agent| agent.since);
    drop(centre);
    let again = Centre::open(settings(folder.path()));
    assert_eq!(again.state(), AgentState::NOT_READY);
    assert_eq!(again.acd.agent("2001").map(|agent| agent.since), before);
    assert_eq!((again.last_client, again.acd.clients()), (1, 0));
    let story = again.story.unwrap();
    assert!(story.contains("3 inputs; configuration: Same"), "{story}");
}

#[test]
fn what_was_torn_off_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = Centre::open(settings(folder.path()));
    centre.sign_in();
    drop(centre);
    let (_, path) = files(&folder.path().join("journal"))
        .unwrap()
        .pop()
        .unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(&[0, 0, 0, 60, 1, 2]);
    std::fs::write(&path, &bytes).unwrap();
    let again = Centre::open(settings(folder.path()));
    assert_eq!(again.state(), AgentState::NOT_READY);
    let story = again.story.unwrap();
    assert!(story.contains("not written to its end"), "{story}");
}

#[test]
fn a_journal_that_cannot_be_read_does_not_keep_the_server_down() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = Centre::open(settings(folder.path()));
    centre.sign_in();
    drop(centre);
    let (_, path) = files(&folder.path().join("journal"))
        .unwrap()
        .pop()
        .unwrap();
    std::fs::write(&path, b"TACTACD\xff of another time").unwrap();
    let again = Centre::open(settings(folder.path()));
    assert_eq!(again.state(), AgentState::LOGOUT);
    assert!(again.story.unwrap().contains("cannot be read"));
    assert!(path.exists(), "somebody may want to look at it");
}

#[test]
fn a_full_file_is_followed_by_another_and_old_ones_go() {
    let folder = tempfile::tempdir().unwrap();
    let small = JournalSettings {
        file_bytes: 2_000,
        ..settings(folder.path())
    };
    let mut centre = Centre::open(small.clone());
    centre.sign_in();
    for _ in 0..400 {
        centre.step(Input::Tick);
    }
    let kept = files(&small.folder).unwrap();
    assert_eq!(kept.len(), 3);
    assert!(kept[0].0 > 1, "{kept:?}");
    assert_eq!(centre.state(), AgentState::NOT_READY);
    // Each of them stands on its own and knows what was said; the newest has no end yet.
    for (_, path) in &kept[..2] {
        let bytes = std::fs::read(path).unwrap();
        let mut replay = Replay::new(&bytes).unwrap();
        let mut last = None;
        while let Some(step) = replay.step(&mut Vec::new()) {
            last = Some(step.unwrap());
        }
        assert_eq!(last, Some(Step::Check { same: true }));
    }
    drop(centre);
    assert_eq!(Centre::open(small).state(), AgentState::NOT_READY);
}

#[test]
fn an_agent_who_is_gone_from_the_configuration_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = Centre::open(settings(folder.path()));
    centre.sign_in();
    drop(centre);
    let again = Centre::with(settings(folder.path()), Config::new(5000));
    assert_eq!(again.acd.agent("2001"), None);
    assert!(again.story.unwrap().contains("Shrunk"));
}

#[test]
fn a_folder_has_one_journal_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let centre = Centre::open(settings(folder.path()));
    let error = Journal::open(settings(folder.path()), config(), 0).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
    drop(centre);
    Centre::open(settings(folder.path()));
}

#[test]
fn a_centre_goes_on_when_the_disk_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = Centre::open(settings(folder.path()));
    // As if the next write had failed.
    let error = io::Error::from(io::ErrorKind::StorageFull);
    centre.journal.fail(centre.now, &error);
    centre.sign_in();
    assert_eq!(centre.state(), AgentState::NOT_READY);
    assert_eq!(files(&folder.path().join("journal")).unwrap().len(), 1);
    // The next attempt takes everything along.
    centre.now += RETRY_MS;
    centre.step(Input::Tick);
    drop(centre);
    let again = Centre::open(settings(folder.path()));
    assert_eq!(again.state(), AgentState::NOT_READY);
}
