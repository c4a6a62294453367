//! A whole centre without a notification service: what would be published is kept for the test to read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tact_api::{ApiError, ApiErrors, AsyncApiError, Data, Document, Event, Node, Update, User};
use tact_server::acd::{self, AcdHandle};
use tact_server::auth::Credentials;
use tact_server::cors::Cors;
use tact_server::cti::{link, listen};
use tact_server::desk::{self, DeskHandle};
use tact_server::rest;
use tact_server::store::{SharedConfiguration, Store};
use tact_server::telemetry::{LogSettings, Logs};
use tact_server::{clock, http, view};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::wire::Wire;

/// Longer than anything here takes; a test that waits this long has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
/// `http.max_body_bytes` of these tests.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

pub(super) struct Centre {
    pub(super) address: SocketAddr,
    pub(super) logs: Logs,
    pub(super) folder: tempfile::TempDir,
    pub(super) configuration: SharedConfiguration,
    events: mpsc::UnboundedReceiver<(String, String)>,
    stop_cti: CancellationToken,
    _stop: DropGuard,
}

/// What a request was answered.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answered {
    /// The one reason of a refusal.
    pub(super) fn refusal(&self) -> (u16, ApiError) {
        let errors = ApiErrors::from_xml(self.body.as_bytes()).expect(&self.body);
        assert_eq!(errors.errors.len(), 1, "{}", self.body);
        (self.status.as_u16(), errors.errors[0].clone())
    }

    /// Status, type and data of a refusal.
    pub(super) fn refused(&self) -> (u16, String, String) {
        let (status, error) = self.refusal();
        (status, error.error_type, error.data)
    }

    pub(super) fn user(&self) -> User {
        assert_eq!(self.status, 200, "{}", self.body);
        User::from_xml(self.body.as_bytes()).expect(&self.body)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// `Authorization` of a user whose password is its id.
pub(super) fn basic(user: &str) -> (&'static str, String) {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{user}"));
    ("Authorization", format!("Basic {pair}"))
}

impl Centre {
    /// A demo centre of five agents, in service.
    pub(super) async fn start() -> Centre {
        let (centre, _) = Centre::start_with(false).await;
        centre
    }

    /// The same with a tap in its CTI connection.
    pub(super) async fn tapped() -> (Centre, Wire) {
        let (centre, wire) = Centre::start_with(true).await;
        (centre, wire.expect("a tap"))
    }

    async fn start_with(a_tap: bool) -> (Centre, Option<Wire>) {
        let folder = tempfile::tempdir().unwrap();
        let logs = Logs::open(LogSettings {
            directory: folder.path().join("logs"),
            host: "localhost".to_owned(),
            notification_wire: false,
            max_file_bytes: 1 << 20,
            max_files: 2,
        })
        .unwrap();
        let store = Store::open(&Store::sqlite_url(&folder.path().join("tact.db")))
            .await
            .unwrap();
        store.seed_demo(5).await.unwrap();
        let configuration = SharedConfiguration::new(store.configuration().await.unwrap());
        let stop = CancellationToken::new();

        let cti = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = cti.local_addr().unwrap().port();
        let (wire, cti_port) = if a_tap {
            let (wire, port) = Wire::before(server).await;
            (Some(wire), port)
        } else {
            (None, server)
        };
        let stop_cti = stop.child_token();
        let acd = AcdHandle::new(acd::config(&configuration.load(), 5000), logs.clone());
        tokio::spawn(listen::serve(cti, acd, logs.clone(), stop_cti.clone()));

        let (send, events) = mpsc::unbounded_channel();
        let system = system();
        let publisher = publisher(configuration.clone(), system.clone(), send.clone());
        let desk = DeskHandle::new(tact_desk::Config::default(), publisher, logs.clone());
        let side_a = link::Server {
            side: tact_desk::Side::A,
            host: "127.0.0.1".to_owned(),
            port: cti_port,
        };
        let link = link::LinkSettings {
            servers: vec![side_a],
            protocol: Default::default(),
            retry_min: Duration::from_millis(10),
            retry_max: Duration::from_millis(100),
        };
        tokio::spawn(link::run(link, desk.clone(), logs.clone(), stop.clone()));
        let time_keeper = desk.clone();
        let stop_time = stop.clone();
        tokio::spawn(async move { time_keeper.keep_time(stop_time).await });

        let cors = Cors::new(&["https://crm.example.com".to_owned()]);
        let routes = rest::routes(rest::State {
            desk: desk.clone(),
            credentials: Credentials::new(store, configuration.clone(), logs.clone()),
            configuration: configuration.clone(),
            logs: logs.clone(),
            publish: Arc::new(move |node, update| {
                let _ = send.send((node.to_owned(), update.to_xml()));
            }),
            settings: Arc::new(rest::Settings {
                system,
                cors: cors.clone(),
                max_body_bytes: MAX_BODY_BYTES,
                max_client_log_bytes: 8 << 20,
            }),
            threads: Default::default(),
            kinds: Default::default(),
        });
        let router = http::router(routes, axum::Router::new(), cors, logs.clone());
        let web = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = web.local_addr().unwrap();
        tokio::spawn(http::serve(
            web,
            None,
            router,
            100,
            tact_server::telemetry::Logs::discard(),
            stop.clone(),
        ));
        let mut centre = Centre {
            address,
            logs,
            folder,
            configuration,
            events,
            stop_cti,
            _stop: stop.drop_guard(),
        };
        centre.in_service("IN_SERVICE").await;
        (centre, wire)
    }

    /// Ends the CTI server; the desk notices by the connection.
    pub(super) async fn cut_cti(&mut self) {
        self.stop_cti.cancel();
        self.in_service("OUT_OF_SERVICE").await;
    }

    async fn in_service(&mut self, status: &str) {
        loop {
            let (_, update) = self.event("/finesse/api/SystemInfo").await;
            if matches!(update.data, Some(Data::SystemInfo(info)) if info.status == status) {
                return;
            }
        }
    }

    /// The next event on a node, passing over those on others.
    pub(super) async fn event(&mut self, node: &str) -> (String, Update) {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.events.recv()).await;
            let (on, update) = next.expect("an event in time").expect("a publisher");
            if on == node {
                let parsed = Update::from_xml(update.as_bytes()).expect(&update);
                return (update, parsed);
            }
        }
    }

    /// The next state of an agent, with the requestId that it carries.
    pub(super) async fn state(&mut self, agent: &str) -> (User, String) {
        let (text, update) = self.event(&User::uri_of(agent)).await;
        assert_eq!(update.event, Event::Put);
        match update.data {
            Some(Data::User(user)) => (user, update.request_id),
            _ => panic!("no user: {text}"),
        }
    }

    /// The next failure of an agent's request, with the requestId that it carries.
    pub(super) async fn failure(&mut self, agent: &str) -> (AsyncApiError, String) {
        let (text, update) = self.event(&User::uri_of(agent)).await;
        match update.data {
            Some(Data::ApiErrors(errors)) => (errors.errors[0].clone(), update.request_id),
            _ => panic!("no failure: {text}"),
        }
    }

    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&'static str, String)],
        body: impl Into<Bytes>,
    ) -> Answered {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("Host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let answered = tokio::time::timeout(PATIENCE, sender.send_request(request)).await;
        let response = answered.expect("an answer in time").unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answered {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) async fn get(&self, user: &str, path: &str) -> Answered {
        self.send("GET", path, &[basic(user)], "").await
    }

    pub(super) async fn put(&self, user: &str, agent: &str, body: &str) -> Answered {
        let headers = [
            basic(user),
            ("Content-Type", "application/xml".to_owned()),
            ("requestId", format!("req-{agent}")),
        ];
        self.send("PUT", &User::uri_of(agent), &headers, body.to_owned())
            .await
    }

    /// Asks for something about calls: `path` is below the API's base.
    pub(super) async fn ask(&self, user: &str, method: &str, path: &str, body: &str) -> Answered {
        let headers = [
            basic(user),
            ("Content-Type", "application/xml".to_owned()),
            ("requestId", format!("req-{user}")),
        ];
        let path = format!("/finesse/api/{path}");
        self.send(method, &path, &headers, body.to_owned()).await
    }

    /// Signs an agent in and waits until it is.
    pub(super) async fn sign_in(&mut self, agent: &str, extension: &str) -> User {
        let body = format!("<User><state>LOGIN</state><extension>{extension}</extension></User>");
        let answered = self.put(agent, agent, &body).await;
        assert_eq!(answered.status, 202, "{}", answered.body);
        loop {
            let (user, _) = self.state(agent).await;
            if user.state == "NOT_READY" {
                return user;
            }
        }
    }

    /// The lines of a log folder, once everything is written.
    pub(super) fn log(&self, folder: &str) -> String {
        self.logs.flush();
        let folder = self.folder.path().join("logs").join(folder);
        let mut text = String::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            text.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
        }
        text
    }
}

fn system() -> view::System {
    view::System {
        node: Node {
            host: "localhost".to_owned(),
            https_port: Some(8445),
            ..Node::default()
        },
        other_node: None,
        heartbeat_interval_s: 5,
        peripheral_id: 5000,
        cti_hosts: vec!["127.0.0.1".to_owned()],
        reason_code_spelling: Default::default(),
        time_zone: jiff::tz::TimeZone::UTC,
    }
}

fn publisher(
    configuration: SharedConfiguration,
    system: view::System,
    send: mpsc::UnboundedSender<(String, String)>,
) -> desk::Publisher {
    Box::new(move |desk, publish| {
        let now = clock::now_ms();
        for (node, update) in view::publish(desk, publish, &configuration.load(), &system, now) {
            let _ = send.send((node, update.to_xml()));
        }
    })
}
