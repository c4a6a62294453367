//! BOSH (XEP-0124, XEP-0206) at `/http-bind/`: at most two requests under way, one of them held by the server.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use hyper::header::CONTENT_TYPE;
use hyper::{Method, StatusCode};
use tact_xmpp::element::{Attribute, Element, Node, Scope};
use tact_xmpp::ns;
use tact_xmpp::parser::{Limits, document};
use tokio::task::JoinSet;

use super::{ChannelError, ChannelSettings};
use crate::http::{Client, HttpError};

const PATH: &str = "/http-bind/";
/// Seconds that the server may hold a request.
const WAIT_SECONDS: u64 = 30;
/// Requests that may be open at once: `hold` and one more.
const MAX_UNDER_WAY: usize = 2;
/// A held request that is older than this is dead.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(WAIT_SECONDS + 15);

pub(super) struct Wire {
    client: Arc<Client>,
    domain: String,
    sid: Option<String>,
    rid: u64,
    online: bool,
    under_way: JoinSet<(u64, Result<Element, ChannelError>)>,
    /// Answers that overtook the one before them, by rid.
    early: BTreeMap<u64, Element>,
    /// The rid whose answer comes next.
    next_answer: u64,
    received: VecDeque<Element>,
}

impl Wire {
    pub(super) async fn open(settings: &ChannelSettings) -> Result<Wire, ChannelError> {
        let mut start = [0_u8; 4];
        getrandom::fill(&mut start).map_err(|error| ChannelError::Protocol(error.to_string()))?;
        let mut wire = Wire {
            client: Arc::new(Client::new(
                settings.server.clone(),
                Arc::clone(&settings.tls),
            )),
            domain: settings.domain.clone(),
            sid: None,
            rid: u64::from(u32::from_le_bytes(start)),
            online: false,
            under_way: JoinSet::new(),
            early: BTreeMap::new(),
            next_answer: u64::from(u32::from_le_bytes(start)),
            received: VecDeque::new(),
        };
        let body = wire
            .body()
            .with_attribute("to", settings.domain.as_str())
            .with_attribute("ver", "1.6")
            .with_attribute("wait", WAIT_SECONDS.to_string())
            .with_attribute("hold", "1")
            .with_attribute("content", "text/xml; charset=utf-8");
        let body = xbosh(body, "version", "1.0");
        wire.post(&body);
        wire.answer().await?;
        Ok(wire)
    }

    pub(super) async fn restart(&mut self) -> Result<(), ChannelError> {
        self.make_room().await?;
        let body = self.body().with_attribute("to", self.domain.as_str());
        self.post(&xbosh(body, "restart", "true"));
        self.online = true;
        Ok(())
    }

    pub(super) async fn send(&mut self, element: &Element) -> Result<(), ChannelError> {
        self.make_room().await?;
        let body = self.body().with_child(element.clone());
        self.post(&body);
        Ok(())
    }

    pub(super) async fn receive(&mut self) -> Result<Element, ChannelError> {
        loop {
            if let Some(element) = self.received.pop_front() {
                return Ok(element);
            }
            if self.under_way.is_empty() {
                let poll = self.body();
                self.post(&poll);
            }
            self.answer().await?;
        }
    }

    pub(super) async fn close(mut self) {
        if self.make_room().await.is_err() {
            return;
        }
        let presence = Element::new("presence", ns::CLIENT).with_attribute("type", "unavailable");
        let body = self
            .body()
            .with_attribute("type", "terminate")
            .with_child(presence);
        self.post(&body);
        while let Some(answer) = self.under_way.join_next().await {
            if !matches!(answer, Ok((_, Ok(_)))) {
                break;
            }
        }
    }

    /// Waits until another request may be opened: on two connections a third could overtake the second, and the
    /// server would see more than it granted.
    async fn make_room(&mut self) -> Result<(), ChannelError> {
        while self.under_way.len() >= MAX_UNDER_WAY {
            self.answer().await?;
        }
        Ok(())
    }

    fn body(&mut self) -> Element {
        let mut body =
            Element::new("body", ns::HTTPBIND).with_attribute("rid", self.rid.to_string());
        self.rid += 1;
        if let Some(sid) = &self.sid {
            body = body.with_attribute("sid", sid.as_str());
        }
        body
    }

    fn post(&mut self, body: &Element) {
        let mut text = String::new();
        body.write(Scope::NONE, &mut text);
        let client = Arc::clone(&self.client);
        // `body` took this rid and moved on.
        let rid = self.rid - 1;
        self.under_way
            .spawn(async move { (rid, exchange(&client, text).await) });
    }

    /// Waits for one answer and keeps what it carries. Loses nothing when abandoned.
    async fn answer(&mut self) -> Result<(), ChannelError> {
        let Some(answer) = self.under_way.join_next().await else {
            return Ok(());
        };
        let (rid, body) = answer.map_err(|error| HttpError::Answer(error.to_string()))?;
        self.early.insert(rid, body?);
        while let Some(body) = self.early.remove(&self.next_answer) {
            self.next_answer += 1;
            self.take(body)?;
        }
        // A desktop keeps a request at the server, so that events need not wait for the next one.
        if self.online && self.under_way.is_empty() {
            let poll = self.body();
            self.post(&poll);
        }
        Ok(())
    }

    fn take(&mut self, mut body: Element) -> Result<(), ChannelError> {
        if self.sid.is_none() {
            self.sid = body.attribute("sid").map(str::to_owned);
        }
        for node in std::mem::take(&mut body.nodes) {
            if let Node::Element(mut child) = node {
                child.move_namespace(ns::HTTPBIND, ns::CLIENT);
                self.received.push_back(child);
            }
        }
        if body.attribute("type") == Some("terminate") && self.received.is_empty() {
            let condition = body.attribute("condition").unwrap_or("terminated");
            return Err(ChannelError::Closed(condition.to_owned()));
        }
        Ok(())
    }
}

async fn exchange(client: &Client, body: String) -> Result<Element, ChannelError> {
    let headers = [(CONTENT_TYPE, "text/xml; charset=utf-8")];
    let answer = client
        .request(Method::POST, PATH, &headers, body, REQUEST_TIMEOUT)
        .await?;
    if answer.status != StatusCode::OK {
        return Err(ChannelError::Protocol(format!(
            "{PATH} answered {}",
            answer.status
        )));
    }
    document(answer.body.as_bytes(), Limits::AFTER_AUTH)
        .map_err(|error| ChannelError::Protocol(error.to_string()))
}

fn xbosh(mut body: Element, name: &str, value: &str) -> Element {
    body.attributes.push(Attribute {
        ns: ns::XBOSH.into(),
        name: name.to_owned(),
        value: value.to_owned(),
    });
    body
}
