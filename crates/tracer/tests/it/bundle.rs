//! A folder of logs as the server writes it, one login after the other.

use tact_logline::client::{self, When};
use tact_logline::notification::{self, Notification, Transport};
use tact_logline::webservices::{self, AgentStateEvent, Event, Header};
use tact_logline::{access, ctisvr, realm};
use tact_tracer::input::Source;

pub(crate) const START: i64 = 1_366_756_802_163;

/// The logs of one server.
#[derive(Default)]
pub(crate) struct Bundle {
    records: Vec<(i64, String, Vec<u8>)>,
    access: String,
    openfire: String,
    realm: String,
    ctisvr: String,
    clients: Vec<(String, String)>,
    invoke: u32,
}

/// How the CTI server answers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Answer {
    Event,
    Failure(u16),
    Silence,
}

impl Bundle {
    fn record(&mut self, at: i64, thread: &str, event: &Event<'_>) {
        let mut line = String::new();
        let header = Header {
            sequence: 1,
            host: "127.0.0.1",
            at,
            offset_minutes: 0,
            thread,
        };
        webservices::write(&header, event, &mut line);
        self.records
            .push((at, thread.to_owned(), line.into_bytes()));
    }

    fn hit(
        &mut self,
        at: i64,
        user: Option<&str>,
        method: &str,
        path: &str,
        nocache: Option<i64>,
        status: u16,
    ) {
        let query = nocache.map_or_else(String::new, |value| format!("nocache={value}"));
        let line = access::Access {
            at: Some(at),
            client: "127.0.0.1",
            user,
            port: 8445,
            method,
            path,
            query: &query,
            protocol: "HTTP/1.1",
            status,
            bytes: 10,
            elapsed_ms: 1,
        };
        access::write(&line, &mut self.access);
    }

    fn get(&mut self, at: i64, agent: &str, resource: &str, nocache: bool) {
        let thread = format!("http-bio-8445-exec-{}{agent}", at % 100);
        let (resource, query) = resource.split_once('?').unwrap_or((resource, ""));
        let mut parameters = Vec::new();
        if let Some(category) = query.strip_prefix("category=") {
            parameters.push(("category".to_owned(), category.to_owned()));
        }
        if nocache {
            parameters.push(("nocache".to_owned(), at.to_string()));
        }
        self.record(
            at,
            &thread,
            &Event::RequestStart {
                method: "GET",
                parameters: &parameters,
                resource,
                user: agent,
            },
        );
        let url = resource.trim_start_matches('/');
        let event = Event::ApiRequest {
            url,
            agent_id: agent,
            request_identifier: None,
            request_method: "user.GET",
            request_parameters: "",
        };
        self.record(at, &thread, &event);
        self.record(at + 1, &thread, &Event::RequestEnd { elapsed_ms: 1 });
        let user = Some(agent).filter(|agent| !agent.is_empty());
        self.hit(
            at,
            user,
            "GET",
            &format!("/finesse/api{resource}"),
            nocache.then_some(at),
            200,
        );
    }

    pub(crate) fn page(&mut self, at: i64) {
        self.hit(at, None, "GET", "/desktop/container/", None, 200);
    }

    pub(crate) fn system_info(&mut self, at: i64) {
        self.get(at, "", "/SystemInfo", true);
    }

    pub(crate) fn link(&mut self, at: i64, up: bool) {
        let mnemonic = if up {
            "CTI_CONNECTION_ESTABLISHED"
        } else {
            "CTI_CONNECTION_LOST"
        };
        let fields = [("reason".to_owned(), "connection closed".to_owned())];
        self.record(
            at,
            "CTIMessageEventExecutor-0",
            &Event::Other {
                severity: 3,
                mnemonic,
                fields: &fields,
                message: "x",
            },
        );
    }

    pub(crate) fn wrong_password(&mut self, at: i64, agent: &str) {
        self.notification(
            at,
            &notification::authentication_failed(agent, Transport::Bosh),
        );
        let text = realm::unable_to_authenticate(agent);
        let line = realm::Realm {
            uptime_ms: 1,
            at,
            thread: "http-bio-7443-exec-1",
            level: "INFO",
            text: &text,
        };
        realm::write(&line, &mut self.realm);
    }

    fn notification(&mut self, at: i64, text: &str) {
        let line = Notification {
            at,
            level: "INFO",
            thread: "n",
            class: notification::SESSION_MANAGER,
            text,
        };
        notification::write(&line, &mut self.openfire);
    }

    /// A whole login: by our desktop with a client log, or by a foreign client without page and log.
    pub(crate) fn login(
        &mut self,
        at: i64,
        agent: &str,
        extension: &str,
        answer: Answer,
        ours: bool,
    ) {
        let id = format!("6e210ca9-{agent}-{at}");
        if ours {
            self.page(at);
        }
        self.get(at + 10, "", "/SystemInfo", true);
        let jid = format!("{agent}@host/desktop");
        self.notification(
            at + 20,
            &notification::session_created(&jid, Transport::Bosh),
        );
        let presence = Event::PresenceNotificationRecieved {
            from_jid: &jid,
            presence_type: "available",
        };
        self.record(at + 25, "Smack Listener Processor (1)", &presence);
        self.get(at + 30, agent, &format!("/User/{agent}"), true);
        let put = at + 40;
        let thread = format!("http-bio-8445-exec-9{agent}");
        let resource = format!("/User/{agent}");
        self.record(
            put,
            &thread,
            &Event::RequestStart {
                method: "PUT",
                parameters: &[],
                resource: &resource,
                user: agent,
            },
        );
        let event = Event::ApiRequest {
            url: &format!("User/{agent}"),
            agent_id: agent,
            request_identifier: Some(&id),
            request_method: "user.PUT",
            request_parameters: &format!(" extension:{extension} state:LOGIN"),
        };
        self.record(put, &thread, &event);
        self.record(put + 2, &thread, &Event::RequestEnd { elapsed_ms: 2 });
        self.hit(
            put,
            Some(agent),
            "PUT",
            &format!("/finesse/api/User/{agent}"),
            None,
            202,
        );
        self.invoke += 1;
        self.cti(put + 3, agent, extension, answer);
        if answer != Answer::Event {
            return;
        }
        let payload = format!("<Update><event>PUT</event><requestId>{id}</requestId></Update>");
        let node = format!("/finesse/api/User/{agent}");
        self.record(
            put + 6,
            "pool-5-thread-5",
            &Event::XmppPublishAsynchronous {
                node: &node,
                payload: &payload,
            },
        );
        for (delay, name) in [
            (10, "Dialogs"),
            (11, "ReasonCodes?category=LOGOUT"),
            (12, "ReasonCodes?category=NOT_READY"),
            (13, "PhoneBooks"),
        ] {
            self.get(put + delay, agent, &format!("/User/{agent}/{name}"), true);
        }
        if ours {
            self.told(agent, at, &Bundle::said(at, agent, extension));
        }
    }

    fn cti(&mut self, at: i64, agent: &str, extension: &str, answer: Answer) {
        let invoke_id = self.invoke;
        let event = Event::SetAgentStateReq {
            invoke_id,
            agent_state: 0,
            work_mode: 0,
            reason_code: 50_004,
            force_flag: 1,
            agent_text: extension,
            agent_id: agent,
        };
        self.record(at, "pool-5-thread-4", &event);
        let fields = vec![
            ("InvokeID".into(), ctisvr::Value::Hex(invoke_id.into())),
            (
                "AgentID".into(),
                ctisvr::Value::Text(agent.to_owned().into()),
            ),
        ];
        let body = ctisvr::Body::Message {
            name: "SET_AGENT_STATE_REQ".into(),
            fields,
        };
        let entry = ctisvr::Entry {
            at,
            process: "cg1A-ctisvr".into(),
            session: Some(1),
            body,
        };
        ctisvr::write(&entry, 0, &mut self.ctisvr);
        let executor = "CTIMessageEventExecutor-0";
        match answer {
            Answer::Event => {
                let event = AgentStateEvent {
                    skill_group_state: 0,
                    state_duration: 0,
                    skill_group_number: 85_881,
                    skill_group_priority: 0,
                    agent_state: 2,
                    event_reason_code: 0,
                    signature: "",
                    agent_id: agent,
                    agent_extension: extension,
                    agent_instrument: extension,
                    mrd_id: 1,
                    agent_mode: 1,
                    sequence: 1,
                    received: at + 2,
                    dispatched: at + 2,
                };
                self.record(at + 2, executor, &Event::AgentStateEvent(event));
            }
            Answer::Failure(code) => {
                let fields = [(
                    "failureCode".to_owned(),
                    format!("{code} (CF_INVALID_LOGON_DEVICE_SPECIFIED)"),
                )];
                let event = Event::DecodedMessage {
                    name: "ControlFailureConf",
                    message_id: 35,
                    invoke_id: Some(invoke_id),
                    fields: &fields,
                    received: at + 2,
                    dispatched: at + 2,
                };
                self.record(at + 2, executor, &event);
            }
            Answer::Silence => {}
        }
    }

    /// A client log of its own: what a page said, with the client's clock.
    pub(crate) fn told(&mut self, agent: &str, sent: i64, lines: &[(i64, String)]) {
        let mut text = "Mozilla/5.0 (X11; Linux x86_64)\n".to_owned();
        for (at, said) in lines {
            let when = When::Client {
                at: *at,
                offset_minutes: 60,
            };
            let entry = client::Entry {
                when,
                session: "",
                host: "127.0.0.1",
                server: None,
                gadget: "Container",
                text: said,
            };
            client::write(&entry, &mut text);
        }
        self.clients
            .push((format!("logs/clientlogs/{agent}_{sent}.log"), text));
    }

    /// What a page says of a login by [`Bundle::login`] at this time.
    pub(crate) fn said(at: i64, agent: &str, extension: &str) -> Vec<(i64, String)> {
        let id = format!("6e210ca9-{agent}-{at}");
        let get = |object: &str, path: &str, nocache: i64| {
            let query = if path.contains('?') { '&' } else { '?' };
            format!(
                "[ClientServices] {object}: requestId='undefined', Making REST request: method=GET, url='/finesse/api{path}{query}nocache={nocache}'"
            )
        };
        let user = format!("/User/{agent}");
        let payload = format!("<Update><event>PUT</event><requestId>{id}</requestId></Update>");
        vec![
            (at + 9, get("SystemInfo", "/SystemInfo", at + 10)),
            (at + 14, "[ClientServices] SystemInfo: requestId='undefined', Returned with status=200, content=''".to_owned()),
            (at + 22, "PageServices.onLoad(): BOSH established!".to_owned()),
            (at + 29, get("User", &user, at + 30)),
            (at + 33, "[ClientServices] User: requestId='undefined', Returned with status=200, content=''".to_owned()),
            (at + 38, format!("SignIn.handleUserLoad(): Performing login: extn={extension}")),
            (at + 39, format!("[ClientServices] User: requestId='{id}', Making REST request: method=PUT, url='/finesse/api{user}'")),
            (at + 48, format!("[ClientServices] MasterPublisher._eventHandler() - Received event on node '/finesse/api{user}': {payload}")),
            (at + 49, "SignIn._triggerLoggedIn(): Successfully logged in!".to_owned()),
            (at + 50, get("Dialogs", &format!("{user}/Dialogs"), at + 50)),
            (at + 51, get("User", &format!("{user}/ReasonCodes?category=LOGOUT"), at + 51)),
            (at + 52, get("User", &format!("{user}/ReasonCodes?category=NOT_READY"), at + 52)),
            (at + 53, get("User", &format!("{user}/PhoneBooks"), at + 53)),
        ]
    }

    /// A PUT that the REST API refuses.
    pub(crate) fn refused_put(&mut self, at: i64, agent: &str, status: u16) {
        let thread = format!("http-bio-8445-exec-7{agent}");
        let resource = format!("/User/{agent}");
        let start = Event::RequestStart {
            method: "PUT",
            parameters: &[],
            resource: &resource,
            user: agent,
        };
        self.record(at, &thread, &start);
        let request = Event::ApiRequest {
            url: &format!("User/{agent}"),
            agent_id: agent,
            request_identifier: Some("refused"),
            request_method: "user.PUT",
            request_parameters: " extension:2003 state:LOGIN",
        };
        self.record(at, &thread, &request);
        self.record(at + 1, &thread, &Event::RequestEnd { elapsed_ms: 1 });
        self.hit(
            at,
            Some(agent),
            "PUT",
            &format!("/finesse/api{resource}"),
            None,
            status,
        );
    }

    /// The folder's files, the records in the order of their times.
    pub(crate) fn sources(mut self) -> Vec<Source> {
        self.records.sort_by_key(|record| record.0);
        let records = self
            .records
            .iter()
            .flat_map(|record| record.2.clone())
            .collect();
        let mut sources = vec![
            Source::new(
                "logs/tomcat/localhost_access_log.2013-04-23.txt".into(),
                self.access.into_bytes(),
            ),
            Source::new("logs/webservices/Desktop-webservices.log".into(), records),
            Source::new("logs/openfire/info.log".into(), self.openfire.into_bytes()),
            Source::new("logs/realm/realm.log".into(), self.realm.into_bytes()),
            Source::new(
                "logs/ctisvr/cg1A-ctisvr.log".into(),
                self.ctisvr.into_bytes(),
            ),
        ];
        sources.extend(
            self.clients
                .into_iter()
                .map(|(name, text)| Source::new(name, text.into_bytes())),
        );
        sources
    }
}
