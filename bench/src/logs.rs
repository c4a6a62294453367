//! A webservices log as a busy centre writes it, and the logins that are in it; all of it follows from a seed.
//!
//! Agents change states, calls come and go, statistics are asked for, and about one login comes to 2,000 records. The
//! records of all threads are interleaved by their times, one in twenty has lines behind its first one, and the mean
//! record has 450 to 600 bytes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use tact_acd::phones::Random;
use tact_logline::webservices::{self, AgentStateEvent, Event, Header};

/// Agents of the centre.
pub const AGENTS: u32 = 2_000;
/// When the log begins, milliseconds since 1970.
const BEGIN: i64 = 1_492_203_600_000;
/// Records between two logins.
const RECORDS_A_LOGIN: u64 = 2_000;

/// A login that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Who.
    pub agent: String,
    /// At which extension.
    pub extension: String,
    /// The requestId of its PUT.
    pub request_id: String,
    /// When the PUT began, milliseconds since 1970.
    pub at: i64,
}

/// A record that waits for its turn.
type Waiting = Reverse<(i64, u64, String, usize)>;

/// Writes one log.
pub struct Logs {
    random: Random,
    now: i64,
    order: u64,
    records: u64,
    bytes: u64,
    invoke: u32,
    waiting: BinaryHeap<Waiting>,
    logins: Vec<Written>,
    next_login: u64,
    scratch: String,
}

impl Logs {
    /// The same seed gives the same log.
    pub fn new(seed: u64) -> Logs {
        Logs {
            random: Random::new(seed),
            now: BEGIN,
            order: 0,
            records: 0,
            bytes: 0,
            invoke: 1,
            waiting: BinaryHeap::new(),
            logins: Vec::new(),
            next_login: RECORDS_A_LOGIN / 2,
            scratch: String::new(),
        }
    }

    /// Writes at least so many bytes; the logins, the number of records and of bytes.
    ///
    /// # Errors
    /// What the writer can't take.
    pub fn write(
        mut self,
        bytes: u64,
        out: &mut impl Write,
    ) -> io::Result<(Vec<Written>, u64, u64)> {
        while self.bytes < bytes {
            self.turn();
            self.flush(out, self.now - 500)?;
        }
        self.flush(out, i64::MAX)?;
        Ok((self.logins, self.records, self.bytes))
    }

    fn flush(&mut self, out: &mut impl Write, until: i64) -> io::Result<()> {
        while self
            .waiting
            .peek()
            .is_some_and(|Reverse(first)| first.0 <= until)
        {
            let Some(Reverse((_, _, line, sequence))) = self.waiting.pop() else {
                break;
            };
            self.records += 1;
            self.bytes += line.len() as u64;
            // The sequence number is the record's place in the file.
            let rest = line.get(sequence..).unwrap_or_default();
            write!(out, "{:010}{rest}", self.records)?;
        }
        Ok(())
    }

    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.random.below(u64::from(end.max(1)))).unwrap_or(0)
    }

    fn record(&mut self, at: i64, thread: &str, event: &Event<'_>) {
        let header = Header {
            sequence: 0,
            host: "10.106.81.82",
            at,
            offset_minutes: -420,
            thread,
        };
        self.scratch.clear();
        webservices::write(&header, event, &mut self.scratch);
        let mut line = self.scratch.clone();
        if self.below(20) == 0 {
            for depth in 0..=self.below(4) {
                line.push_str(
                    "\tat com.cisco.ccbu.finesse.core.CoreImpl$Worker.run(CoreImpl.java:",
                );
                line.push_str(&(100 + depth).to_string());
                line.push_str(")\n");
            }
        }
        self.order += 1;
        self.waiting.push(Reverse((at, self.order, line, 10)));
    }

    fn turn(&mut self) {
        self.now += i64::from(self.below(8));
        if self.records + self.waiting.len() as u64 >= self.next_login {
            self.next_login += RECORDS_A_LOGIN;
            self.login();
            return;
        }
        match self.below(10) {
            0..=3 => self.change(),
            4..=6 => self.call(),
            _ => self.statistics(),
        }
    }

    fn agent(&mut self) -> (String, String) {
        let number = self.below(AGENTS);
        (
            (1_000_000 + number).to_string(),
            (40_000 + number).to_string(),
        )
    }

    fn thread(&mut self) -> String {
        format!("http-bio-8445-exec-{}", self.below(150))
    }

    fn request_id(&mut self) -> String {
        let part = |value: u64, digits: usize| format!("{value:016x}")[16 - digits..].to_owned();
        let mut next = || self.random.below(u64::MAX);
        format!(
            "{}-{}-4{}-b{}-{}",
            part(next(), 8),
            part(next(), 4),
            part(next(), 3),
            part(next(), 3),
            part(next(), 12)
        )
    }

    /// A request with its records; when it is answered.
    #[expect(clippy::too_many_arguments, reason = "what a request is made of")]
    fn request(
        &mut self,
        at: i64,
        thread: &str,
        method: &str,
        resource: &str,
        agent: &str,
        request_id: Option<&str>,
        parameters: &str,
    ) -> i64 {
        let (path, query) = resource.split_once('?').unwrap_or((resource, ""));
        let mut asked = vec![("nocache".to_owned(), (at - 1_200).to_string())];
        asked.extend(
            query
                .split_once('=')
                .map(|(key, value)| (key.to_owned(), value.to_owned())),
        );
        let start = Event::RequestStart {
            method,
            parameters: if method == "GET" { &asked } else { &[] },
            resource: path,
            user: agent,
        };
        self.record(at, thread, &start);
        let kind = path.split('/').nth(1).unwrap_or_default().to_lowercase();
        let api = Event::ApiRequest {
            url: path.trim_start_matches('/'),
            agent_id: agent,
            request_identifier: request_id,
            request_method: &format!("{kind}.{method}"),
            request_parameters: parameters,
        };
        self.record(at, thread, &api);
        let elapsed_ms = 2 + u64::from(self.below(30));
        let end = at + i64::try_from(elapsed_ms).unwrap_or(0);
        self.record(end, thread, &Event::RequestEnd { elapsed_ms });
        end
    }

    fn ask_cti(&mut self, at: i64, agent: &str, extension: &str, state: u16) {
        self.invoke += 1;
        let event = Event::SetAgentStateReq {
            invoke_id: self.invoke,
            agent_state: state,
            work_mode: 0,
            reason_code: if state == 0 { 50_004 } else { 0 },
            force_flag: u8::from(state == 0),
            agent_text: extension,
            agent_id: agent,
        };
        let thread = format!("pool-5-thread-{}", self.below(8));
        self.record(at, &thread, &event);
        let confirmed = Event::DecodedMessage {
            name: "SetAgentStateConf",
            message_id: 39,
            invoke_id: Some(self.invoke),
            fields: &[],
            received: at + 3,
            dispatched: at + 3,
        };
        self.record(at + 3, "CTIMessageEventExecutor-0", &confirmed);
    }

    fn event(&mut self, at: i64, agent: &str, extension: &str, state: u16) {
        let event = AgentStateEvent {
            skill_group_state: state,
            state_duration: 0,
            skill_group_number: 29_808,
            skill_group_priority: 0,
            agent_state: state,
            event_reason_code: 0,
            signature: "Finesse",
            agent_id: agent,
            agent_extension: extension,
            agent_instrument: extension,
            mrd_id: 1,
            agent_mode: 1,
            sequence: self.order,
            received: at,
            dispatched: at,
        };
        self.record(
            at,
            "CTIMessageEventExecutor-0",
            &Event::AgentStateEvent(event),
        );
    }

    fn publish(&mut self, at: i64, agent: &str, extension: &str, request_id: &str, state: &str) {
        let node = format!("/finesse/api/User/{agent}");
        let payload = format!(
            "<Update><data><user><dialogs>/finesse/api/User/{agent}/Dialogs</dialogs><extension>{extension}</extension>\
             <firstName>Agent</firstName><lastName>{agent}</lastName><loginId>{agent}</loginId><loginName>a{agent}</loginName>\
             <reasonCodeId>-1</reasonCodeId><roles><role>Agent</role></roles><state>{state}</state>\
             <stateChangeTime>2017-04-14T21:01:17.196Z</stateChangeTime><teamId>5000</teamId><teamName>Team</teamName>\
             <uri>/finesse/api/User/{agent}</uri></user></data><event>PUT</event><requestId>{request_id}</requestId>\
             <source>/finesse/api/User/{agent}</source></Update>"
        );
        let event = Event::XmppPublishAsynchronous {
            node: &node,
            payload: &payload,
        };
        let thread = format!("pool-5-thread-{}", self.below(8));
        self.record(at, &thread, &event);
    }

    /// An agent becomes ready or not ready.
    fn change(&mut self) {
        let (agent, extension) = self.agent();
        let (thread, id, at) = (self.thread(), self.request_id(), self.now);
        let (state, name) = if self.below(2) == 0 {
            (2, "NOT_READY")
        } else {
            (3, "READY")
        };
        let parameters = format!(" state:{name}");
        let resource = format!("/User/{agent}");
        let end = self.request(
            at,
            &thread,
            "PUT",
            &resource,
            &agent,
            Some(&id),
            &parameters,
        );
        self.ask_cti(end + 1, &agent, &extension, state);
        self.event(end + 8, &agent, &extension, state);
        self.publish(end + 12, &agent, &extension, &id, name);
    }

    /// A call rings: events, an agent who is reserved, and what the desktops hear.
    fn call(&mut self) {
        let (agent, extension) = self.agent();
        let at = self.now;
        let call = 16_000_000 + self.below(900_000);
        let fields: Vec<(String, String)> = [
            ("monitorID", "0".to_owned()),
            ("peripheralID", "5000".to_owned()),
            ("peripheralType", "17".to_owned()),
            ("connectionDeviceIDType", "0".to_owned()),
            ("callID", call.to_string()),
            ("connectionDeviceID", extension.clone()),
            ("callingDeviceID", "4085551234".to_owned()),
            ("calledDeviceID", extension.clone()),
            ("lastRedirectDeviceID", "null".to_owned()),
            ("localConnectionState", "2 (LCS_ALERTING)".to_owned()),
            ("eventCause", "22 (CEC_NEW_CALL)".to_owned()),
            ("alertingDeviceID", extension.clone()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        let event = Event::DecodedMessage {
            name: "CallDeliveredEvent",
            message_id: 10,
            invoke_id: None,
            fields: &fields,
            received: at,
            dispatched: at + 1,
        };
        self.record(at, "CTIMessageEventExecutor-0", &event);
        self.event(at + 1, &agent, &extension, 8);
        self.publish(at + 5, &agent, &extension, "", "RESERVED");
        let node = format!("/finesse/api/User/{agent}/Dialogs");
        let payload = format!(
            "<Update><data><dialogs><Dialog><associatedDialogUri></associatedDialogUri><fromAddress>4085551234</fromAddress>\
             <id>{call}</id><mediaProperties><callType>ACD_IN</callType><dialedNumber>8005551000</dialedNumber></mediaProperties>\
             <mediaType>Voice</mediaType><participants><Participant><actions><action>ANSWER</action></actions>\
             <mediaAddress>{extension}</mediaAddress><state>ALERTING</state></Participant></participants><state>ALERTING</state>\
             <toAddress>{extension}</toAddress><uri>/finesse/api/Dialog/{call}</uri></Dialog></dialogs></data><event>POST</event>\
             <requestId></requestId><source>/finesse/api/User/{agent}/Dialogs</source></Update>"
        );
        let event = Event::XmppPublishAsynchronous {
            node: &node,
            payload: &payload,
        };
        self.record(at + 6, "pool-5-thread-3", &event);
        if self.below(3) == 0 {
            let (thread, id) = (self.thread(), self.request_id());
            let resource = format!("/Dialog/{call}");
            self.request(
                at + 9,
                &thread,
                "PUT",
                &resource,
                &agent,
                Some(&id),
                " requestedAction:ANSWER",
            );
        }
    }

    /// A skill group's figures.
    fn statistics(&mut self) {
        let at = self.now;
        let fields: Vec<(String, String)> = [
            "peripheralID",
            "skillGroupNumber",
            "routerCallsQNow",
            "longestRouterCallQNow",
            "agentsNotReady",
            "agentsReady",
            "agentsTalkingIn",
            "agentsTalkingOut",
            "agentsTalkingOther",
            "agentsWorkNotReady",
            "agentsWorkReady",
        ]
        .into_iter()
        .map(|key| (key.to_owned(), self.below(500).to_string()))
        .collect();
        self.invoke += 1;
        let event = Event::DecodedMessage {
            name: "QuerySkillGroupStatisticsConf",
            message_id: 115,
            invoke_id: Some(self.invoke),
            fields: &fields,
            received: at,
            dispatched: at + 1,
        };
        self.record(at, "CTIMessageEventExecutor-0", &event);
    }

    /// An agent signs in.
    fn login(&mut self) {
        let (agent, extension) = self.agent();
        let mut at = self.now;
        let thread = self.thread();
        at = self.request(at, &thread, "GET", "/SystemInfo", "", None, "") + 300;
        let jid = format!("{agent}@finesse.example.com/desktop");
        let presence = Event::PresenceNotificationRecieved {
            from_jid: &jid,
            presence_type: "available",
        };
        self.record(at, "Smack Listener Processor (1)", &presence);
        let resource = format!("/User/{agent}");
        let thread = self.thread();
        at = self.request(at + 20, &thread, "GET", &resource, &agent, None, &agent) + 30;
        let (thread, id) = (self.thread(), self.request_id());
        let parameters = format!(" extension:{extension} state:LOGIN");
        self.logins.push(Written {
            agent: agent.clone(),
            extension: extension.clone(),
            request_id: id.clone(),
            at,
        });
        at = self.request(
            at,
            &thread,
            "PUT",
            &resource,
            &agent,
            Some(&id),
            &parameters,
        );
        self.ask_cti(at + 1, &agent, &extension, 0);
        self.event(at + 9, &agent, &extension, 2);
        self.publish(at + 14, &agent, &extension, &id, "NOT_READY");
        for (delay, name) in [
            (60, "Dialogs"),
            (61, "ReasonCodes?category=LOGOUT"),
            (62, "ReasonCodes?category=NOT_READY"),
            (63, "PhoneBooks"),
        ] {
            let (thread, resource) = (self.thread(), format!("/User/{agent}/{name}"));
            self.request(at + delay, &thread, "GET", &resource, &agent, None, &agent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_log_of_the_wanted_kind() {
        let write = |seed| {
            let mut out = Vec::new();
            let (logins, records, bytes) =
                Logs::new(seed).write(3 << 20, &mut out).expect("memory");
            assert_eq!(out.len() as u64, bytes);
            (out, logins, records)
        };
        let (one, logins, records) = write(7);
        assert!(one == write(7).0 && one != write(8).0);
        let mean = one.len() as u64 / records;
        assert!((450..=600).contains(&mean), "a mean record of {mean} bytes");
        let a_login = records / logins.len() as u64;
        assert!(
            (1_700..=2_300).contains(&a_login),
            "one login in {a_login} records"
        );
        let lines = one.iter().filter(|byte| **byte == b'\n').count() as u64;
        assert!(
            lines > records + records / 20,
            "{lines} lines of {records} records"
        );
    }
}
