//! Requests about a call's data, and those that only say something of a call. Reference ged188, 3.9.

use tact_ged188::{
    BadCallConf, BadCallReq, Floats, ReleaseCallConf, ReleaseCallReq, Services, SetCallDataConf,
    SetCallDataReq, StatusCode, Tag,
};

use super::CallId;
use super::call::{Call, Place};
use super::data::CallData;
use crate::directory::DeviceIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::{Open, text_of};

impl Acd {
    /// SET_CALL_DATA_REQ, also while an agent wraps the call up. Told with CALL_DATA_UPDATE_EVENT, changed or not. With
    /// BAResponse it answers a preview, or says what became of a campaign's call.
    pub(super) fn set_call_data(
        &mut self,
        now: i64,
        client: ClientId,
        request: &SetCallDataReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let services = Services::CLIENT_CONTROL | Services::CALL_DATA_UPDATE;
        if !session.services.intersects(services) {
            return Err(StatusCode::FUNCTION_NOT_AVAILABLE.into());
        }
        self.check_peripheral(request.peripheral_id)?;
        let floats = &request.floats;
        let call = self.known_call(session, request.connection_call_id)?;
        let (id, place) = (call.id, self.place_of(call, session, floats)?);
        let change = CallData::requested(
            floats,
            request.num_named_variables,
            request.num_named_arrays,
        )?;
        let response = self.check_campaign(id, &change)?;
        let call = self.calls.get_mut(id).ok_or(StatusCode::INVALID_CALLID)?;
        call.data.merge(&change)?;
        let told = change.told_with(&call.data);
        let conf = SetCallDataConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        self.tell_data(id, &place, None, &told, out);
        if let Some(response) = response {
            self.preview_answered(now, id, response, out);
        }
        Ok(())
    }

    /// A call that a session may know: CLIENT_EVENTS sessions those of their phone.
    fn known_call(&self, session: &Open, id: u32) -> Result<&Call, Refusal> {
        let call = self
            .calls
            .get(CallId(id))
            .ok_or(StatusCode::INVALID_CALLID)?;
        if session.hears_all() {
            return Ok(call);
        }
        let mut phones = call.audience.iter();
        if phones.any(|device| self.check_phone(session, *device).is_ok()) {
            return Ok(call);
        }
        Err(StatusCode::NOT_CALL_PARTY.into())
    }

    /// The connection that a request names, or else the session's own, or the caller's.
    fn place_of(&self, call: &Call, session: &Open, floats: &Floats) -> Result<Place, Refusal> {
        let Some(number) = text_of(floats, Tag::CONNECTION_DEVID) else {
            let own = self.own_phone(session);
            let own = own.filter(|device| call.audience.contains(device));
            return Ok(own.map_or_else(|| call.calling.clone(), Place::Phone));
        };
        let named = |place: &Place| self.number(place) == number;
        let device = self.directory.device(&number);
        let heard = |device: &DeviceIndex| call.audience.contains(device);
        let places = call.parties.iter().map(|party| &party.place);
        places
            .chain([&call.calling])
            .find(|place| named(place))
            .cloned()
            .or_else(|| device.filter(heard).map(Place::Phone))
            .ok_or(StatusCode::NOT_CALL_PARTY.into())
    }

    /// RELEASE_CALL_REQ: the client is done with the call. Where the call only waits for wrap-up, it ends.
    pub(super) fn release_call(
        &mut self,
        client: ClientId,
        request: &ReleaseCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let call = self.known_call(session, request.connection_call_id)?;
        let id = call.id;
        let device = match text_of(&request.floats, Tag::CONNECTION_DEVID) {
            Some(number) => self.directory.device(&number),
            None => self.own_phone(session),
        };
        let done: Vec<_> = call
            .wrapping
            .iter()
            .filter(|(_, other)| Some(*other) == device)
            .map(|(agent, _)| *agent)
            .collect();
        let conf = ReleaseCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        for agent in done {
            self.wrapped_up(id, agent, out);
        }
        Ok(())
    }

    /// BAD_CALL_REQ: noted in the log of messages, as every request is.
    pub(super) fn bad_call(
        &self,
        client: ClientId,
        request: &BadCallReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        self.known_call(session, request.connection_call_id)?;
        let conf = BadCallConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        Ok(())
    }
}
