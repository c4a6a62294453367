//! The BOSH conformance table: one test a line of XEP-0124 as the service implements it, on the pure machine.

use bytes::Bytes;
use sha1::{Digest, Sha1};
use tact_xmpp::bosh::session::{MAX_REPEATS, MAX_RESPONSE_BYTES};
use tact_xmpp::bosh::{Body, Input, Output, RequestId, Session, Settings, Terminate};
use tact_xmpp::event::Stanza;
use tact_xmpp::parser::Limits;

const SECOND: i64 = 1000;

/// A session with a clock and everything that came out of it.
struct Rig {
    now: i64,
    session: Session,
    outputs: Vec<Output>,
    next_id: RequestId,
}

fn read(attributes: &str, payload: &str) -> Body {
    let text = format!(
        "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' {attributes}>{payload}</body>"
    );
    Body::parse(text.as_bytes(), Limits::AFTER_AUTH).expect("a body")
}

const USUAL: &str = "rid='100' ver='1.10' wait='30' hold='1'";

impl Rig {
    /// A session that has answered its creation.
    fn new(attributes: &str) -> Rig {
        let mut rig = Rig::created(attributes, true);
        let creation = rig.answer(0).expect("the creation is answered");
        assert!(creation.sid.is_some());
        rig
    }

    fn created(attributes: &str, secure: bool) -> Rig {
        let session = Session::create(
            0,
            "secret".to_owned(),
            "desk.test",
            Settings::DEFAULT,
            0,
            &read(attributes, ""),
            secure,
        );
        let mut rig = Rig {
            now: 0,
            session,
            outputs: Vec::new(),
            next_id: 0,
        };
        rig.send("<features/>");
        rig
    }

    fn input(&mut self, input: Input) {
        self.session.handle(self.now, input, &mut self.outputs);
    }

    /// Sends a request and lets the machine answer; the request's id.
    fn request(&mut self, attributes: &str, payload: &str) -> RequestId {
        self.request_over(attributes, payload, true)
    }

    fn request_over(&mut self, attributes: &str, payload: &str, secure: bool) -> RequestId {
        self.next_id += 1;
        let (id, body) = (self.next_id, read(attributes, payload));
        self.input(Input::Request { id, body, secure });
        self.input(Input::Flush);
        id
    }

    fn send(&mut self, stanza: &str) {
        self.input(Input::Send(Stanza::from(stanza.to_owned())));
        self.input(Input::Flush);
    }

    fn wait(&mut self, ms: i64) {
        self.now += ms;
        self.input(Input::Tick);
    }

    fn raw(&self, wanted: RequestId) -> Option<(u16, Bytes)> {
        self.outputs.iter().find_map(|output| match output {
            Output::Respond { id, status, body } if *id == wanted => Some((*status, body.clone())),
            _ => None,
        })
    }

    fn answer(&mut self, wanted: RequestId) -> Option<Body> {
        let (_, body) = self.raw(wanted)?;
        Some(Body::parse(&body, Limits::AFTER_AUTH).expect("a response is a body"))
    }

    /// The names of the stanzas that reached the stream, in order.
    fn elements(&self) -> Vec<&str> {
        self.outputs
            .iter()
            .filter_map(|output| match output {
                Output::Element(element) => Some(element.name.as_str()),
                _ => None,
            })
            .collect()
    }

    fn failed(&self) -> Option<Option<Terminate>> {
        self.outputs.iter().find_map(|output| match output {
            Output::Failed { condition, .. } => Some(*condition),
            _ => None,
        })
    }

    fn is_forgotten(&self) -> bool {
        self.outputs.contains(&Output::Forget)
    }
}

fn is_empty(body: &Body) -> bool {
    *body == Body::default()
}

#[test]
fn creation_grants_no_more_than_is_asked_or_allowed() {
    for (asked, granted) in [("5", 5), ("60", 60), ("600", 60)] {
        let mut rig = Rig::created(&format!("rid='1' ver='1.6' wait='{asked}' hold='9'"), true);
        let body = rig.answer(0).expect("answered");
        assert_eq!(body.wait, Some(granted));
        assert_eq!((body.hold, body.requests), (Some(1), Some(2)));
    }
}

#[test]
fn creation_tells_what_clients_need() {
    let mut rig = Rig::created(
        "rid='100' ver='3.5' wait='30' hold='1' ack='1' to='10.1.1.1'",
        true,
    );
    let body = rig.answer(0).expect("answered");
    assert_eq!(body.sid.as_deref(), Some("secret"));
    assert_eq!(body.authid, body.sid);
    assert_eq!(body.from.as_deref(), Some("desk.test"), "whatever `to` was");
    assert_eq!(body.ver, Some((1, 11)), "the lower of both versions");
    assert_eq!(
        (body.polling, body.inactivity, body.maxpause),
        (Some(5), Some(30), Some(300))
    );
    assert_eq!(body.ack, Some(100));
    assert_eq!(body.payload.len(), 1, "features are in the same body");
    let (_, raw) = rig.raw(0).expect("answered");
    let raw = String::from_utf8_lossy(&raw).into_owned();
    assert!(
        raw.contains("xmpp:restartlogic=\"true\"") && raw.contains("xmpp:version=\"1.0\""),
        "{raw}"
    );
    assert!(
        raw.contains("xmlns:stream=\"http://etherx.jabber.org/streams\""),
        "{raw}"
    );
    // None of that in any later response.
    let id = rig.request("rid='101'", "");
    rig.send("<message/>");
    let (_, raw) = rig.raw(id).expect("answered");
    assert_eq!(
        String::from_utf8_lossy(&raw),
        "<body xmlns=\"http://jabber.org/protocol/httpbind\"><message/></body>"
    );
}

#[test]
fn the_lower_version_is_answered_and_its_parts_are_integers() {
    for (asked, answered) in [
        ("1.6", (1, 6)),
        ("1.10", (1, 10)),
        ("1.12", (1, 11)),
        ("2.0", (1, 11)),
    ] {
        let mut rig = Rig::created(&format!("rid='1' ver='{asked}'"), true);
        assert_eq!(rig.answer(0).expect("answered").ver, Some(answered));
    }
}

#[test]
fn a_request_is_held_until_there_is_something_to_say() {
    let mut rig = Rig::new(USUAL);
    let id = rig.request("rid='101'", "");
    assert_eq!(rig.answer(id), None);
    rig.send("<a/>");
    assert_eq!(rig.answer(id).expect("answered").payload.len(), 1);
}

#[test]
fn everything_that_is_queued_goes_into_one_answer() {
    let mut rig = Rig::new(USUAL);
    rig.send("<a/>");
    rig.send("<b/>");
    let id = rig.request("rid='101'", "");
    let names: Vec<String> = rig
        .answer(id)
        .expect("at once")
        .payload
        .into_iter()
        .map(|e| e.name)
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn one_answer_is_bounded() {
    let mut rig = Rig::new(USUAL);
    let big = format!("<a>{}</a>", "x".repeat(MAX_RESPONSE_BYTES * 2 / 3));
    rig.send(&big);
    rig.send(&big);
    let first = rig.request("rid='101'", "");
    let (_, raw) = rig.raw(first).expect("answered");
    assert!(raw.len() < MAX_RESPONSE_BYTES);
    let second = rig.request("rid='102'", "");
    assert!(rig.raw(second).is_some(), "the rest follows");
}

#[test]
fn at_most_hold_requests_wait() {
    let mut rig = Rig::new(USUAL);
    let first = rig.request("rid='101'", "");
    let second = rig.request("rid='102'", "<message/>");
    assert!(is_empty(
        &rig.answer(first).expect("the older one is answered")
    ));
    assert_eq!(rig.answer(second), None);
}

#[test]
fn no_request_waits_longer_than_wait() {
    let mut rig = Rig::new(USUAL);
    rig.now = 5 * SECOND;
    let id = rig.request("rid='101'", "");
    assert_eq!(rig.session.next_due(), Some(35 * SECOND));
    rig.wait(30 * SECOND - 1);
    assert_eq!(rig.answer(id), None);
    rig.wait(1);
    assert!(is_empty(&rig.answer(id).expect("answered")));
}

#[test]
fn requests_are_handled_in_the_order_of_their_ids() {
    let mut rig = Rig::new(USUAL);
    let late = rig.request("rid='102'", "<presence/>");
    assert_eq!(rig.elements(), Vec::<&str>::new(), "before its turn");
    assert_eq!(rig.answer(late), None);
    rig.request("rid='101'", "<message/>");
    assert_eq!(rig.elements(), ["message", "presence"]);
}

#[test]
fn answers_are_given_in_the_order_of_the_ids() {
    let mut rig = Rig::new(USUAL);
    let second = rig.request("rid='102'", "");
    rig.send("<a/>");
    assert_eq!(rig.answer(second), None, "101 is missing");
    let first = rig.request("rid='101'", "");
    assert_eq!(rig.answer(first).expect("answered").payload.len(), 1);
    assert_eq!(rig.answer(second), None, "held");
}

#[test]
fn a_request_that_was_overtaken_fills_the_gap_beside_a_held_one() {
    let mut rig = Rig::new(USUAL);
    let held = rig.request("rid='101'", "");
    rig.request("rid='103'", "<iq/>");
    rig.request("rid='102'", "<presence/>");
    assert_eq!(rig.failed(), None);
    assert_eq!(rig.elements(), ["presence", "iq"]);
    assert!(is_empty(&rig.answer(held).expect("answered")));
}

#[test]
fn an_id_beyond_the_window_ends_the_session() {
    let mut rig = Rig::new(USUAL);
    let id = rig.request("rid='103'", "<message/>");
    let body = rig.answer(id).expect("answered");
    assert_eq!(body.condition.as_deref(), Some("item-not-found"));
    assert_eq!(rig.failed(), Some(Some(Terminate::ItemNotFound)));
    assert!(rig.is_forgotten() && rig.elements().is_empty());
}

#[test]
fn an_answered_id_is_answered_again_byte_for_byte() {
    let mut rig = Rig::new(USUAL);
    rig.send("<a x='&lt;'/>");
    let first = rig.request("rid='101'", "<message/>");
    let again = rig.request("rid='101'", "<message/>");
    assert_eq!(rig.raw(first), rig.raw(again));
    assert_eq!(rig.elements(), ["message"], "handled once");
    let creation = rig.request("rid='100'", "");
    assert_eq!(rig.raw(creation), rig.raw(0), "the creation's answer too");
}

#[test]
fn an_id_answered_long_ago_ends_the_session() {
    let mut rig = Rig::new(USUAL);
    for rid in 101..=103 {
        rig.send("<a/>");
        rig.request(&format!("rid='{rid}'"), "");
    }
    let id = rig.request("rid='101'", "");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("item-not-found")
    );
    assert!(rig.is_forgotten());
}

#[test]
fn a_repeated_pending_request_replaces_the_first() {
    let mut rig = Rig::new(USUAL);
    let first = rig.request("rid='101'", "<message/>");
    let again = rig.request("rid='101'", "<message/>");
    assert_eq!(
        rig.answer(first).expect("at once").kind.as_deref(),
        Some("error")
    );
    assert_eq!(rig.elements(), ["message"], "handled once");
    rig.send("<a/>");
    assert_eq!(rig.answer(again).expect("answered").payload.len(), 1);
    assert!(!rig.is_forgotten());
}

#[test]
fn repeating_has_an_end() {
    let mut rig = Rig::new(USUAL);
    for _ in 0..=MAX_REPEATS {
        rig.request("rid='101'", "");
    }
    assert!(!rig.is_forgotten());
    let id = rig.request("rid='101'", "");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("policy-violation")
    );
    assert!(rig.is_forgotten());
}

#[test]
fn an_early_request_that_is_repeated_replaces_the_first() {
    let mut rig = Rig::new(USUAL);
    let first = rig.request("rid='102'", "<message/>");
    rig.request("rid='102'", "<message/>");
    assert_eq!(
        rig.answer(first).expect("at once").kind.as_deref(),
        Some("error")
    );
    rig.request("rid='101'", "");
    assert_eq!(rig.elements(), ["message"], "handled once");
}

#[test]
fn payload_waits_for_a_connection_that_listens() {
    let mut rig = Rig::new(USUAL);
    let lost = rig.request("rid='101'", "");
    rig.input(Input::Gone(lost));
    rig.send("<a/>");
    assert_eq!(rig.answer(lost), None);
    let again = rig.request("rid='101'", "");
    assert_eq!(
        rig.answer(again).expect("answered").payload.len(),
        1,
        "nothing is lost"
    );
}

#[test]
fn a_lost_request_that_is_skipped_is_answered_empty_in_its_turn() {
    let mut rig = Rig::new(USUAL);
    let lost = rig.request("rid='101'", "");
    rig.input(Input::Gone(lost));
    rig.send("<a/>");
    let next = rig.request("rid='102'", "");
    assert!(is_empty(&rig.answer(lost).expect("into the cache")));
    assert_eq!(rig.answer(next).expect("answered").payload.len(), 1);
}

#[test]
fn acknowledgements_are_sent_when_they_are_used() {
    let mut rig = Rig::new("rid='100' ver='1.10' wait='30' hold='1' ack='1'");
    let first = rig.request("rid='101'", "");
    let second = rig.request("rid='102'", "");
    assert_eq!(
        rig.answer(first).expect("answered").ack,
        Some(102),
        "the highest id received"
    );
    rig.send("<a/>");
    assert_eq!(
        rig.answer(second).expect("answered").ack,
        None,
        "its own id goes without saying"
    );
}

#[test]
fn an_acknowledged_answer_is_forgotten_an_unacknowledged_one_kept() {
    let mut rig = Rig::new("rid='100' ver='1.10' wait='30' hold='1' ack='1'");
    for rid in 101..=106 {
        rig.send("<a/>");
        rig.request(&format!("rid='{rid}'"), "");
    }
    let old = rig.request("rid='101'", "");
    assert_eq!(rig.answer(old).expect("kept").payload.len(), 1);
    rig.request("rid='107' ack='106'", "");
    let id = rig.request("rid='106'", "");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("item-not-found")
    );
}

#[test]
fn inactivity_ends_the_session_silently() {
    let mut rig = Rig::new(USUAL);
    rig.wait(30 * SECOND - 1);
    assert!(!rig.is_forgotten());
    rig.wait(1);
    assert_eq!(rig.failed(), Some(None));
    assert!(rig.is_forgotten());
    let id = rig.request("rid='101'", "");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("item-not-found")
    );
}

#[test]
fn the_clock_of_inactivity_runs_only_while_no_request_is_open() {
    let mut rig = Rig::new("rid='100' ver='1.10' wait='60' hold='1'");
    rig.wait(29 * SECOND);
    rig.request("rid='101'", "");
    rig.wait(59 * SECOND);
    assert!(!rig.is_forgotten());
    rig.wait(SECOND); // answered by wait
    rig.wait(29 * SECOND);
    assert!(!rig.is_forgotten());
    rig.wait(SECOND);
    assert!(rig.is_forgotten());
}

#[test]
fn a_lost_connection_is_no_open_request() {
    let mut rig = Rig::new("rid='100' ver='1.10' wait='60' hold='1'");
    let id = rig.request("rid='101'", "");
    rig.input(Input::Gone(id));
    rig.wait(30 * SECOND);
    assert!(
        rig.is_forgotten(),
        "a browser that vanished is noticed after 30 s, not 90"
    );
}

#[test]
fn a_pause_answers_everything_at_once_and_extends_the_allowance() {
    let mut rig = Rig::new(USUAL);
    let held = rig.request("rid='101'", "");
    rig.input(Input::Send(Stanza::from("<a/>".to_owned())));
    let pause = rig.request("rid='102' pause='120'", "");
    assert!(is_empty(&rig.answer(held).expect("answered")));
    assert!(
        is_empty(&rig.answer(pause).expect("answered")),
        "no payload in the answer to a pause"
    );
    rig.wait(119 * SECOND);
    assert!(!rig.is_forgotten());
    let back = rig.request("rid='103'", "");
    assert_eq!(rig.answer(back).expect("answered").payload.len(), 1);
    rig.wait(30 * SECOND);
    assert!(rig.is_forgotten(), "the usual allowance again");
}

#[test]
fn the_answer_to_a_pause_is_not_kept() {
    let mut rig = Rig::new(USUAL);
    rig.request("rid='101' pause='10'", "");
    let id = rig.request("rid='101'", "");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("item-not-found")
    );
}

#[test]
fn a_pause_beyond_maxpause_is_refused() {
    let mut rig = Rig::new(USUAL);
    let id = rig.request("rid='101' pause='301'", "");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("policy-violation")
    );
    assert!(rig.is_forgotten());
}

#[test]
fn more_requests_than_the_window_holds_are_refused() {
    let mut rig = Rig::new(USUAL);
    rig.request("rid='101'", "");
    let early = rig.request("rid='103'", "");
    assert_eq!(rig.answer(early), None);
    let id = rig.request("rid='104'", "");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("item-not-found")
    );
    assert!(rig.is_forgotten());
}

#[test]
fn a_terminate_fits_beside_a_full_set() {
    let mut rig = Rig::new(USUAL);
    rig.request("rid='101'", "");
    rig.request("rid='103'", "");
    rig.request("rid='102' type='terminate'", "");
    assert!(rig.outputs.contains(&Output::Terminated));
}

#[test]
fn a_polling_session_is_answered_at_once() {
    for attributes in [
        "rid='100' ver='1.10' wait='0' hold='1'",
        "rid='100' ver='1.10' wait='60' hold='0'",
    ] {
        let mut rig = Rig::created(attributes, true);
        let creation = rig.answer(0).expect("answered");
        assert_eq!(creation.inactivity, Some(60));
        rig.now = SECOND;
        let id = rig.request("rid='101'", "");
        assert!(is_empty(&rig.answer(id).expect("at once")));
        rig.now += 5 * SECOND;
        let id = rig.request("rid='102'", "");
        assert!(is_empty(&rig.answer(id).expect("slow enough")));
        rig.now += 5 * SECOND - 1;
        let id = rig.request("rid='103'", "");
        assert_eq!(
            rig.answer(id).expect("answered").condition.as_deref(),
            Some("policy-violation")
        );
    }
}

#[test]
fn a_polling_session_may_hurry_while_there_is_something() {
    let mut rig = Rig::new("rid='100' ver='1.10' wait='0' hold='1'");
    for rid in 101..110 {
        rig.send("<a/>");
        let id = rig.request(&format!("rid='{rid}'"), "");
        assert_eq!(rig.answer(id).expect("answered").payload.len(), 1);
    }
    assert!(!rig.is_forgotten());
}

#[test]
fn a_terminate_is_obeyed_after_its_stanzas() {
    let mut rig = Rig::new(USUAL);
    let held = rig.request("rid='101'", "");
    let last = rig.request(
        "rid='102' type='terminate'",
        "<presence type='unavailable'/>",
    );
    assert_eq!(rig.elements(), ["presence"]);
    let at = |wanted: &Output| rig.outputs.iter().position(|output| output == wanted);
    let element = rig
        .outputs
        .iter()
        .position(|output| matches!(output, Output::Element(_)));
    assert!(element < at(&Output::Terminated), "the stanzas come first");
    let _ = (held, last);
    rig.input(Input::End(None));
    let kinds: Vec<Option<String>> = [held, last]
        .into_iter()
        .map(|id| rig.answer(id).expect("answered").kind)
        .collect();
    assert!(kinds.contains(&Some("terminate".to_owned())));
    assert!(rig.is_forgotten());
}

#[test]
fn the_server_ends_a_session_with_its_reason_on_the_oldest_request() {
    let mut rig = Rig::new(USUAL);
    let held = rig.request("rid='101'", "");
    rig.input(Input::Send(Stanza::from(
        tact_xmpp::error::StreamCondition::Conflict.to_xml(false),
    )));
    rig.input(Input::End(Some(Terminate::RemoteStreamError)));
    let body = rig.answer(held).expect("answered");
    assert!(body.is_terminate());
    assert_eq!(body.condition.as_deref(), Some("remote-stream-error"));
    assert!(
        body.payload
            .first()
            .is_some_and(|error| error.is("error", tact_xmpp::ns::STREAMS))
    );
    assert!(rig.is_forgotten());
}

#[test]
fn a_client_between_two_requests_hears_the_reason_with_its_next() {
    let mut rig = Rig::new(USUAL);
    rig.input(Input::End(Some(Terminate::SystemShutdown)));
    assert!(!rig.is_forgotten());
    let id = rig.request("rid='101'", "<message/>");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("system-shutdown")
    );
    assert!(rig.is_forgotten());
}

#[test]
fn a_reason_that_nobody_fetches_is_forgotten() {
    let mut rig = Rig::new(USUAL);
    rig.input(Input::End(Some(Terminate::SystemShutdown)));
    rig.wait(30 * SECOND);
    assert!(rig.is_forgotten());
    assert_eq!(rig.failed(), None, "it had ended before");
}

#[test]
fn a_client_without_version_is_told_by_status() {
    let mut rig = Rig::new("rid='100' wait='30' hold='1'");
    let id = rig.request("rid='109'", "");
    assert_eq!(rig.raw(id).map(|(status, _)| status), Some(404));
    let mut rig = Rig::new("rid='100' wait='30' hold='1'");
    let id = rig.request("rid='101' pause='999'", "");
    assert_eq!(rig.raw(id).map(|(status, _)| status), Some(403));
    let mut rig = Rig::new(USUAL);
    let id = rig.request("rid='109'", "");
    assert_eq!(rig.raw(id).map(|(status, _)| status), Some(200));
}

fn sha1(text: &str) -> String {
    Sha1::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn keys_must_follow_one_another() {
    let keys: Vec<String> = std::iter::successors(Some("seed".to_owned()), |key| Some(sha1(key)))
        .take(4)
        .collect();
    let mut rig = Rig::new(&format!("{USUAL} newkey='{}'", keys[3].to_uppercase()));
    rig.request(&format!("rid='101' key='{}'", keys[2]), "<a/>");
    let fresh = sha1("fresh");
    rig.request(
        &format!("rid='102' key='{}' newkey='{fresh}'", keys[1]),
        "<b/>",
    );
    rig.request("rid='103' key='fresh'", "<c/>");
    assert_eq!(rig.elements(), ["a", "b", "c"]);
    let id = rig.request("rid='104' key='wrong'", "<d/>");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("item-not-found")
    );
    assert_eq!(rig.elements(), ["a", "b", "c"], "not handled");
}

#[test]
fn a_missing_key_ends_the_session() {
    let mut rig = Rig::new(&format!("{USUAL} newkey='{}'", sha1("x")));
    let id = rig.request("rid='101'", "<a/>");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("item-not-found")
    );
    assert!(rig.elements().is_empty());
}

#[test]
fn a_session_begun_over_tls_stays_there() {
    let mut rig = Rig::new(USUAL);
    let id = rig.request_over("rid='101'", "<a/>", false);
    assert_eq!(
        rig.answer(id).expect("refused").condition.as_deref(),
        Some("bad-request")
    );
    assert!(!rig.is_forgotten(), "a stranger cannot end it");
    rig.request("rid='101'", "<a/>");
    assert_eq!(rig.elements(), ["a"]);
}

#[test]
fn a_restart_is_passed_on_and_its_payload_ignored() {
    let mut rig = Rig::new(USUAL);
    rig.request("rid='101' xmpp:restart='true' to='x'", "<a/>");
    assert!(rig.outputs.contains(&Output::Restart));
    assert!(rig.elements().is_empty());
}

#[test]
fn a_request_without_rid_is_a_bad_request() {
    let mut rig = Rig::new(USUAL);
    let id = rig.request("sid='secret'", "");
    assert_eq!(
        rig.answer(id).expect("answered").condition.as_deref(),
        Some("bad-request")
    );
}

#[test]
fn stanzas_of_the_end_are_dropped() {
    let mut rig = Rig::new(USUAL);
    rig.input(Input::End(None));
    rig.send("<late/>");
    let id = rig.request("rid='101'", "");
    assert!(rig.answer(id).expect("answered").payload.is_empty());
}
