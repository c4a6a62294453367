//! A floor of signed-in agents with phones, and what is said of their calls, in a line each.

use tact_acd::fabric::{Cause, Command, Endpoint, Event, LegId};
use tact_acd::{CallView, ClientId, Config, Input, Output};
use tact_ged188::{
    AgentState, AnswerCallReq, ClearCallReq, ClearConnectionReq, ConsultationCallReq, EventCause,
    Floats, HoldCallReq, MakeCallReq, Message, OpenReq, RetrieveCallReq, SetCallDataReq, Tag,
};

use crate::harness::{Centre, PERIPHERAL, agent_open_req, centre, open_req, state_req};

/// ConnectionCallIDs count from here.
const CALLS: u32 = 16_777_216;

/// The number of the nth call.
pub(crate) fn call(nth: u32) -> u32 {
    CALLS + nth
}

/// A centre with agents 2001 to 2003 at 3001 to 3003 and supervisor 2100 at 3004, an ALL_EVENTS client that asks, and the
/// client of agent 2002.
pub(crate) struct Floor {
    pub(crate) centre: Centre,
    pub(crate) all: ClientId,
    pub(crate) own: ClientId,
    last_leg: u64,
}

impl Floor {
    pub(crate) fn new() -> Self {
        Self::of(centre())
    }

    pub(crate) fn of(config: Config) -> Self {
        let mut centre = Centre::of(config);
        // Time passes without heartbeats.
        let patient = |mut request: OpenReq| {
            request.idle_timeout = u32::MAX;
            request
        };
        let all = centre.open_with(patient(open_req()));
        let own = agent_open_req("phone of 2002", Some("2002"), Some("3002"));
        let own = centre.open_with(patient(own));
        for (agent, phone) in [
            ("2001", "3001"),
            ("2002", "3002"),
            ("2003", "3003"),
            ("2100", "3004"),
        ] {
            centre.sign_in(all, agent, phone);
        }
        Self {
            centre,
            all,
            own,
            last_leg: 1,
        }
    }

    pub(crate) fn state(&self, agent: &str) -> AgentState {
        self.centre.state(agent)
    }

    /// An agent asks for a state.
    pub(crate) fn set(&mut self, agent: &str, state: AgentState) -> Said {
        self.ask(state_req(agent, state, 0))
    }

    /// A request of the ALL_EVENTS client.
    pub(crate) fn ask(&mut self, request: impl Into<Message>) -> Said {
        let out = self.centre.send(self.all, request);
        self.said(out)
    }

    pub(crate) fn event(&mut self, event: Event) -> Said {
        self.input(Input::Fabric(event))
    }

    pub(crate) fn input(&mut self, input: Input) -> Said {
        let out = self.centre.handle(input);
        self.said(out)
    }

    pub(crate) fn wait(&mut self, ms: i64) -> Said {
        self.centre.now += ms;
        let out = self.centre.handle(Input::Tick);
        self.said(out)
    }

    fn said(&self, out: Vec<Output>) -> Said {
        Said {
            out,
            all: self.all,
            own: self.own,
        }
    }

    /// Somebody outside calls; the caller's leg.
    pub(crate) fn incoming(&mut self, from: &str, dialed: &str) -> (LegId, Said) {
        self.last_leg += 2;
        let leg = LegId(self.last_leg);
        let said = self.event(Event::Incoming {
            leg,
            from: from.into(),
            dialed: dialed.into(),
            variables: vec![("callVariable1".into(), "gold".into())],
        });
        (leg, said)
    }

    pub(crate) fn ringing(&mut self, leg: u64) -> Said {
        self.event(Event::Ringing { leg: LegId(leg) })
    }

    pub(crate) fn answered(&mut self, leg: u64) -> Said {
        self.event(Event::Answered { leg: LegId(leg) })
    }

    pub(crate) fn gone(&mut self, leg: u64, cause: Cause) -> Said {
        let leg = LegId(leg);
        self.event(Event::Gone { leg, cause })
    }

    /// The one live leg of a phone in a call.
    pub(crate) fn leg(&self, nth: u32, number: &str) -> u64 {
        let view = self.call(nth);
        let party = view.parties.iter().find(|party| party.number == number);
        party
            .unwrap_or_else(|| panic!("{number} is not in {view:?}"))
            .leg
            .0
    }

    pub(crate) fn call(&self, nth: u32) -> CallView<'_> {
        let mut calls = self.centre.acd.calls();
        calls.find(|view| view.id.0 == call(nth)).unwrap()
    }

    pub(crate) fn numbers(&self, nth: u32) -> Vec<&str> {
        self.call(nth)
            .parties
            .iter()
            .map(|party| party.number)
            .collect()
    }

    /// A call from one phone to another, talked.
    pub(crate) fn talk(&mut self, nth: u32, from: &str, to: &str) {
        self.ask(make_call(from, to));
        self.answered(self.leg(nth, from));
        self.ringing(self.leg(nth, to));
        self.answered(self.leg(nth, to));
    }

    /// A call from outside to a phone, talked; the caller's leg.
    pub(crate) fn serve(&mut self, nth: u32, from: &str, to: &str) -> u64 {
        let (leg, _) = self.incoming(from, to);
        self.ringing(self.leg(nth, to));
        self.answered(self.leg(nth, to));
        leg.0
    }

    /// A call through a queue that a phone answers; the caller's leg.
    pub(crate) fn serve_routed(&mut self, nth: u32, from: &str, dialed: &str, at: &str) -> u64 {
        let (leg, _) = self.incoming(from, dialed);
        self.ringing(self.leg(nth, at));
        self.answered(self.leg(nth, at));
        leg.0
    }

    /// A consultation while the first call is held, talked.
    pub(crate) fn consult(&mut self, held: u32, nth: u32, from: &str, to: &str) {
        self.ask(consult(held, from, to));
        self.answered(self.leg(nth, from));
        self.ringing(self.leg(nth, to));
        self.answered(self.leg(nth, to));
    }
}

/// What the machine said to something.
pub(crate) struct Said {
    pub(crate) out: Vec<Output>,
    all: ClientId,
    own: ClientId,
}

impl Said {
    /// To the ALL_EVENTS client, without states and streams.
    pub(crate) fn to_all(&self) -> Vec<String> {
        self.to(self.all)
    }

    /// To the client of agent 2002.
    pub(crate) fn to_own(&self) -> Vec<String> {
        self.to(self.own)
    }

    fn messages(&self, client: ClientId) -> impl Iterator<Item = &Message> {
        self.out.iter().filter_map(move |output| match output {
            Output::Send { to, message } if to.contains(&client) => Some(message.as_ref()),
            _ => None,
        })
    }

    fn to(&self, client: ClientId) -> Vec<String> {
        let aside = [
            "AGENT_STATE_EVENT",
            "RTP_STARTED_EVENT",
            "RTP_STOPPED_EVENT",
        ];
        self.messages(client)
            .filter(|message| !aside.contains(&message.name()))
            .map(line)
            .collect()
    }

    /// Who began or ceased to talk, as the ALL_EVENTS client hears it.
    pub(crate) fn streams(&self) -> Vec<String> {
        self.messages(self.all)
            .filter(|message| message.name().starts_with("RTP"))
            .map(line)
            .collect()
    }

    /// The states of agents, likewise.
    pub(crate) fn states(&self) -> Vec<String> {
        self.messages(self.all)
            .filter(|message| message.name() == "AGENT_STATE_EVENT")
            .map(line)
            .collect()
    }

    /// The one message of a type to the ALL_EVENTS client.
    pub(crate) fn message(&self, name: &str) -> &Message {
        let mut found = self
            .messages(self.all)
            .filter(|message| message.name() == name);
        found.next().unwrap_or_else(|| panic!("no {name}"))
    }

    /// FailureCode of a refusal, 0 when there is none.
    pub(crate) fn refused(&self) -> u16 {
        let mut codes = self.messages(self.all).filter_map(|message| match message {
            Message::ControlFailureConf(failure) => Some(failure.failure_code.0),
            _ => None,
        });
        codes.next().unwrap_or_default()
    }

    /// What the fabric is told.
    pub(crate) fn commands(&self) -> Vec<String> {
        let commands = self.out.iter().filter_map(|output| match output {
            Output::Fabric(command) => Some(command),
            _ => None,
        });
        commands.map(order).collect()
    }
}

fn text(floats: &Floats, tag: Tag) -> String {
    floats.text(tag).unwrap_or_default().into_owned()
}

/// A call's number, counted from 1.
fn nth(id: u32) -> String {
    match id {
        u32::MAX => "none".into(),
        id => format!("c{}", id - CALLS),
    }
}

fn cause(cause: EventCause) -> String {
    match cause {
        EventCause::NONE => String::new(),
        cause => format!(" {cause}"),
    }
}

fn all(floats: &Floats, tag: Tag) -> String {
    let values = floats
        .all(tag)
        .map(|value| tact_ged188::text(value).into_owned());
    values.collect::<Vec<_>>().join(" ")
}

/// One message as a line: what it is, which call, whose connection, and what else is its own.
pub(crate) fn line(message: &Message) -> String {
    let head = |name: &str, id: u32, floats: &Floats| {
        format!("{name} {} {}", nth(id), text(floats, Tag::CONNECTION_DEVID))
    };
    let way = |floats: &Floats| {
        let (from, to) = (
            text(floats, Tag::CALLING_DEVID),
            text(floats, Tag::CALLED_DEVID),
        );
        format!("{from} > {to}")
    };
    match message {
        Message::BeginCallEvent(it) => {
            format!(
                "{} {}",
                head("BEGIN", it.connection_call_id, &it.floats),
                it.call_type
            )
        }
        Message::EndCallEvent(it) => head("END", it.connection_call_id, &it.floats),
        Message::CallServiceInitiatedEvent(it) => {
            let mut line = head("SERVICE_INITIATED", it.connection_call_id, &it.floats);
            if let Some(of) = it.floats.u32(Tag::COC_CONNECTION_CALL_ID) {
                line += &format!(" of {}", nth(of));
            }
            line
        }
        Message::CallOriginatedEvent(it) => {
            let line = head("ORIGINATED", it.connection_call_id, &it.floats);
            format!("{line}: {}", way(&it.floats))
        }
        Message::CallReachedNetworkEvent(it) => {
            head("REACHED_NETWORK", it.connection_call_id, &it.floats)
        }
        Message::CallDeliveredEvent(it) => {
            let line = head("DELIVERED", it.connection_call_id, &it.floats);
            let mut line = format!("{line}: {}", way(&it.floats));
            if let Some(of) = it.floats.u32(Tag::SECONDARY_CONNECTION_CALL_ID) {
                line += &format!(" of {}", nth(of));
            }
            line
        }
        Message::CallEstablishedEvent(it) => {
            let line = head("ESTABLISHED", it.connection_call_id, &it.floats);
            format!("{line}: {}", way(&it.floats))
        }
        Message::CallHeldEvent(it) => {
            head("HELD", it.connection_call_id, &it.floats) + &cause(it.event_cause)
        }
        Message::CallRetrievedEvent(it) => head("RETRIEVED", it.connection_call_id, &it.floats),
        Message::CallFailedEvent(it) => {
            let line = head("FAILED", it.connection_call_id, &it.floats);
            let failing = text(&it.floats, Tag::FAILING_DEVID);
            format!("{line}: {failing}{}", cause(it.event_cause))
        }
        Message::CallConnectionClearedEvent(it) => {
            head("CONNECTION_CLEARED", it.connection_call_id, &it.floats) + &cause(it.event_cause)
        }
        Message::CallClearedEvent(it) => {
            format!(
                "CLEARED {}{}",
                nth(it.connection_call_id),
                cause(it.event_cause)
            )
        }
        Message::CallDivertedEvent(it) => {
            let line = head("DIVERTED", it.connection_call_id, &it.floats);
            let to = text(&it.floats, Tag::CALLED_DEVID);
            format!("{line} to {to}{}", cause(it.event_cause))
        }
        Message::CallQueuedEvent(it) => {
            let groups = it.floats.all(Tag::SKILL_GROUP_NUMBER);
            let groups: Vec<_> = groups.filter_map(tact_ged188::number).collect();
            format!("QUEUED {} {groups:?}", nth(it.connection_call_id))
        }
        Message::CallDequeuedEvent(it) => format!("DEQUEUED {}", nth(it.connection_call_id)),
        Message::AgentPreCallEvent(it) => {
            format!(
                "PRE_CALL {} {}",
                text(&it.floats, Tag::AGENT_ID),
                it.skill_group_number
            )
        }
        Message::CallDataUpdateEvent(it) => {
            let (from, to) = (nth(it.connection_call_id), nth(it.new_connection_call_id));
            let at = text(&it.floats, Tag::CONNECTION_DEVID);
            format!("DATA {from} > {to} {at} {}", it.call_type)
        }
        Message::CallTransferredEvent(it) => format!(
            "TRANSFERRED {} {} by {} to {}: {}{}",
            nth(it.primary_call_id),
            nth(it.secondary_call_id),
            text(&it.floats, Tag::TRANSFERRING_DEVID),
            text(&it.floats, Tag::TRANSFERRED_DEVID),
            all(&it.floats, Tag::PARTY_DEVID),
            cause(it.event_cause),
        ),
        Message::CallConferencedEvent(it) => format!(
            "CONFERENCED {} {} by {} with {}: {}",
            nth(it.primary_call_id),
            nth(it.secondary_call_id),
            text(&it.floats, Tag::CONTROLLER_DEVID),
            text(&it.floats, Tag::ADDED_PARTY_DEVID),
            all(&it.floats, Tag::PARTY_DEVID),
        ),
        Message::RtpStartedEvent(it) => {
            head("RTP_STARTED", it.connection_call_id, &it.floats) + &format!(" {}", it.direction)
        }
        Message::RtpStoppedEvent(it) => {
            head("RTP_STOPPED", it.connection_call_id, &it.floats) + &format!(" {}", it.direction)
        }
        Message::AgentStateEvent(it) => {
            let state = it.agent_state.to_string();
            let state = state.trim_start_matches("AGENT_STATE_").to_owned();
            let reason = match it.event_reason_code {
                0 => String::new(),
                reason => format!(" {reason}"),
            };
            format!("{} {state}{reason}", text(&it.floats, Tag::AGENT_ID))
        }
        Message::MakeCallConf(it) => format!("MAKE_CALL_CONF {}", nth(it.new_connection_call_id)),
        Message::ConsultationCallConf(it) => {
            format!("CONSULTATION_CALL_CONF {}", nth(it.new_connection_call_id))
        }
        Message::TransferCallConf(it) => {
            format!("TRANSFER_CALL_CONF {}", nth(it.new_connection_call_id))
        }
        Message::ConferenceCallConf(it) => {
            format!("CONFERENCE_CALL_CONF {}", nth(it.new_connection_call_id))
        }
        Message::SuperviseCallConf(it) => {
            format!("SUPERVISE_CALL_CONF {}", nth(it.connection_call_id))
        }
        Message::SupervisorAssistConf(it) => {
            format!("SUPERVISOR_ASSIST_CONF {}", nth(it.connection_call_id))
        }
        Message::EmergencyCallConf(it) => {
            format!("EMERGENCY_CALL_CONF {}", nth(it.connection_call_id))
        }
        Message::EmergencyCallEvent(it) => {
            let agent = text(&it.floats, Tag::AGENT_ID);
            format!("EMERGENCY {} {agent}", nth(it.connection_call_id))
        }
        Message::ControlFailureConf(it) => {
            format!("REFUSED {}/{}", it.failure_code.0, it.peripheral_error_code)
        }
        Message::FailureConf(it) => format!("FAILURE {}", it.status.0),
        other => other.name().to_owned(),
    }
}

fn order(command: &Command) -> String {
    match command {
        Command::Offer {
            leg,
            to,
            from,
            auto_answer,
        } => {
            let to = match to {
                Endpoint::Phone(number) => format!("phone {number}"),
                Endpoint::Outside(number) => format!("outside {number}"),
                Endpoint::Nailed(line) => format!("line {}", line.0),
            };
            let auto = if *auto_answer { " auto" } else { "" };
            format!("offer {} {to} from {from}{auto}", leg.0)
        }
        Command::Answer { leg } => format!("answer {}", leg.0),
        Command::Hangup { leg, cause } => format!("hang up {} {cause:?}", leg.0),
        Command::Hold { leg } => format!("music {}", leg.0),
        Command::Retrieve { leg } => format!("no music {}", leg.0),
        Command::Bridge { bridge, legs } => {
            let legs: Vec<_> = legs.iter().map(|leg| leg.0).collect();
            format!("bridge {} {legs:?}", nth(*bridge))
        }
        Command::Dtmf { leg, digits } => format!("tones {} {digits}", leg.0),
        Command::Tap { leg, bridge } => format!("tap {} {}", leg.0, nth(*bridge)),
        Command::Adopt { leg, answered, .. } => format!("adopt {} {answered}", leg.0),
    }
}

/// Floats that name a phone in a request.
fn at(tag: Tag, number: &str) -> Floats {
    Floats::new().with_text(tag, number)
}

pub(crate) fn make_call(from: &str, to: &str) -> MakeCallReq {
    MakeCallReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        floats: at(Tag::AGENT_INSTRUMENT, from).with_text(Tag::DIALED_NUMBER, to),
        ..Default::default()
    }
}

macro_rules! on_a_connection {
    ($($function:ident $request:ident;)*) => {$(
        pub(crate) fn $function(nth: u32, number: &str) -> $request {
            $request {
                invoke_id: 77,
                peripheral_id: PERIPHERAL,
                connection_call_id: call(nth),
                floats: at(Tag::CONNECTION_DEVID, number),
                ..Default::default()
            }
        }
    )*};
}

/// BAResponse in the data of a call.
pub(crate) fn answer_preview(nth: u32, word: &str) -> SetCallDataReq {
    let mut request = SetCallDataReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: call(nth),
        num_named_variables: 1,
        ..Default::default()
    };
    let value = format!("BAResponse\0{word}\0");
    request
        .floats
        .push_bytes(Tag::NAMED_VARIABLE, value.as_bytes());
    request
}

on_a_connection! {
    answer AnswerCallReq;
    clear_call ClearCallReq;
    clear ClearConnectionReq;
    hold HoldCallReq;
}

pub(crate) fn retrieve(nth: u32, number: &str) -> RetrieveCallReq {
    RetrieveCallReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        held_connection_call_id: call(nth),
        floats: at(Tag::HELD_CONN_DEVID, number),
        ..Default::default()
    }
}

pub(crate) fn consult(nth: u32, number: &str, to: &str) -> ConsultationCallReq {
    ConsultationCallReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        active_connection_call_id: call(nth),
        floats: at(Tag::ACTIVE_CONN_DEVID, number).with_text(Tag::DIALED_NUMBER, to),
        ..Default::default()
    }
}
