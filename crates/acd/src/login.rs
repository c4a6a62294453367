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
    AgentState, AgentWorkMode, ControlFailure, PeripheralError, SetAgentStateConf,
    SetAgentStateReq, StatusCode, Tag, number,
};

use crate::agent::{Login, NO_SUCH_AGENT, Told};
use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::{ClientId, Output};
use crate::machine::Acd;
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
        let (index, device) = self.check_sign_in(client, request)?;
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let signature = Arc::clone(&session.signature);
        let then = self.row(index, On::SignIn, None);
        send(
            out,
            client,
            SetAgentStateConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        let Some(Then::Go(to, _)) = then else {
            self.tell_again(now, client, index, out);
            return Ok(());
        };
        let login = Login { device, signature };
        let agent = self.agents.get_mut(index.0).ok_or(NO_SUCH_AGENT)?;
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
        Ok(())
    }

    /// Everything that can be wrong with a sign-in, in the order in which it is looked at.
    fn check_sign_in(
        &self,
        client: ClientId,
        request: &SetAgentStateReq,
    ) -> Result<(AgentIndex, DeviceIndex), Refusal> {
        let missing = StatusCode::REQUIRED_DATA_MISSING;
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let id = text_of(&request.floats, Tag::AGENT_ID).ok_or(missing)?;
        let instrument = text_of(&request.floats, Tag::AGENT_INSTRUMENT).ok_or(missing)?;
        let extension = extension_of(&instrument, request.agent_work_mode)?;
        let index = self.directory.agent_by_id(&id).ok_or(NO_SUCH_AGENT)?;
        let device = self.directory.device(extension).ok_or(NO_SUCH_DEVICE)?;
        self.check_right(session, index)?;
        let agent = self.agents.get(index.0).ok_or(NO_SUCH_AGENT)?;
        if agent
            .login
            .as_ref()
            .is_some_and(|login| login.device != device)
        {
            return Err(Refusal::peripheral(
                ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON,
                PeripheralError::TELDRIVE_AGENTALREADYSIGNEDON,
            ));
        }
        if self.owner(device).is_some_and(|owner| owner != index) {
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
        Ok((index, device))
    }
}

/// No phone has this extension.
const NO_SUCH_DEVICE: Refusal = Refusal::peripheral(
    ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED,
    PeripheralError::TELDRIVE_NOINSTRUMENTFOREXTENSION,
);

/// The extension in AgentInstrument: all of it, or for a mobile agent what precedes `;phone`.
fn extension_of(instrument: &str, mode: AgentWorkMode) -> Result<&str, Refusal> {
    let wrong = Refusal::peripheral(
        ControlFailure::INVALID_AGENT_WORKMODE,
        PeripheralError::NONE,
    );
    match mode {
        AgentWorkMode::UNSPECIFIED | AgentWorkMode::AUTO_IN | AgentWorkMode::MANUAL_IN => {
            Ok(instrument)
        }
        AgentWorkMode::CALL_BY_CALL | AgentWorkMode::NAILED_CONNECTION => instrument
            .split_once(';')
            .filter(|(_, phone)| !phone.is_empty())
            .map(|(device, _)| device)
            .ok_or(wrong),
        _ => Err(wrong),
    }
}
