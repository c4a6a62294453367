//! Questions to the CTI server: agents' states and desk settings, calls, queues.
//!
//! A window of them is on its way at a time, so that a large centre does not flood the server.
//! Reference sections 3.6, 3.7 and 5.7.

use std::collections::{BTreeSet, VecDeque};

use tact_ged188::{
    AgentDeskSettingsConf, AgentDeskSettingsReq, AgentState, ConnectionDeviceIdType,
    ControlFailure, DeviceIdType, Message, QueryAgentStateConf, QueryAgentStateReq,
    QuerySkillGroupStatisticsReq, SnapshotCallReq, SnapshotDeviceReq, StatusCode, Tag,
};

use crate::session::{Awaiting, Phase};
use crate::timer::Timer;
use crate::{Desk, DeskSettings, Output};

/// Questions on their way at a time.
const WINDOW: usize = 64;
/// The media routing domain of voice.
pub(crate) const MRD_VOICE: i32 = 1;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    /// QUERY_AGENT_STATE_REQ.
    State(String),
    /// AGENT_DESK_SETTINGS_REQ, of the peripheral without an agent.
    Settings(Option<String>),
    /// SNAPSHOT_DEVICE_REQ, of an agent's extension.
    Device(String),
    /// SNAPSHOT_CALL_REQ.
    Call(u32),
    /// QUERY_SKILL_GROUP_STATISTICS_REQ.
    Queue(u32),
}

/// Questions that have not gone out, each once.
#[derive(Debug, Default)]
pub(crate) struct Asks {
    order: VecDeque<Ask>,
    waiting: BTreeSet<Ask>,
}

impl Asks {
    pub(crate) fn push(&mut self, ask: Ask) {
        if self.waiting.insert(ask.clone()) {
            self.order.push_back(ask);
        }
    }

    fn pop(&mut self) -> Option<Ask> {
        let ask = self.order.pop_front()?;
        self.waiting.remove(&ask);
        Some(ask)
    }

    pub(crate) fn clear(&mut self) {
        self.order.clear();
        self.waiting.clear();
    }

    /// Whether a question about a queue waits.
    pub(crate) fn has_queues(&self) -> bool {
        let queues = Ask::Queue(0)..=Ask::Queue(u32::MAX);
        self.waiting.range(queues).next().is_some()
    }
}

impl Desk {
    /// Asks for every agent's state again.
    pub(crate) fn query_everybody(&mut self, now: i64, out: &mut Vec<Output>) {
        self.session.phase = Phase::Querying;
        let ids: Vec<String> = self.directory.ids().cloned().collect();
        self.doubt_calls();
        self.session.asks.clear();
        self.session.asks.push(Ask::Settings(None));
        for id in ids {
            self.session.asks.push(Ask::State(id));
        }
        self.send_asks(now, out);
    }

    /// Asks one question as soon as the window allows.
    pub(crate) fn ask(&mut self, now: i64, ask: Ask, out: &mut Vec<Output>) {
        self.session.asks.push(ask);
        self.send_asks(now, out);
    }

    pub(crate) fn send_asks(&mut self, now: i64, out: &mut Vec<Output>) {
        while self.session.asks_in_flight < WINDOW
            && let Some(ask) = self.session.asks.pop()
        {
            self.session.asks_in_flight += 1;
            let invoke_id = self.session.invoke(Awaiting::Ask(ask.clone()));
            out.push(Output::Send(question(
                ask,
                self.config.peripheral_id,
                invoke_id,
            )));
            self.timers.set(
                Timer::Answer(invoke_id),
                now + self.config.request_timeout_ms,
            );
        }
        if self.session.phase == Phase::Querying && self.session.asks_in_flight == 0 {
            self.session.phase = Phase::Ready;
            self.update_service(now, out);
        }
    }

    /// The question that an InvokeID stands for, which is thereby answered; `None` when it is no
    /// question of this kind.
    pub(crate) fn take_ask(&mut self, invoke: u32, kind: fn(&Ask) -> bool) -> Option<Ask> {
        let ask = match self.session.awaiting.get(&invoke) {
            Some(Awaiting::Ask(ask)) if kind(ask) => ask.clone(),
            _ => return None,
        };
        self.session.awaiting.remove(&invoke);
        self.timers.cancel(&Timer::Answer(invoke));
        self.session.asks_in_flight = self.session.asks_in_flight.saturating_sub(1);
        Some(ask)
    }

    pub(crate) fn state_answered(
        &mut self,
        now: i64,
        conf: &QueryAgentStateConf,
        out: &mut Vec<Output>,
    ) {
        let Some(Ask::State(id)) =
            self.take_ask(conf.invoke_id, |ask| matches!(ask, Ask::State(_)))
        else {
            return;
        };
        let extension = conf
            .floats
            .text(Tag::AGENT_EXTENSION)
            .or_else(|| conf.floats.text(Tag::AGENT_INSTRUMENT));
        self.state_told(now, &id, conf.agent_state, extension.as_deref(), out);
        let ask_settings = self
            .directory
            .get(&id)
            .is_some_and(|entry| entry.agent.is_signed_in() && !entry.settings_known);
        let place = self.directory.get(&id).and_then(|entry| {
            let place = entry.agent.extension.clone();
            place.filter(|_| entry.agent.is_signed_in() && self.session.phase == Phase::Querying)
        });
        if let Some(place) = place {
            self.session.asks.push(Ask::Device(place));
        }
        if ask_settings {
            self.session.asks.push(Ask::Settings(Some(id)));
        }
        self.send_asks(now, out);
    }

    pub(crate) fn settings_answered(
        &mut self,
        now: i64,
        conf: &AgentDeskSettingsConf,
        out: &mut Vec<Output>,
    ) {
        let Some(Ask::Settings(whose)) =
            self.take_ask(conf.invoke_id, |ask| matches!(ask, Ask::Settings(_)))
        else {
            return;
        };
        let settings = DeskSettings {
            mask: conf.desk_settings_mask,
            wrap_up_incoming: conf.wrapup_data_incoming_mode,
            wrap_up_outgoing: conf.wrapup_data_outgoing_mode,
            logout_non_activity_time: conf.logout_non_activity_time,
            ring_no_answer_time: conf.ring_no_answer_time,
            work_mode_timer: conf.work_mode_timer,
        };
        match whose {
            None => {
                self.directory.default_settings = settings;
                for entry in self
                    .directory
                    .iter_mut()
                    .filter(|entry| !entry.settings_known)
                {
                    entry.agent.settings = settings;
                }
            }
            Some(id) => {
                let Some(entry) = self.directory.get_mut(&id) else {
                    return self.send_asks(now, out);
                };
                entry.settings_known = true;
                let changed = std::mem::replace(&mut entry.agent.settings, settings) != settings;
                // While a request is on its way, the event that ends it shows the settings too,
                // and clients take the first event after their request for its outcome.
                if changed && entry.agent.is_signed_in() && entry.requests.is_idle() {
                    self.publish_user(&id, None, out);
                }
            }
        }
        self.send_asks(now, out);
    }

    /// FAILURE_CONF to a question.
    pub(crate) fn ask_refused(
        &mut self,
        now: i64,
        invoke: u32,
        status: StatusCode,
        out: &mut Vec<Output>,
    ) {
        match (self.take_ask(invoke, |_| true), status) {
            (Some(Ask::State(id)), StatusCode::AGENT_NOT_LOGGED_ON) => {
                self.state_told(now, &id, AgentState::LOGOUT, None, out);
            }
            (Some(Ask::Call(id)), StatusCode::INVALID_CALLID) => self.call_unknown(now, id, out),
            _ => {}
        }
        self.send_asks(now, out);
    }

    /// CONTROL_FAILURE_CONF to a question.
    pub(crate) fn ask_failed(
        &mut self,
        now: i64,
        invoke: u32,
        failure: ControlFailure,
        out: &mut Vec<Output>,
    ) {
        let is_unknown = matches!(
            failure,
            ControlFailure::OBJECT_NOT_KNOWN
                | ControlFailure::INVALID_CSTA_CALL_IDENTIFIER
                | ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER
        );
        if let Some(Ask::Call(id)) = self.take_ask(invoke, |_| true)
            && is_unknown
        {
            self.call_unknown(now, id, out);
        }
        self.send_asks(now, out);
    }

    /// An answer did not come: to a question nothing is known, to a request that it failed.
    pub(crate) fn answer_timed_out(&mut self, now: i64, invoke: u32, out: &mut Vec<Output>) {
        match self.session.awaiting.get(&invoke) {
            Some(Awaiting::Ask(_)) => {
                self.take_ask(invoke, |_| true);
                self.send_asks(now, out);
            }
            Some(Awaiting::Request(_)) => self.request_timed_out(now, invoke, out),
            _ => {}
        }
    }
}

/// The message that asks.
fn question(ask: Ask, peripheral_id: u32, invoke_id: u32) -> Message {
    match ask {
        Ask::State(id) => {
            let mut request = QueryAgentStateReq {
                invoke_id,
                peripheral_id,
                mrd_id: MRD_VOICE,
                ..QueryAgentStateReq::default()
            };
            request.floats.push_text(Tag::AGENT_ID, &id);
            request.into()
        }
        Ask::Settings(id) => {
            let mut request = AgentDeskSettingsReq {
                invoke_id,
                peripheral_id,
                ..AgentDeskSettingsReq::default()
            };
            if let Some(id) = id {
                request.floats.push_text(Tag::AGENT_ID, &id);
            }
            request.into()
        }
        Ask::Device(extension) => {
            let mut request = SnapshotDeviceReq {
                invoke_id,
                peripheral_id,
                snapshot_device_type: DeviceIdType::DEVICE_IDENTIFIER,
                ..SnapshotDeviceReq::default()
            };
            request.floats.push_text(Tag::AGENT_INSTRUMENT, &extension);
            request.into()
        }
        Ask::Call(connection_call_id) => {
            // The whole call is meant; which of its connections is named makes no difference.
            let mut request = SnapshotCallReq {
                invoke_id,
                peripheral_id,
                connection_call_id,
                connection_device_id_type: ConnectionDeviceIdType::NONE,
                ..SnapshotCallReq::default()
            };
            request.floats.push_text(Tag::CONNECTION_DEVID, "");
            request.into()
        }
        Ask::Queue(skill_group_number) => QuerySkillGroupStatisticsReq {
            invoke_id,
            peripheral_id,
            skill_group_number,
            skill_group_id: u32::MAX,
            ..QuerySkillGroupStatisticsReq::default()
        }
        .into(),
    }
}
