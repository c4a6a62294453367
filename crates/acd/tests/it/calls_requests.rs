//! A request of each kind about calls, for tests that try them all.

use tact_ged188::{
    AlternateCallReq, ConferenceCallReq, DeflectCallReq, EmergencyCallReq, Floats, Message,
    ReconnectCallReq, SendDtmfSignalReq, SetCallDataReq, SnapshotCallReq, SnapshotDeviceReq,
    SuperviseCallReq, SupervisorAssistReq, SupervisoryAction, Tag, TransferCallReq,
};

use crate::calls_floor::{answer, call, clear, clear_call, consult, hold, make_call, retrieve};
use crate::harness::PERIPHERAL;

/// How many kinds there are.
pub(crate) const KINDS: u8 = 25;

/// What a kind of request is about besides a phone: a call, a second call, a number.
pub(crate) fn looks_at(kind: u8) -> (bool, bool, bool) {
    let first = !matches!(kind, 0 | 1 | 18 | 24);
    let second = matches!(kind, 11 | 13 | 15 | 16);
    let number = matches!(kind, 0 | 1 | 9 | 10 | 12 | 14 | 17);
    (first, second, number)
}

/// A request of a kind at a phone: about the first call, the second one or a number, as the kind has it. Of 18 the number
/// is the supervisor's, and the first call decides between listening and barging in.
pub(crate) fn request(kind: u8, first: u32, second: u32, phone: &str, to: &str) -> Message {
    let active = |to: Option<&str>| {
        let floats = Floats::new().with_text(Tag::ACTIVE_CONN_DEVID, phone);
        match to {
            Some(to) => floats.with_text(Tag::DIALED_NUMBER, to),
            None => floats,
        }
    };
    let (invoke_id, peripheral_id) = (77, PERIPHERAL);
    let transfer = |held: u32, floats| TransferCallReq {
        invoke_id,
        peripheral_id,
        active_connection_call_id: call(first),
        held_connection_call_id: held,
        floats,
        ..Default::default()
    };
    let confer = |held: u32, floats| ConferenceCallReq {
        invoke_id,
        peripheral_id,
        active_connection_call_id: call(first),
        held_connection_call_id: held,
        floats,
        ..Default::default()
    };
    let at = |tag| Floats::new().with_text(tag, phone);
    let supervise = |action| SuperviseCallReq {
        invoke_id,
        peripheral_id,
        agent_connection_call_id: u32::MAX,
        supervisor_connection_call_id: u32::MAX,
        supervisory_action: action,
        floats: Floats::new()
            .with_text(Tag::AGENT_INSTRUMENT, phone)
            .with_text(Tag::SUPERVISOR_INSTRUMENT, to),
        ..Default::default()
    };
    match kind {
        0 | 1 => make_call(phone, to).into(),
        2 | 3 => answer(first, phone).into(),
        4 => clear(first, phone).into(),
        5 => clear_call(first, phone).into(),
        6 | 7 => hold(first, phone).into(),
        8 => retrieve(first, phone).into(),
        9 | 10 => consult(first, phone, to).into(),
        11 => transfer(call(second), active(None)).into(),
        12 => transfer(u32::MAX, active(Some(to))).into(),
        13 => confer(call(second), active(None)).into(),
        14 => confer(u32::MAX, active(Some(to))).into(),
        15 => AlternateCallReq {
            invoke_id,
            peripheral_id,
            active_connection_call_id: call(first),
            other_connection_call_id: call(second),
            floats: active(None),
            ..Default::default()
        }
        .into(),
        16 => ReconnectCallReq {
            invoke_id,
            peripheral_id,
            active_connection_call_id: call(first),
            held_connection_call_id: call(second),
            floats: active(None),
            ..Default::default()
        }
        .into(),
        17 => DeflectCallReq {
            invoke_id,
            peripheral_id,
            connection_call_id: call(first),
            floats: Floats::new()
                .with_text(Tag::CONNECTION_DEVID, phone)
                .with_text(Tag::CALLED_DEVID, to),
            ..Default::default()
        }
        .into(),
        18 => {
            supervise([SupervisoryAction::MONITOR, SupervisoryAction::BARGE_IN][first as usize % 2])
                .into()
        }
        19 => SetCallDataReq {
            invoke_id,
            peripheral_id,
            connection_call_id: call(first),
            floats: Floats::new().with_text(Tag::CALL_VAR_1, to),
            ..Default::default()
        }
        .into(),
        20 => SendDtmfSignalReq {
            invoke_id,
            peripheral_id,
            connection_call_id: call(first),
            floats: at(Tag::CONNECTION_DEVID).with_text(Tag::DTMF_STRING, "1#"),
            ..Default::default()
        }
        .into(),
        21 => SupervisorAssistReq {
            invoke_id,
            peripheral_id,
            connection_call_id: call(first),
            floats: at(Tag::AGENT_INSTRUMENT),
            ..Default::default()
        }
        .into(),
        22 => EmergencyCallReq {
            invoke_id,
            peripheral_id,
            connection_call_id: call(first),
            floats: at(Tag::AGENT_INSTRUMENT),
            ..Default::default()
        }
        .into(),
        23 => SnapshotCallReq {
            invoke_id,
            peripheral_id,
            connection_call_id: call(first),
            ..Default::default()
        }
        .into(),
        _ => SnapshotDeviceReq {
            invoke_id,
            peripheral_id,
            floats: at(Tag::AGENT_INSTRUMENT),
            ..Default::default()
        }
        .into(),
    }
}
