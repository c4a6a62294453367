//! One desktop on its way through a login.

use std::collections::BTreeMap;

use hyper::{Method, StatusCode};
use rustls::Error as TlsError;
use tact_api::{Data, Document, ReasonCodes, SystemInfo, Update, User};
use tact_logline::step::Step;
use tokio::time::timeout;

use super::refusal::{asynchronous, refusal};
use super::seat::Seat;
use super::{EVENT_TIMEOUT, Failure, LoginSettings, REST_TIMEOUT, StepTime};
use crate::channel::{Channel, ChannelError, ChannelSettings, Transport};
use crate::clientlog::ClientLog;
use crate::clock::{now_ms, request_id};
use crate::http::Client;
use crate::tls;

pub(super) struct Desktop<'a> {
    settings: &'a LoginSettings,
    tls: std::sync::Arc<rustls::ClientConfig>,
    anonymous: Client,
    rest: Client,
    channel: Option<Channel>,
    log: ClientLog,
    domain: String,
    state: String,
    /// The first reason of each category, where one is configured.
    reasons: BTreeMap<&'static str, u32>,
    pub(super) steps: Vec<StepTime>,
}

impl<'a> Desktop<'a> {
    pub(super) fn new(settings: &'a LoginSettings) -> Result<Desktop<'a>, TlsError> {
        let tls = tls::client_config(settings.insecure || settings.server.is_loopback())?;
        let anonymous = Client::new(settings.server.clone(), std::sync::Arc::clone(&tls));
        let rest = anonymous.with_credentials(&settings.agent, &settings.password);
        Ok(Desktop {
            settings,
            tls,
            anonymous,
            rest,
            channel: None,
            log: ClientLog::new(&settings.server.host),
            domain: String::new(),
            state: String::new(),
            reasons: BTreeMap::new(),
            steps: Vec::new(),
        })
    }

    /// All nine steps, in order.
    pub(super) async fn sign_in(&mut self) -> Result<(), Failure> {
        self.load_page().await?;
        self.read_system_info().await?;
        self.open_channel().await?;
        self.send_presence().await?;
        self.read_user().await?;
        self.request_sign_in().await?;
        self.read_agent_data().await
    }

    /// Notes that `step` succeeded and began at `at`.
    fn done(&mut self, step: Step, at: i64) {
        let ms = now_ms() - at;
        self.steps.push(StepTime { step, at, ms });
    }

    async fn load_page(&mut self) -> Result<(), Failure> {
        let at = now_ms();
        let failed = |cause: String| Failure::at(Step::Desktop, cause);
        let answer = self
            .anonymous
            .get("/desktop/container/", REST_TIMEOUT)
            .await
            .map_err(|error| failed(error.to_string()))?;
        if !answer.status.is_success() {
            return Err(failed(format!(
                "the desktop's page was answered {}",
                answer.status
            )));
        }
        self.done(Step::Desktop, at);
        Ok(())
    }

    async fn read_system_info(&mut self) -> Result<(), Failure> {
        let at = now_ms();
        let body = self
            .get(
                Step::SystemInfo,
                "SystemInfo",
                "/finesse/api/SystemInfo",
                true,
            )
            .await?;
        let info = SystemInfo::from_xml(body.as_bytes())
            .map_err(|error| Failure::at(Step::SystemInfo, error))?;
        self.log.server_time(info.current_timestamp, now_ms());
        self.note(&format!(
            "PageServices.init().onLoad: System info status: {}",
            info.status
        ));
        if info.status != "IN_SERVICE" {
            let reason = match info.status_reason.as_str() {
                "" => String::new(),
                reason => format!(" ({reason})"),
            };
            return Err(Failure::at(
                Step::SystemInfo,
                format!(
                    "the server is {}{reason}: it has no CTI server",
                    info.status
                ),
            ));
        }
        self.domain = info.xmpp_domain;
        self.done(Step::SystemInfo, at);
        Ok(())
    }

    async fn open_channel(&mut self) -> Result<(), Failure> {
        let at = now_ms();
        let kind = self.settings.transport.name();
        self.note(&format!(
            "PageServices.init(): Establishing {kind} connection..."
        ));
        self.connection_status("connecting");
        let opened = Channel::open(&ChannelSettings {
            transport: self.settings.transport,
            server: self.settings.server.clone(),
            xmpp: self.settings.xmpp.clone(),
            tls: std::sync::Arc::clone(&self.tls),
            domain: self.domain.clone(),
            agent: self.settings.agent.clone(),
            password: self.settings.password.clone(),
            resource: "desktop".into(),
        })
        .await;
        match opened {
            Ok(channel) => self.channel = Some(channel),
            Err(error) => {
                let status = match &error {
                    ChannelError::NotAuthorized(_) => "unauthorized",
                    _ => "disconnected",
                };
                self.connection_status(status);
                let hint = match (&error, self.settings.transport) {
                    (ChannelError::Http(_), Transport::Tcp) => {
                        "; is the port right? (--xmpp HOST:PORT)"
                    }
                    _ => "",
                };
                return Err(Failure::at(Step::EventChannel, format!("{error}{hint}")));
            }
        }
        self.connection_status("connected");
        self.note(&format!("PageServices.onLoad(): {kind} established!"));
        self.done(Step::EventChannel, at);
        Ok(())
    }

    async fn send_presence(&mut self) -> Result<(), Failure> {
        let at = now_ms();
        let failed = |error: ChannelError| Failure::at(Step::Presence, error);
        self.channel(Step::Presence)?
            .send_presence()
            .await
            .map_err(failed)?;
        self.done(Step::Presence, at);
        Ok(())
    }

    async fn read_user(&mut self) -> Result<(), Failure> {
        let at = now_ms();
        let path = self.user_path();
        let body = self.get(Step::User, "User", &path, false).await?;
        let user =
            User::from_xml(body.as_bytes()).map_err(|error| Failure::at(Step::User, error))?;
        self.state = user.state;
        self.done(Step::User, at);
        Ok(())
    }

    async fn request_sign_in(&mut self) -> Result<(), Failure> {
        let extension = self.settings.extension.clone();
        self.note(&format!(
            "SignIn.handleUserLoad(): Performing login: extn={extension}"
        ));
        let mut text = String::new();
        tact_xmpp::escape::text(&extension, &mut text);
        let body = format!("<User><state>LOGIN</state><extension>{text}</extension></User>");
        let at = now_ms();
        let id = self.put(Step::SignIn, body).await?;
        self.done(Step::SignIn, at);

        let at = now_ms();
        let update = self.update(&id, "the sign-in").await?;
        self.done(Step::Deliver, at);

        let at = now_ms();
        let Some(Data::User(user)) = update.data else {
            return Err(Failure::at(Step::SignedIn, "the event carries no user"));
        };
        if user.state == "LOGOUT" || user.extension != extension {
            return Err(Failure::at(
                Step::SignedIn,
                format!(
                    "the agent is {} at extension {:?}",
                    user.state, user.extension
                ),
            ));
        }
        self.note("SignIn._triggerLoggedIn(): Successfully logged in!");
        self.note(&format!(
            "_displayUserData(): User's current state is: {}",
            user.state
        ));
        self.state = user.state;
        self.done(Step::SignedIn, at);
        Ok(())
    }

    async fn read_agent_data(&mut self) -> Result<(), Failure> {
        let at = now_ms();
        let user = self.user_path();
        self.get(
            Step::AgentData,
            "Dialogs",
            &format!("{user}/Dialogs"),
            false,
        )
        .await?;
        for category in ["LOGOUT", "NOT_READY"] {
            let path = format!("{user}/ReasonCodes?category={category}");
            let body = self.get(Step::AgentData, "User", &path, false).await?;
            let codes = ReasonCodes::from_xml(body.as_bytes())
                .map_err(|error| Failure::at(Step::AgentData, error))?;
            if let Some(id) = codes.codes.first().and_then(|code| code.id) {
                self.reasons.insert(category, id);
            }
        }
        let path = format!("{user}/PhoneBooks");
        self.get(Step::AgentData, "User", &path, false).await?;
        self.done(Step::AgentData, at);
        Ok(())
    }

    /// Uploads the client log, as the desktop does once it is signed in.
    pub(super) async fn send_client_log(&mut self) -> Result<(), String> {
        let node = format!("{}/ClientLog", self.user_path());
        if let Some(channel) = &mut self.channel {
            channel
                .subscribe(&node)
                .await
                .map_err(|error| error.to_string())?;
        }
        let mut text = String::new();
        tact_xmpp::escape::text(&self.log.render(), &mut text);
        let text = text.replace('\n', "&#10;");
        let id = request_id().map_err(|error| error.to_string())?;
        let answer = self
            .rest
            .send_xml(
                Method::POST,
                &node,
                &id,
                format!("<ClientLog><logData>{text}</logData></ClientLog>"),
                REST_TIMEOUT,
            )
            .await
            .map_err(|error| error.to_string())?;
        if answer.status.is_success() {
            Ok(())
        } else {
            Err(refusal(&answer))
        }
    }

    /// The agent once signed in: what is left of the desktop when it no longer writes a client log.
    pub(super) fn into_seat(self) -> Result<Seat, Failure> {
        let path = self.user_path();
        let channel = self
            .channel
            .ok_or_else(|| Failure::at(Step::EventChannel, "the event channel is not open"))?;
        Ok(Seat::new(
            self.rest,
            channel,
            path,
            self.state,
            self.reasons,
        ))
    }

    pub(super) async fn close(self) {
        if let Some(channel) = self.channel {
            channel.close().await;
        }
    }

    /// A line in the client log.
    fn note(&mut self, text: &str) {
        self.log.note(now_ms(), text);
    }

    fn user_path(&self) -> String {
        format!(
            "/finesse/api/User/{}",
            percent_encoded(&self.settings.agent)
        )
    }

    fn connection_status(&mut self, status: &str) {
        self.note(&format!(
            "[ClientServices] MasterPublisher._connInfoHandler() - Connection status: {status}"
        ));
    }

    fn channel(&mut self, step: Step) -> Result<&mut Channel, Failure> {
        self.channel
            .as_mut()
            .ok_or_else(|| Failure::at(step, "the event channel is not open"))
    }

    /// GET as the client library does it: with `nocache`, and logged before and after.
    async fn get(
        &mut self,
        step: Step,
        object: &str,
        path: &str,
        anonymous: bool,
    ) -> Result<String, Failure> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let path = format!(
            "{path}{separator}nocache={}",
            self.log.next_nocache(now_ms())
        );
        self.note(&format!(
            "[ClientServices] {object}: requestId='undefined', Making REST request: method=GET, url='{path}'"
        ));
        let client = if anonymous {
            &self.anonymous
        } else {
            &self.rest
        };
        let answer = client
            .get(&path, REST_TIMEOUT)
            .await
            .map_err(|error| Failure::at(step, error))?;
        self.note(&format!(
            "[ClientServices] {object}: requestId='undefined', Returned with status={}, content='{}'",
            answer.status.as_u16(),
            answer.body
        ));
        if answer.status != StatusCode::OK {
            return Err(Failure::at(step, refusal(&answer)));
        }
        Ok(answer.body)
    }

    /// PUT on the user; answers with its requestId once the server said 202.
    async fn put(&mut self, step: Step, body: String) -> Result<String, Failure> {
        let id = request_id().map_err(|error| Failure::at(step, error))?;
        let path = self.user_path();
        self.note(&format!(
            "[ClientServices] User: requestId='{id}', Making REST request: method=PUT, url='{path}'"
        ));
        self.note(&format!(
            "[ClientServices] User: requestId='{id}', POST_DATA='{body}'"
        ));
        let answer = self
            .rest
            .send_xml(Method::PUT, &path, &id, body, REST_TIMEOUT)
            .await
            .map_err(|error| Failure::at(step, error))?;
        self.note(&format!(
            "[ClientServices] User: requestId='{id}', Returned with status={}, content='{}'",
            answer.status.as_u16(),
            answer.body
        ));
        if answer.status != StatusCode::ACCEPTED {
            return Err(Failure::at(step, refusal(&answer)));
        }
        Ok(id)
    }

    /// The event that carries this requestId. A refusal in it is the CTI server's.
    async fn update(&mut self, id: &str, what: &str) -> Result<Update, Failure> {
        let waiting = async {
            loop {
                let event = self
                    .channel(Step::Deliver)?
                    .next_event()
                    .await
                    .map_err(|error| Failure::at(Step::Deliver, error))?;
                self.note(&format!(
                    "[ClientServices] MasterPublisher._parseAndPublishXMLEvent() - Received XML event on node '{}': {}",
                    event.node, event.payload
                ));
                let update = Update::from_xml(event.payload.as_bytes())
                    .map_err(|error| Failure::at(Step::Deliver, error))?;
                if update.request_id == id {
                    return Ok(update);
                }
            }
        };
        let update = timeout(EVENT_TIMEOUT, waiting).await.map_err(|_| {
            let cause = format!(
                "no event for {what} within {} s of the 202",
                EVENT_TIMEOUT.as_secs()
            );
            Failure::at(Step::Deliver, cause)
        })??;
        match &update.data {
            Some(Data::ApiErrors(errors)) => Err(Failure::at(Step::CtiEvent, asynchronous(errors))),
            _ => Ok(update),
        }
    }
}

/// The characters of an id that a path cannot hold as they are.
fn percent_encoded(id: &str) -> String {
    let mut out = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
