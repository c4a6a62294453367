//! BOSH over HTTP. A session is a value behind a mutex; a held request is a oneshot, its deadline an entry of the timers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tact_xmpp::bosh::{self, Body, Input, Output, RequestId, Terminate};
use tact_xmpp::error::StreamCondition;
use tact_xmpp::parser::Limits;
use tact_xmpp::sasl::Mechanism;
use tact_xmpp::stream::{Input as StreamInput, Security, Transport};
use tokio::sync::oneshot;

use super::authenticate::Question;
use super::hub::Woken;
use super::outbox::Item;
use super::session::{Effect, Peer, Session};
use super::timers::{Armed, Timed};
use super::{Notify, Shared, random, wake};
use crate::clock;
use crate::http::Connection;

/// How long a request's body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long after the loss of its connections a client counts as absent. Browsers that lose one come again at once.
const ABSENT_MS: i64 = 3_000;
/// The content type of answers, unless the session asked for another.
const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// The sessions by their secret ids.
#[derive(Default)]
pub(super) struct Table(Mutex<HashMap<String, Arc<BoshSession>>>);

impl Table {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<BoshSession>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer to an HTTP request.
struct Answer {
    status: u16,
    body: Bytes,
}

/// One session.
pub(super) struct BoshSession {
    sid: String,
    content: HeaderValue,
    session: Arc<Session>,
    state: Mutex<Inner>,
    armed: Armed,
    shared: Arc<Shared>,
}

struct Inner {
    machine: bosh::Session,
    peer: Peer,
    waiting: BTreeMap<RequestId, oneshot::Sender<Answer>>,
    last_request: RequestId,
    auth_until: Option<i64>,
    /// When the connections of its requests were lost; the client is absent if it does not come again.
    lost: Option<i64>,
    absent: bool,
}

/// Work that must wait until the session's lock is free.
#[derive(Default)]
struct Later {
    woken: Woken,
    ask: Option<Question>,
    forget: bool,
    due: Option<i64>,
}

/// What is done under a session's lock. Boxed, because work may lead to more work.
type Work<'a> = Box<dyn FnOnce(&mut Inner, &mut Later) + 'a>;

impl BoshSession {
    fn create(
        shared: &Arc<Shared>,
        body: &Body,
        connection: Option<Connection>,
    ) -> Option<(Arc<BoshSession>, Held)> {
        let from = connection.map(|connection| connection.peer.ip());
        let secure = connection.is_some_and(|connection| connection.secure);
        let session = Session::new(shared, Transport::Bosh, from)?;
        let now = clock::now_ms();
        let sid = random(16);
        let security = Security {
            offer_tls: false,
            may_authenticate: true,
            mechanisms: &Mechanism::ALL,
        };
        let (sender, answer) = oneshot::channel();
        let machine = bosh::Session::create(
            now,
            sid.clone(),
            &shared.names.domain,
            shared.config.bosh,
            0,
            body,
            secure,
        );
        let content = body
            .content
            .as_deref()
            .and_then(|content| HeaderValue::from_str(content).ok());
        let bosh = Arc::new(BoshSession {
            sid: sid.clone(),
            content: content.unwrap_or(HeaderValue::from_static(CONTENT_TYPE)),
            state: Mutex::new(Inner {
                machine,
                peer: Peer::new(shared, Arc::clone(&session), security),
                waiting: BTreeMap::from([(0, sender)]),
                last_request: 0,
                auth_until: Some(now + shared.config.auth_ms),
                lost: None,
                absent: false,
            }),
            session,
            armed: Armed::default(),
            shared: Arc::clone(shared),
        });
        let weak = Arc::downgrade(&bosh);
        bosh.session.bosh.get_or_init(|| weak);
        shared.bosh.lock().insert(sid, Arc::clone(&bosh));
        bosh.run(Box::new(|inner, later| {
            let effects = inner.peer.open(None, &mut later.woken);
            inner.effects(effects, now, later);
        }));
        let held = Held {
            bosh: Arc::clone(&bosh),
            id: 0,
            answer,
        };
        Some((bosh, held))
    }

    /// Takes a request; the answer comes when the machine gives it.
    fn request(self: &Arc<Self>, body: Body, size: usize, secure: bool) -> Held {
        let (sender, answer) = oneshot::channel();
        let now = clock::now_ms();
        let mut id = 0;
        self.run(Box::new(|inner, later| {
            inner.last_request += 1;
            inner.lost = None;
            id = inner.last_request;
            inner.waiting.insert(id, sender);
            if !inner.peer.is_authenticated() && size > Limits::BEFORE_AUTH.bytes {
                let effects = inner.peer.refuse(
                    StreamCondition::PolicyViolation,
                    "a body too large before authentication",
                    &mut later.woken,
                );
                inner.effects(effects, now, later);
            }
            if !inner.peer.allows(1 + body.payload.len(), size) {
                let effects = inner.peer.refuse_flood(&mut later.woken);
                inner.effects(effects, now, later);
            }
            let mut out = Vec::new();
            inner
                .machine
                .handle(now, Input::Request { id, body, secure }, &mut out);
            inner.outputs(out, now, later);
        }));
        Held {
            bosh: Arc::clone(self),
            id,
            answer,
        }
    }

    /// Sends what is queued, and ends the session when the server wants that.
    pub(super) fn pump(self: &Arc<Self>) {
        self.run(Box::new(|_, _| {}));
    }

    /// Works on the session under its lock, then answers what can be answered, then does what had to wait.
    fn run(self: &Arc<Self>, work: Work<'_>) {
        let mut later = Later::default();
        {
            let mut inner = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut inner, &mut later);
            let now = clock::now_ms();
            inner.settle(now, &self.shared, &mut later);
            inner.watch(now, &self.shared);
            later.due = inner.next_due();
        }
        wake(std::mem::take(&mut later.woken));
        if let Some(due) = later.due {
            let timed: Arc<dyn Timed> = Arc::<BoshSession>::clone(self);
            self.shared.timers.arm(&timed, due);
        }
        if let Some(question) = later.ask {
            let this = Arc::clone(self);
            tokio::spawn(async move {
                let answer = question
                    .put_to(&*this.shared.authenticator, this.session.from)
                    .await;
                this.run(Box::new(|inner, later| {
                    let effects = inner.peer.answered(answer, &mut later.woken);
                    inner.effects(effects, clock::now_ms(), later);
                }));
            });
        }
        if later.forget {
            self.shared.bosh.lock().remove(&self.sid);
        }
    }
}

impl Inner {
    fn effects(&mut self, effects: Vec<Effect>, now: i64, later: &mut Later) {
        for effect in effects {
            match effect {
                Effect::Ask(question) => later.ask = Some(question),
                // The restart comes as a request of its own; there is no TLS inside BOSH.
                Effect::Restart | Effect::StartTls => {}
                Effect::End(condition) => {
                    self.drain(now);
                    let condition = condition.map(|condition| match condition {
                        StreamCondition::SystemShutdown => Terminate::SystemShutdown,
                        _ => Terminate::RemoteStreamError,
                    });
                    let mut out = Vec::new();
                    self.machine.handle(now, Input::End(condition), &mut out);
                    self.outputs(out, now, later);
                }
            }
        }
    }

    fn outputs(&mut self, outputs: Vec<Output>, now: i64, later: &mut Later) {
        for output in outputs {
            match output {
                Output::Respond { id, status, body } => {
                    if let Some(sender) = self.waiting.remove(&id) {
                        self.peer.trace(false, &body);
                        // A client that is gone asks again.
                        let _ = sender.send(Answer { status, body });
                    }
                }
                Output::Element(element) => {
                    let input = StreamInput::Element(element);
                    let effects = self.peer.input(input, &mut later.woken);
                    self.effects(effects, now, later);
                }
                Output::Restart => {
                    let effects = self.peer.open(None, &mut later.woken);
                    self.effects(effects, now, later);
                }
                Output::Terminated => {
                    let effects = self.peer.input(StreamInput::Close, &mut later.woken);
                    self.effects(effects, now, later);
                }
                Output::Failed { condition, cause } => {
                    if condition.is_some() {
                        self.peer.note(cause);
                    }
                    self.peer.leave(cause);
                }
                Output::Forget => later.forget = true,
            }
        }
    }

    /// Moves what is queued to the machine.
    fn drain(&mut self, now: i64) {
        while let Some(item) = self.peer.next_item() {
            if let Item::Stanza(stanza) = item {
                self.machine
                    .handle(now, Input::Send(stanza), &mut Vec::new());
            }
        }
    }

    fn settle(&mut self, now: i64, shared: &Shared, later: &mut Later) {
        if self.peer.is_authenticated() {
            self.auth_until = None;
        }
        if let Some(ending) = self.peer.session.outbox.ending() {
            let effects = self.peer.fail(ending, &mut later.woken);
            self.effects(effects, now, later);
        }
        self.drain(now);
        let mut out = Vec::new();
        self.machine.handle(now, Input::Flush, &mut out);
        self.outputs(out, now, later);
        // What the machine holds counts like what the outbox holds.
        let (stanzas, bytes) = self.machine.queued();
        if stanzas > shared.config.queued_stanzas || bytes > shared.config.queued_bytes {
            shared.overflow(&self.peer.session);
            if let Some(ending) = self.peer.session.outbox.ending() {
                let effects = self.peer.fail(ending, &mut later.woken);
                self.effects(effects, now, later);
            }
        }
    }

    fn next_due(&self) -> Option<i64> {
        let due = self.machine.next_due();
        let absent = self.lost.filter(|_| !self.absent);
        let absent = absent.map(|lost| lost + ABSENT_MS);
        [due, self.auth_until, absent].into_iter().flatten().min()
    }

    /// A client whose connections are lost is no longer present, though its session waits for it a while.
    fn watch(&mut self, now: i64, shared: &Shared) {
        if self.machine.is_deserted() {
            self.lost.get_or_insert(now);
        }
        let absent = self.lost.is_some_and(|lost| lost + ABSENT_MS <= now);
        if absent != self.absent {
            self.absent = absent;
            shared.hub.absent(&self.peer.session, absent);
        }
    }
}

impl Timed for BoshSession {
    fn armed(&self) -> &Armed {
        &self.armed
    }

    fn due(self: Arc<Self>, now: i64) -> Option<i64> {
        self.run(Box::new(|inner, later| {
            if inner.auth_until.is_some_and(|until| until <= now) {
                inner.auth_until = None;
                let effects = inner.peer.refuse(
                    StreamCondition::ConnectionTimeout,
                    "not authenticated in time",
                    &mut later.woken,
                );
                inner.effects(effects, now, later);
            }
            let mut out = Vec::new();
            inner.machine.handle(now, Input::Tick, &mut out);
            inner.outputs(out, now, later);
        }));
        None // `run` arms the timer again
    }
}

/// An HTTP request that waits. When its connection is lost before the answer, the machine is told.
struct Held {
    bosh: Arc<BoshSession>,
    id: RequestId,
    answer: oneshot::Receiver<Answer>,
}

impl Held {
    async fn answer(mut self) -> Response {
        let answer = (&mut self.answer).await.unwrap_or_else(|_| Answer {
            status: 200,
            body: terminate(Terminate::InternalServerError),
        });
        respond(answer, self.bosh.content.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let id = self.id;
        let waits = {
            let mut inner = self
                .bosh
                .state
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            inner.waiting.remove(&id).is_some()
        };
        if waits {
            self.bosh.run(Box::new(|inner, _| {
                let mut out = Vec::new();
                inner
                    .machine
                    .handle(clock::now_ms(), Input::Gone(id), &mut out);
            }));
        }
    }
}

/// `/http-bind`: POST carries the session, OPTIONS is a browser's preflight, GET says what lives here.
pub(super) async fn serve(
    State(notify): State<Notify>,
    connection: Option<Extension<Connection>>,
    request: Request,
) -> Response {
    let cors = &notify.shared.config.cors;
    let headers = request.headers().clone();
    let preflight = *request.method() == Method::OPTIONS;
    let mut response = match *request.method() {
        Method::POST => {
            let connection = connection.map(|Extension(connection)| connection);
            post(&notify.shared, connection, request.into_body()).await
        }
        Method::OPTIONS => StatusCode::OK.into_response(),
        Method::GET | Method::HEAD => {
            "BOSH (XEP-0124): a client sends its requests here by POST.\n".into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    cors.answer(&headers, response.headers_mut(), preflight);
    response
}

async fn post(shared: &Arc<Shared>, connection: Option<Connection>, body: HttpBody) -> Response {
    let secure = connection.is_some_and(|connection| connection.secure);
    let most = Limits::AFTER_AUTH.bytes;
    let read = tokio::time::timeout(BODY_TIMEOUT, axum::body::to_bytes(body, most)).await;
    let data = match read {
        Ok(Ok(data)) => data,
        Ok(Err(_)) => {
            let text = "a body too large or cut off";
            shared.journal.refused(Transport::Bosh, text);
            return refuse(Terminate::PolicyViolation, 413);
        }
        Err(_) => return refuse(Terminate::BadRequest, 408),
    };
    shared.journal.wire(true, &data);
    let body = match Body::parse(&data, Limits::AFTER_AUTH) {
        Ok(body) => body,
        Err(error) => {
            shared.journal.refused(Transport::Bosh, &error.to_string());
            // Which session it was cannot be told; 200 as every client of this wire sends `ver`.
            return refuse(Terminate::BadRequest, 200);
        }
    };
    let held = match &body.sid {
        Some(sid) => {
            let bosh = shared.bosh.lock().get(sid).cloned();
            match bosh {
                Some(bosh) => bosh.request(body, data.len(), secure),
                None => return refuse(Terminate::ItemNotFound, 200),
            }
        }
        None if body.rid.is_none() => {
            let text = "a session creation without rid";
            shared.journal.refused(Transport::Bosh, text);
            let legacy = body.ver.is_none();
            return refuse(Terminate::BadRequest, if legacy { 400 } else { 200 });
        }
        None => match BoshSession::create(shared, &body, connection) {
            Some((_, held)) => held,
            None => {
                shared.refuse_new(Transport::Bosh);
                return refuse(Terminate::InternalServerError, 503);
            }
        },
    };
    held.answer().await
}

fn terminate(condition: Terminate) -> Bytes {
    Bytes::from(Body::terminate(Some(condition)).to_xml())
}

fn refuse(condition: Terminate, status: u16) -> Response {
    let body = terminate(condition);
    respond(
        Answer { status, body },
        HeaderValue::from_static(CONTENT_TYPE),
    )
}

fn respond(answer: Answer, content: HeaderValue) -> Response {
    let mut response = Response::new(HttpBody::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
