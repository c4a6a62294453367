//! Queries: agent states, desk settings, what a device can do.
//!
//! Changes nothing. Reference ged188, 3.6, 3.7 and 3.9.

use tact_ged188::{
    AgentDeskSettingsConf, AgentDeskSettingsReq, AgentStateMask, Floats, LineType,
    QueryAgentStateConf, QueryAgentStateReq, QueryDeviceInfoConf, QueryDeviceInfoReq, StatusCode,
    Tag, TypeOfDevice,
};

use crate::agent::{VOICE, device_part};
use crate::config::UNSET;
use crate::directory::AgentIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::{Assigned, Open, text_of};

/// DEVC_VOICE.
const VOICE_DEVICE: u16 = 0x80;
/// Parties of a conference (MAX_NUM_PARTIES).
const MAX_PARTIES: u16 = 16;
/// Calls of a phone (MAX_NUM_CALLS) beside the active one.
const MAX_HELD_CALLS: u16 = 15;
/// States in which an agent may make a call.
const MAKE_CALL_FROM: AgentStateMask = AgentStateMask(
    AgentStateMask::NOT_READY.0
        | AgentStateMask::AVAILABLE.0
        | AgentStateMask::WORK_NOT_READY.0
        | AgentStateMask::WORK_READY.0
        | AgentStateMask::HOLD.0,
);
/// CONF_SETUP_CONSULT_ANY, CONF_SETUP_CONN_HELD, CONF_SETUP_ANY_TWO_CALLS, TRANS_SETUP_ANY_SINGLE_CALL.
const CONSULT_OR_ANY_TWO: u32 = 0x8e;
/// Call messages that a phone has: all up to RTP_STOPPED but translation routes.
const CALL_EVENTS: u32 = 0x007f_efff;
/// CallControlSupported: all but predictive calls.
const CALL_CONTROL: u32 = 0x0007_f7ff;
/// FEATURE_UNIQUE_CONSULT_CALLID.
const UNIQUE_CONSULT_CALLID: u32 = 2;
/// Skill groups that one answer tells (MAX_NUM_SKILL_GROUPS).
const MAX_SKILL_GROUPS: usize = 20;

impl Acd {
    /// QUERY_AGENT_STATE_REQ.
    pub(crate) fn query_agent_state(
        &self,
        client: ClientId,
        request: &QueryAgentStateReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.check_peripheral(request.peripheral_id)?;
        // A real server takes 0 for voice.
        if request.mrd_id != VOICE && request.mrd_id != 0 {
            return Err(StatusCode::INVALID_MR_DOMAIN.into());
        }
        let index = self.asked_agent(request)?;
        let config = self
            .directory
            .agent(index)
            .ok_or(StatusCode::INVALID_AGENT_DATA)?;
        let agent = self
            .agents
            .get(index.0)
            .ok_or(StatusCode::INVALID_AGENT_DATA)?;
        let mut floats = Floats::new();
        floats.push_text(Tag::AGENT_ID, &config.id);
        let device = agent.login.as_ref().map(|login| login.device);
        if let Some(extension) = device.and_then(|device| self.directory.extension(device)) {
            floats.push_text(Tag::AGENT_EXTENSION, extension);
            floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        }
        let mut groups: u16 = 0;
        if agent.login.is_some() {
            for number in config.skill_groups.iter().take(MAX_SKILL_GROUPS) {
                let Some(group) = self.directory.group(*number) else {
                    continue;
                };
                floats.push_u32(Tag::SKILL_GROUP_NUMBER, group.number);
                floats.push_u32(Tag::SKILL_GROUP_ID, group.id);
                floats.push_u16(Tag::SKILL_GROUP_PRIORITY, 0);
                floats.push_u16(Tag::SKILL_GROUP_STATE, agent.state.0);
                groups = groups.saturating_add(1);
            }
        }
        send(
            out,
            client,
            QueryAgentStateConf {
                invoke_id: request.invoke_id,
                agent_state: agent.state,
                num_skill_groups: groups,
                mrd_id: VOICE,
                agent_mode: agent.routable(),
                max_task_limit: u32::from(agent.routable()),
                icm_agent_id: i32::try_from(config.icm_agent_id).unwrap_or(i32::MAX),
                agent_availability_status: agent.availability(),
                floats,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// By AgentID, else ICMAgentID, else the phone. Other fields beside are not compared: a real
    /// server answers for an agent who is not at the phone named with it.
    fn asked_agent(&self, request: &QueryAgentStateReq) -> Result<AgentIndex, Refusal> {
        let floats = &request.floats;
        if let Some(id) = text_of(floats, Tag::AGENT_ID) {
            let found = self.directory.agent_by_id(&id);
            return found.ok_or(StatusCode::INVALID_AGENT_DATA.into());
        }
        if request.icm_agent_id != 0 {
            let id = u32::try_from(request.icm_agent_id).ok();
            let found = id.and_then(|id| self.directory.agent_by_icm_id(id));
            return found.ok_or(StatusCode::INVALID_AGENT_DATA.into());
        }
        let phone = text_of(floats, Tag::AGENT_EXTENSION)
            .or_else(|| text_of(floats, Tag::AGENT_INSTRUMENT))
            .ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        let device = self.directory.device(device_part(&phone));
        let device = device.ok_or(StatusCode::INVALID_AGENT_DATA)?;
        self.owner(device)
            .ok_or(StatusCode::AGENT_NOT_LOGGED_ON.into())
    }

    /// The agent of a request that names one by AgentID or phone, else the session's own.
    pub(crate) fn named_agent(
        &self,
        session: &Open,
        floats: &Floats,
    ) -> Result<AgentIndex, Refusal> {
        if let Some(id) = text_of(floats, Tag::AGENT_ID) {
            let found = self.directory.agent_by_id(&id);
            return found.ok_or(StatusCode::INVALID_AGENT_DATA.into());
        }
        let phone = text_of(floats, Tag::AGENT_INSTRUMENT)
            .or_else(|| text_of(floats, Tag::AGENT_EXTENSION));
        let device = match (phone, session.assigned) {
            (Some(phone), _) => {
                let device = self.directory.device(device_part(&phone));
                device.ok_or(StatusCode::INVALID_AGENT_DATA)?
            }
            (
                None,
                Some(Assigned {
                    agent: Some(agent), ..
                }),
            ) => return Ok(agent),
            (None, assigned) => assigned
                .and_then(|assigned| assigned.device)
                .ok_or(StatusCode::REQUIRED_DATA_MISSING)?,
        };
        self.owner(device)
            .ok_or(StatusCode::AGENT_NOT_LOGGED_ON.into())
    }

    /// AGENT_DESK_SETTINGS_REQ: the agent's, or the defaults of the peripheral.
    pub(crate) fn agent_desk_settings(
        &self,
        client: ClientId,
        request: &AgentDeskSettingsReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.check_peripheral(request.peripheral_id)?;
        let agent = match text_of(&request.floats, Tag::AGENT_ID) {
            Some(id) => {
                let found = self.directory.agent_by_id(&id);
                Some(found.ok_or(StatusCode::INVALID_AGENT_DATA)?)
            }
            None => None,
        };
        let settings = self.directory.desk_settings(agent);
        send(
            out,
            client,
            AgentDeskSettingsConf {
                invoke_id: request.invoke_id,
                peripheral_id: request.peripheral_id,
                desk_settings_mask: settings.mask,
                wrapup_data_incoming_mode: settings.wrapup_incoming,
                wrapup_data_outgoing_mode: settings.wrapup_outgoing,
                logout_non_activity_time: settings.logout_non_activity_time,
                quality_recording_rate: UNSET,
                ring_no_answer_time: settings.ring_no_answer_time,
                silent_monitor_warning_message: 0,
                silent_monitor_audible_indication: 0,
                supervisor_assist_call_method: 0,
                emergency_call_method: 0,
                auto_record_on_emergency: 0,
                recording_mode: 0,
                work_mode_timer: settings.work_mode_timer,
                ring_no_answer_dn: UNSET,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// QUERY_DEVICE_INFO_REQ: every phone can do the same.
    pub(crate) fn query_device_info(
        &self,
        client: ClientId,
        request: &QueryDeviceInfoReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.check_peripheral(request.peripheral_id)?;
        let instrument = text_of(&request.floats, Tag::AGENT_INSTRUMENT)
            .ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        self.directory
            .device(device_part(&instrument))
            .ok_or(StatusCode::INVALID_DEVICE)?;
        send(
            out,
            client,
            QueryDeviceInfoConf {
                invoke_id: request.invoke_id,
                peripheral_type: self.directory.config().peripheral_type,
                type_of_device: TypeOfDevice::STATION,
                class_of_device: VOICE_DEVICE,
                num_lines: 1,
                max_active_calls: 1,
                max_held_calls: MAX_HELD_CALLS,
                max_devices_in_conference: MAX_PARTIES,
                make_call_setup: MAKE_CALL_FROM.0,
                transfer_conference_setup: CONSULT_OR_ANY_TWO,
                call_events_supported: CALL_EVENTS,
                call_control_supported: CALL_CONTROL,
                other_features_supported: UNIQUE_CONSULT_CALLID,
                floats: Floats::new()
                    .with_u16(Tag::LINE_HANDLE, 0)
                    .with_u16(Tag::LINE_TYPE, LineType::INBOUND_ACD.0),
                ..Default::default()
            },
        );
        Ok(())
    }
}
