//! Signing in: SET_AGENT_STATE_REQ with AgentState LOGIN.
//!
//! The password is not judged: the clients authenticate their agents themselves. Reference ged188,
//! 3.6, 4.13 and 5.8; acd-and-telephony 3.3.
//!
//! An agent who is signed in and signs in again at the same extension keeps state and time; the
//! present state is told again. At another extension the agent is refused with 259: the guides
//! leave the choice open, and moving a sign-in would take a phone away unasked.

use std::sync::Arc;

use tact_ged188::{
    AgentState, ControlFailure, PeripheralError, SetAgentStateConf, SetAgentStateReq, StatusCode,
    Tag, number,
};

use crate::agent::{Login, NO_SUCH_AGENT, Told, device_part};
use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::mobile::Mobile;
use crate::refusal::{Refusal, send};
use crate::session::text_of;
use crate::transitions::{On, Then};

impl Acd {
    /// Confirms the request, then tells LOGIN and NOT_READY; or says why not.
    pub(crate) fn sign_in(
        &mut self,
        now: i64,
        client: ClientId,
        request: &SetAgentStateReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let (index, device, mobile) = self.check_sign_in(client, request)?;
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let signature = Arc::clone(&session.signature);
        let again = matches!(self.row(index, On::SignIn, None), Some(Then::Keep));
        if let Some(mobile) = mobile.clone().filter(|it| it.is_nailed() && !again) {
            let (asks, who) = ((client, request.invoke_id), (index, device));
            self.set_up_line(now, asks, who, mobile, out);
            return Ok(());
        }
        send(
            out,
            client,
            SetAgentStateConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        if again {
            self.tell_again(now, client, index, out);
        } else {
            let login = Login {
                device,
                signature,
                mobile,
            };
            self.signed_in(now, index, login, out);
        }
        Ok(())
    }

    /// The agent is NOT_READY from now on: LOGIN and NOT_READY are told.
    pub(crate) fn signed_in(
        &mut self,
        now: i64,
        index: AgentIndex,
        login: Login,
        out: &mut Vec<Output>,
    ) {
        let Some(Then::Go(to, _)) = self.row(index, On::SignIn, None) else {
            return;
        };
        let device = login.device;
        let Some(agent) = self.agents.get_mut(index.0) else {
            return;
        };
        agent.login = Some(login.clone());
        // A sign-in begins the time anew, whatever the last state was.
        agent.since = now;
        self.put(now, index, to, 0);
        if let Some(owner) = self.owners.get_mut(device.0) {
            *owner = Some(index);
        }
        self.audience.signed_in(device, index);
        // The skill group says LOGIN both times, as on a real server.
        let mut told = Told {
            login: Some(login),
            agent_state: Some(AgentState::LOGIN),
            skill_group_state: Some(AgentState::LOGIN),
        };
        self.tell(now, index, &told, None, out);
        told.agent_state = None;
        self.tell(now, index, &told, None, out);
    }

    /// Everything that can be wrong with a sign-in, in the order in which it is looked at.
    fn check_sign_in(
        &self,
        client: ClientId,
        request: &SetAgentStateReq,
    ) -> Result<(AgentIndex, DeviceIndex, Option<Mobile>), Refusal> {
        let missing = StatusCode::REQUIRED_DATA_MISSING;
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let id = text_of(&request.floats, Tag::AGENT_ID).ok_or(missing)?;
        let instrument = text_of(&request.floats, Tag::AGENT_INSTRUMENT).ok_or(missing)?;
        let index = self.directory.agent_by_id(&id).ok_or(NO_SUCH_AGENT)?;
        let allowed = self.directory.desk_settings(Some(index)).remote_agent;
        let mobile = Mobile::asked(request.agent_work_mode, &instrument, allowed)?;
        let extension = match mobile {
            Some(_) => device_part(&instrument),
            None => &instrument,
        };
        let device = self.directory.device(extension).ok_or(NO_SUCH_DEVICE)?;
        self.check_right(session, index)?;
        let agent = self.agents.get(index.0).ok_or(NO_SUCH_AGENT)?;
        let other = |login: &Login| {
            let known = login.mobile.as_ref();
            let elsewhere = |mobile: &Mobile| !known.is_some_and(|known| known.is_same(mobile));
            login.device != device || mobile.as_ref().is_some_and(elsewhere)
        };
        let (comes, taken) = self.is_setting_up(index, device);
        if comes || agent.login.as_ref().is_some_and(other) {
            return Err(Refusal::peripheral(
                ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON,
                PeripheralError::TELDRIVE_AGENTALREADYSIGNEDON,
            ));
        }
        if taken || self.owner(device).is_some_and(|owner| owner != index) {
            return Err(Refusal::peripheral(
                ControlFailure::SPECIFIED_EXTENSION_ALREADY_IN_USE,
                PeripheralError::NONE,
            ));
        }
        let own = self
            .directory
            .agent(index)
            .map_or(&[][..], |agent| &agent.skill_groups);
        let named = request.floats.all(Tag::SKILL_GROUP_NUMBER);
        if named.filter_map(number).any(|group| !own.contains(&group)) {
            return Err(Refusal::peripheral(
                ControlFailure::INVALID_SKILL_GROUP_SPECIFIED,
                PeripheralError::NONE,
            ));
        }
        Ok((index, device, mobile))
    }
}

/// No phone has this extension.
const NO_SUCH_DEVICE: Refusal = Refusal::peripheral(
    ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED,
    PeripheralError::TELDRIVE_NOINSTRUMENTFOREXTENSION,
);
