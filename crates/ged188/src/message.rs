//! Any message, as one type.
//!
//! A message is listed here by its type's name; everything else about it is its row.

use crate::messages::*;
use crate::table::{Body, FloatRow, Form};
use crate::wire::Value;
use crate::{Floats, Kind, Protocol, Tag};

/// A message whose type has no row: kept as bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unknown {
    /// Message type on the wire.
    pub message_type: u32,
    /// Everything behind the header.
    pub body: Vec<u8>,
}

/// Lists the messages; see the module.
macro_rules! messages_enum {
    (inline { $($name:ident),* $(,)? } boxed { $($large:ident),* $(,)? }) => {
        /// A message of the CTI wire.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Message {
            $(
                #[doc = concat!("See [`", stringify!($name), "`].")]
                $name($name),
            )*
            $(
                #[doc = concat!("See [`", stringify!($large), "`]; boxed for its size.")]
                $large(Box<$large>),
            )*
            /// A type without a row.
            Unknown(Unknown),
        }

        /// Evaluates one expression with the body, whatever its type, and another for a type without a row.
        macro_rules! with_body {
            ($message:expr, $body:ident => $known:expr, $unknown:ident => $other:expr) => {
                match $message {
                    $(Message::$name($body) => $known,)*
                    $(Message::$large($body) => {
                        let $body = &**$body;
                        $known
                    })*
                    Message::Unknown($unknown) => $other,
                }
            };
        }

        impl Message {
            /// A message of this type with nothing in it; `None` for a type without a row.
            pub fn empty(message_type: u32) -> Option<Self> {
                Some(match message_type {
                    $(<$name as Body>::TYPE => Self::$name(Default::default()),)*
                    $(<$large as Body>::TYPE => Self::$large(Default::default()),)*
                    _ => return None,
                })
            }

            /// Hands the body to a visitor; `None` for a type without a row.
            pub(crate) fn visit<V: Visitor>(&mut self, visitor: V) -> Option<V::Output> {
                match self {
                    $(Self::$name(body) => Some(visitor.visit(body)),)*
                    $(Self::$large(body) => Some(visitor.visit(&mut **body)),)*
                    Self::Unknown(_) => None,
                }
            }

            /// Message types that have a row, in the order of the list.
            pub const TYPES: &'static [(u32, &'static str)] = &[
                $((<$name as Body>::TYPE, <$name as Body>::NAME),)*
                $((<$large as Body>::TYPE, <$large as Body>::NAME),)*
            ];
        }

        $(
            impl From<$name> for Message {
                fn from(body: $name) -> Self {
                    Self::$name(body)
                }
            }
        )*
        $(
            impl From<$large> for Message {
                fn from(body: $large) -> Self {
                    Self::$large(Box::new(body))
                }
            }
        )*
    };
}

/// Does something to a body whose type is known only by its number.
pub(crate) trait Visitor {
    /// What comes of it.
    type Output;
    /// Does it.
    fn visit<B: Body>(self, body: &mut B) -> Self::Output;
}

messages_enum! {
    inline {
        OpenReq, OpenConf, HeartbeatReq, HeartbeatConf, CloseReq, CloseConf, StandbyActiveEventMsg,
        ActiveMaintenanceReqMsg, ActiveMaintenanceRespMsg, ActiveMaintenanceEventMsg,
        StoppingRequestsToThisSideInd,
        FailureConf, FailureEvent, ControlFailureConf, SystemEvent,
        AgentStateEvent, AgentPreCallEvent, AgentPreCallAbortEvent, QueryAgentStateReq,
        QueryAgentStateConf, SetAgentStateReq, SetAgentStateConf, AgentDeskSettingsReq,
        AgentDeskSettingsConf, AgentGreetingControlReq, AgentGreetingControlConf,
        SupervisorAssistReq, SupervisorAssistConf, EmergencyCallReq, EmergencyCallConf,
        EmergencyCallEvent, SuperviseCallReq, SuperviseCallConf, AgentTeamConfigEvent,
        ListAgentTeamReq, ListAgentTeamConf, MonitorAgentTeamStartReq, MonitorAgentTeamStartConf,
        MonitorAgentTeamStopReq, MonitorAgentTeamStopConf, TeamConfigReq, TeamConfigEvent,
        TeamConfigConf,
        BeginCallEvent, CallDataUpdateEvent, EndCallEvent, CallDeliveredEvent, CallOriginatedEvent,
        CallEstablishedEvent, CallHeldEvent, CallRetrievedEvent, CallServiceInitiatedEvent,
        CallFailedEvent, CallConnectionClearedEvent, CallClearedEvent, CallConferencedEvent,
        CallTransferredEvent, CallDivertedEvent, CallReachedNetworkEvent, CallQueuedEvent,
        CallDequeuedEvent, CallTranslationRouteEvent, CallAttributeChangeEvent,
        CallAgentGreetingEvent,
        RtpStartedEvent, RtpStoppedEvent, StartNetworkRecordingReq, StartNetworkRecordingConf,
        StopNetworkRecordingReq, StopNetworkRecordingConf, NetworkRecordingStartedEvent,
        NetworkRecordingEndedEvent, NetworkRecordingFailedEvent, NetworkRecordingTargetInfoEvent,
        StartRecordingReq, StartRecordingConf, StopRecordingReq, StopRecordingConf,
        MakeCallReq, MakeCallConf, AnswerCallReq, AnswerCallConf, ClearCallReq, ClearCallConf,
        ClearConnectionReq, ClearConnectionConf, HoldCallReq, HoldCallConf, RetrieveCallReq,
        RetrieveCallConf, ConsultationCallReq, ConsultationCallConf, TransferCallReq,
        TransferCallConf, ConferenceCallReq, ConferenceCallConf, AlternateCallReq,
        AlternateCallConf, ReconnectCallReq, ReconnectCallConf, DeflectCallReq, DeflectCallConf,
        MakePredictiveCallReq, MakePredictiveCallConf, SendDtmfSignalReq, SendDtmfSignalConf,
        BadCallReq, BadCallConf,
        SetCallDataReq, SetCallDataConf, ReleaseCallReq, ReleaseCallConf, QueryDeviceInfoReq,
        QueryDeviceInfoConf, SnapshotCallReq, SnapshotCallConf, SnapshotDeviceReq,
        SnapshotDeviceConf, ClientEventReportReq, ClientEventReportConf, UserMessageReq,
        UserMessageConf, UserMessageEvent, RegisterVariablesReq, RegisterVariablesConf,
        QueryAgentStatisticsReq, QuerySkillGroupStatisticsReq, SetAppDataReq, SetAppDataConf,
        SetDeviceAttributesReq, SetDeviceAttributesConf, SetAgentServiceDataReq,
        SetAgentServiceDataConf,
        ConfigRequestKeyEvent, ConfigKeyEvent, ConfigRequestEvent, ConfigBeginEvent, ConfigEndEvent,
        ConfigServiceEvent, ConfigSkillGroupEvent, ConfigAgentEvent, ConfigDeviceEvent,
        ConfigCallTypeEvent, ConfigMrdEvent, ConfigPeripheralEvent, ConfigAgentDeskSettingsEvent,
        ConfigTerminalEvent, ConfigAgentServiceEvent,
        MonitorStartReq, MonitorStartConf, MonitorStopReq, MonitorStopConf, ChangeMonitorMaskReq,
        ChangeMonitorMaskConf, ClientSessionOpenedEvent, ClientSessionClosedEvent,
        SessionMonitorStartReq, SessionMonitorStartConf, SessionMonitorStopReq,
        SessionMonitorStopConf, RegisterServiceReq, RegisterServiceConf, UnregisterServiceReq,
        UnregisterServiceConf,
    }
    boxed { QueryAgentStatisticsConf, QuerySkillGroupStatisticsConf }
}

impl Message {
    /// Message type on the wire.
    pub fn message_type(&self) -> u32 {
        fn of<B: Body>(_: &B) -> u32 {
            B::TYPE
        }
        with_body!(self, body => of(body), unknown => unknown.message_type)
    }

    /// Name on the wire, such as `OPEN_REQ`; `UNKNOWN` for a type without a row.
    pub fn name(&self) -> &'static str {
        fn of<B: Body>(_: &B) -> &'static str {
            B::NAME
        }
        with_body!(self, body => of(body), _unknown => "UNKNOWN")
    }

    /// The number that pairs requests with answers; `None` for events.
    pub fn invoke_id(&self) -> Option<u32> {
        if let Self::Unknown(_) = self {
            return None;
        }
        // Where there is one it comes first.
        let (name, value) = self.fields().next()?;
        if name == "InvokeID" {
            u32::try_from(value.number).ok()
        } else {
            None
        }
    }

    /// Wire name and value of each field of the fixed part in wire order, in the layout of
    /// [`Protocol::CURRENT`]; see [`fields_at`](Self::fields_at) for a session's own version.
    pub fn fields(&self) -> std::vec::IntoIter<(&'static str, Value)> {
        self.fields_at(Protocol::CURRENT)
    }

    /// Wire name and value of each field of the fixed part in wire order.
    pub fn fields_at(&self, protocol: Protocol) -> std::vec::IntoIter<(&'static str, Value)> {
        let list =
            with_body!(self, body => body.fields(body.layout(protocol)), _unknown => Vec::new());
        list.into_iter()
    }

    /// The floating part; `None` for a type without a row.
    pub fn floats(&self) -> Option<&Floats> {
        with_body!(self, body => Some(&body.floats), _unknown => None)
    }

    /// Whether the fixed part follows the version, or which other layout it was met in.
    pub fn form(&self) -> Form {
        with_body!(self, body => body.form(), _unknown => Form::ByVersion)
    }

    /// What the guide calls a float in this message, and its type; `None` when it lists no such float here.
    pub fn float_row(&self, tag: Tag) -> Option<&'static FloatRow> {
        fn of<B: Body>(_: &B) -> &'static [FloatRow] {
            B::FLOATS
        }
        let rows = with_body!(self, body => of(body), _unknown => &[]);
        rows.iter().find(|row| row.tag == tag)
    }

    /// What a float is called in this message; else its name in the tag table; `None` when that
    /// has none either.
    pub fn float_name(&self, tag: Tag) -> Option<&'static str> {
        let row = tag.row()?;
        match self.float_row(tag) {
            Some(here) => here.name.or(row.field),
            None => Some(row.name),
        }
    }

    /// Type of a float in this message; raw bytes when nobody says.
    pub fn float_kind(&self, tag: Tag) -> Kind {
        let here = self.float_row(tag).and_then(|row| row.kind);
        here.or_else(|| tag.row().map(|row| row.kind))
            .unwrap_or(Kind::Bytes)
    }

    /// Appends the fixed part in the layout of a version, or the one the message was met in.
    pub(crate) fn write_fixed(&self, protocol: Protocol, out: &mut Vec<u8>) {
        with_body!(
            self,
            body => body.write_fixed(body.layout(protocol), out),
            unknown => out.extend_from_slice(&unknown.body)
        );
    }
}
