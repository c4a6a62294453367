//! BOSH as a client speaks it (XEP-0124, XEP-0206): bodies, their numbers, and the order of the answers. Pure.

use std::collections::VecDeque;

use tact_xmpp::ns;

use super::dialogue::Say;
use super::scan;

/// Seconds that the server may hold a request.
const WAIT_SECONDS: u32 = 60;
/// Requests that may be under way at once: `hold` and one more.
pub(super) const MAX_UNDER_WAY: usize = 2;

/// A session.
pub(super) struct Bosh {
    sid: String,
    next_rid: u64,
    /// The request whose answer comes next.
    next_answer: u64,
    /// The request under way on each connection.
    under_way: [Option<u64>; MAX_UNDER_WAY],
    /// An answer that overtook the one before it: the connections are read in any order.
    early: Option<Vec<u8>>,
    /// What waits to be said.
    queue: VecDeque<Say>,
    /// The farewell has been said.
    ended: bool,
}

impl Bosh {
    /// A session that has yet to be asked for. `first` is where its numbers begin.
    pub(super) fn new(first: u32) -> Bosh {
        Bosh {
            sid: String::new(),
            next_rid: u64::from(first),
            next_answer: u64::from(first),
            under_way: [None; MAX_UNDER_WAY],
            early: None,
            queue: VecDeque::new(),
            ended: false,
        }
    }

    /// Puts something in the queue.
    pub(super) fn say(&mut self, say: Say) {
        self.queue.push_back(say);
    }

    /// Whether the connection carries a request.
    pub(super) fn is_busy(&self, slot: usize) -> bool {
        self.under_way.get(slot).is_some_and(Option::is_some)
    }

    /// How many requests are under way.
    pub(super) fn under_way(&self) -> usize {
        self.under_way.iter().flatten().count()
    }

    /// The body of the next request, if one is due: something is to be said, or the server holds none.
    pub(super) fn next_body(&mut self, slot: usize, domain: &str) -> Option<String> {
        let under_way = self.under_way();
        let due = !self.ended && (under_way == 0 || !self.queue.is_empty());
        // Nothing can be asked before the session has its name.
        if !due || under_way == MAX_UNDER_WAY || self.sid.is_empty() && under_way > 0 {
            return None;
        }
        let rid = self.next_rid;
        let httpbind = ns::HTTPBIND;
        let sid = &self.sid;
        let body = if sid.is_empty() {
            format!(
                "<body xmlns='{httpbind}' xmlns:xmpp='{}' content='text/xml; charset=utf-8' hold='1' rid='{rid}' \
                 to='{domain}' ver='1.6' wait='{WAIT_SECONDS}' xml:lang='en' xmpp:version='1.0'/>",
                ns::XBOSH
            )
        } else {
            match self.queue.pop_front() {
                Some(Say::Restart) => format!(
                    "<body xmlns='{httpbind}' xmlns:xmpp='{}' rid='{rid}' sid='{sid}' to='{domain}' xml:lang='en' \
                     xmpp:restart='true'/>",
                    ns::XBOSH
                ),
                Some(Say::Stanzas(stanzas)) => {
                    format!("<body xmlns='{httpbind}' rid='{rid}' sid='{sid}'>{stanzas}</body>")
                }
                None => format!("<body xmlns='{httpbind}' rid='{rid}' sid='{sid}'/>"),
            }
        };
        self.next_rid += 1;
        if let Some(slot) = self.under_way.get_mut(slot) {
            *slot = Some(rid);
        }
        Some(body)
    }

    /// The body that ends the session; `stanzas` are its last.
    pub(super) fn farewell(&mut self, slot: usize, stanzas: &str) -> Option<String> {
        if self.sid.is_empty() || self.ended {
            return None;
        }
        self.ended = true;
        if let Some(slot) = self.under_way.get_mut(slot) {
            *slot = Some(self.next_rid);
        }
        Some(format!(
            "<body xmlns='{}' rid='{}' sid='{}' type='terminate'>{stanzas}</body>",
            ns::HTTPBIND,
            self.next_rid,
            self.sid,
        ))
    }

    /// Takes the answer on a connection. Calls `each` for every body whose turn it is, in order.
    pub(super) fn answered(
        &mut self,
        slot: usize,
        body: &[u8],
        each: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let rid = self
            .under_way
            .get_mut(slot)
            .and_then(Option::take)
            .ok_or("an answer that nobody asked for")?;
        if rid != self.next_answer {
            self.early = Some(body.to_vec());
            return Ok(());
        }
        self.next_answer += 1;
        self.take(body, each)?;
        if let Some(early) = self.early.take() {
            self.next_answer += 1;
            self.take(&early, each)?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        body: &[u8],
        each: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let body = body.trim_ascii();
        if scan::name(body) != b"body" || scan::element_end(body) != Ok(Some(body.len())) {
            return Err("an answer that is no <body/>".into());
        }
        if self.sid.is_empty() {
            let sid = scan::attribute(body, "sid").ok_or("the session got no sid")?;
            self.sid = String::from_utf8_lossy(sid).into_owned();
        }
        let ends = scan::attribute(body, "type") == Some(b"terminate");
        for child in scan::children(body) {
            let child = child.map_err(|error| error.to_string())?;
            each(child)?;
        }
        if ends && !self.ended {
            let condition = scan::attribute(body, "condition").unwrap_or(b"no condition");
            let condition = String::from_utf8_lossy(condition);
            return Err(format!("the server ended the session: {condition}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Bosh {
        let mut bosh = Bosh::new(7);
        let created = bosh.next_body(0, "x").unwrap();
        assert!(created.contains("rid='7'") && created.contains("hold='1'"));
        assert_eq!(bosh.next_body(1, "x"), None);
        let answer = b"<body sid='s'><features/></body>";
        bosh.answered(0, answer, &mut |_| Ok(())).unwrap();
        bosh
    }

    #[test]
    fn one_request_is_held_and_a_second_goes_out_only_to_say_something() {
        let mut bosh = session();
        let poll = bosh.next_body(0, "x").unwrap();
        assert!(poll.contains("rid='8' sid='s'/>"), "{poll}");
        assert_eq!(bosh.next_body(1, "x"), None);
        bosh.say(Say::Stanzas("<iq/>".into()));
        bosh.say(Say::Stanzas("<iq/>".into()));
        let said = bosh.next_body(1, "x").unwrap();
        assert!(said.contains("rid='9' sid='s'><iq/></body>"), "{said}");
        assert_eq!(bosh.next_body(0, "x"), None, "no third one");
    }

    #[test]
    fn answers_are_taken_in_the_order_of_the_requests() {
        let mut bosh = session();
        bosh.next_body(0, "x").unwrap();
        bosh.say(Say::Stanzas("<iq/>".into()));
        bosh.next_body(1, "x").unwrap();
        let mut heard = Vec::new();
        let mut each = |child: &[u8]| {
            heard.push(child.to_vec());
            Ok(())
        };
        bosh.answered(1, b"<body><b/></body>", &mut each).unwrap();
        bosh.answered(0, b"<body><a/></body>", &mut each).unwrap();
        assert_eq!(heard, [b"<a/>", b"<b/>"]);
        assert!(bosh.answered(0, b"<body/>", &mut |_| Ok(())).is_err());
    }

    #[test]
    fn an_end_that_nobody_asked_for_is_an_error() {
        let mut bosh = session();
        bosh.next_body(0, "x").unwrap();
        let end = b"<body type='terminate' condition='item-not-found'/>";
        assert_eq!(
            bosh.answered(0, end, &mut |_| Ok(())),
            Err("the server ended the session: item-not-found".into())
        );
        let mut bosh = session();
        assert!(bosh.farewell(0, "").unwrap().contains("type='terminate'"));
        assert_eq!(bosh.answered(0, end, &mut |_| Ok(())), Ok(()));
        assert_eq!(bosh.next_body(0, "x"), None);
    }
}
