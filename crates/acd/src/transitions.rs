//! table: agent states. What a request, the phone or a timer does in each state, for a voice agent of a UCCE centre.
//!
//! Data only; the machine, the tests and docs/agent-states.md read it. The first row that fits counts. Without a row a
//! request is refused with peripheral error 10108, and what happens at the phone changes nothing.
//!
//! Source: reference acd-and-telephony, 3.3, and finesse-api, 3.1 to 3.5. Where those leave a choice open:
//!
//! - **Wrap-up** follows a call when the desk settings require it, and where it is optional when the agent asked
//!   for it during the call: with WORK_NOT_READY or WORK_READY, or with NOT_READY, which is all that a desktop can ask
//!   for (finesse-api 3.1: "wrap-up + NOT_READY chosen"). What a supervisor forces asks for no wrap-up.
//! - A **forced sign-out** waits for the end of the call, skips wrap-up and is taken back by nobody but another one.
//! - A **phone that is lost** during a call signs the agent out after it; else at once, without a NOT_READY in between.
//! - Before **a call that the agent makes** READY and wrap-up become NOT_READY with 50006, which stays after it.

pub mod document;

use serde::{Deserialize, Serialize};
use tact_ged188::{AgentState, ControlFailure, PeripheralError};

/// AGENT_STATE_EVENT's Direction of an agent whom a dialer reserved.
const OUTBOUND_RESERVE: u32 = 5;
/// The same for a preview.
const OUTBOUND_PREVIEW: u32 = 6;

/// A state of the table. The wire tells three of them apart by Direction only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    /// Signed out.
    Logout,
    /// Signed in, takes no routed calls.
    NotReady,
    /// Waits for a call.
    Ready,
    /// A routed call rings.
    Reserved,
    /// A dialer is about to connect a call.
    ReservedOutbound,
    /// Looks at a preview.
    ReservedPreview,
    /// On a call.
    Talking,
    /// All calls are held.
    Hold,
    /// Wrap-up, then NOT_READY.
    WorkNotReady,
    /// Wrap-up, then READY.
    WorkReady,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Logout,
        Self::NotReady,
        Self::Ready,
        Self::Reserved,
        Self::ReservedOutbound,
        Self::ReservedPreview,
        Self::Talking,
        Self::Hold,
        Self::WorkNotReady,
        Self::WorkReady,
    ];

    /// AgentState on the wire.
    pub const fn wire(self) -> AgentState {
        match self {
            Self::Logout => AgentState::LOGOUT,
            Self::NotReady => AgentState::NOT_READY,
            Self::Ready => AgentState::AVAILABLE,
            Self::Reserved | Self::ReservedOutbound | Self::ReservedPreview => AgentState::RESERVED,
            Self::Talking => AgentState::TALKING,
            Self::Hold => AgentState::HOLD,
            Self::WorkNotReady => AgentState::WORK_NOT_READY,
            Self::WorkReady => AgentState::WORK_READY,
        }
    }

    /// Direction on the wire: 5 and 6 for reservations by a dialer, else 0.
    pub const fn direction(self) -> u32 {
        match self {
            Self::ReservedOutbound => OUTBOUND_RESERVE,
            Self::ReservedPreview => OUTBOUND_PREVIEW,
            _ => 0,
        }
    }

    /// What an AgentState and a Direction say; states of other media are NOT_READY here, as nothing sets them.
    pub const fn of(state: AgentState, direction: u32) -> Self {
        match (state, direction) {
            (AgentState::LOGOUT, _) => Self::Logout,
            (AgentState::AVAILABLE, _) => Self::Ready,
            (AgentState::RESERVED, OUTBOUND_RESERVE) => Self::ReservedOutbound,
            (AgentState::RESERVED, OUTBOUND_PREVIEW) => Self::ReservedPreview,
            (AgentState::RESERVED, _) => Self::Reserved,
            (AgentState::TALKING, _) => Self::Talking,
            (AgentState::HOLD, _) => Self::Hold,
            (AgentState::WORK_NOT_READY, _) => Self::WorkNotReady,
            (AgentState::WORK_READY, _) => Self::WorkReady,
            _ => Self::NotReady,
        }
    }

    /// The agent is reserved for a call or has one.
    pub const fn on_call(self) -> bool {
        matches!(
            self,
            Self::Reserved
                | Self::ReservedOutbound
                | Self::ReservedPreview
                | Self::Talking
                | Self::Hold
        )
    }

    /// Somebody reserved the agent.
    pub const fn reserved(self) -> bool {
        matches!(
            self,
            Self::Reserved | Self::ReservedOutbound | Self::ReservedPreview
        )
    }

    /// Wrap-up.
    pub const fn work(self) -> bool {
        matches!(self, Self::WorkNotReady | Self::WorkReady)
    }

    /// What the field calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Logout => "LOGOUT",
            Self::NotReady => "NOT_READY",
            Self::Ready => "READY",
            Self::Reserved => "RESERVED",
            Self::ReservedOutbound => "RESERVED_OUTBOUND",
            Self::ReservedPreview => "RESERVED_OUTBOUND_PREVIEW",
            Self::Talking => "TALKING",
            Self::Hold => "HOLD",
            Self::WorkNotReady => "WORK_NOT_READY",
            Self::WorkReady => "WORK_READY",
        }
    }
}

/// What an agent can ask to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Target {
    /// AGENT_STATE_LOGOUT.
    Logout,
    /// AGENT_STATE_NOT_READY.
    NotReady,
    /// AGENT_STATE_AVAILABLE.
    Ready,
    /// AGENT_STATE_WORK_NOT_READY: wrap-up after the call, then NOT_READY.
    WorkNotReady,
    /// AGENT_STATE_WORK_READY: wrap-up after the call, then READY.
    WorkReady,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Logout,
        Self::NotReady,
        Self::Ready,
        Self::WorkNotReady,
        Self::WorkReady,
    ];

    /// The target that a requested state stands for; `None` for a state nobody can ask for.
    pub fn of(state: AgentState) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|target| target.state().wire() == state)
    }

    /// Its state.
    pub const fn state(self) -> State {
        match self {
            Self::Logout => State::Logout,
            Self::NotReady => State::NotReady,
            Self::Ready => State::Ready,
            Self::WorkNotReady => State::WorkNotReady,
            Self::WorkReady => State::WorkReady,
        }
    }

    /// Where it leads without wrap-up.
    pub const fn rest(self) -> Self {
        match self {
            Self::WorkNotReady => Self::NotReady,
            Self::WorkReady => Self::Ready,
            rest => rest,
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum By {
    /// The agent.
    Agent,
    /// A supervisor, or the system on behalf of an agent whose desktop is gone.
    Force,
}

/// What the table answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// A sign-in.
    SignIn,
    /// The agent asks for a state.
    Ask(Target),
    /// It is forced.
    Force(Target),
    /// A queued call was routed to the agent.
    Routed,
    /// A dialer reserved the agent.
    RoutedOutbound,
    /// A preview was offered.
    RoutedPreview,
    /// The agent makes a call.
    OffHook,
    /// The agent is busy on a line that is not the centre's.
    OtherLineBusy,
    /// A call is connected at the phone.
    Connected,
    /// No call is connected, at least one is held.
    AllHeld,
    /// The offer is over and the agent is not to blame.
    OfferGone,
    /// Nobody answered in time.
    RingNoAnswer,
    /// Routed calls did not arrive, twice in a row.
    NeverArrived,
    /// The last call at the phone ended.
    CallsOver,
    /// The phone is gone.
    DeviceLost,
    /// WorkModeTimer is over.
    WorkTimer,
    /// LogoutNonActivityTime is over.
    Inactivity,
}

/// What else must hold for a row to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Nothing.
    Always,
    /// The agent is to be signed out after the call.
    Leaving,
    /// The desk settings let the agent ask for wrap-up.
    WrapUpAllowed,
    /// Wrap-up follows, and this after it.
    WrapUpThen(Target),
    /// This comes next: what is pending, else the state before the call.
    Next(Target),
}

/// What a row's guard looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// Wrap-up follows the call that ended.
    pub wrap_up: bool,
    /// The agent may ask for wrap-up.
    pub wrap_up_allowed: bool,
    /// What comes after the call.
    pub next: Target,
}

impl When {
    /// Whether it holds.
    pub fn holds(self, situation: Situation) -> bool {
        match self {
            Self::Always => true,
            Self::Leaving => situation.next == Target::Logout,
            Self::WrapUpAllowed => situation.wrap_up_allowed,
            Self::WrapUpThen(target) => situation.wrap_up && situation.next.rest() == target,
            Self::Next(target) => situation.next.rest() == target,
        }
    }
}

/// The reason code of a new state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// None.
    Zero,
    /// The request's.
    Asked,
    /// What belongs to the state that comes next.
    Next,
    /// This one.
    Code(u16),
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Then {
    /// The state changes.
    Go(State, Reason),
    /// The state is the one asked for: it is told again.
    Keep,
    /// It happens when the call is over, and is told at once.
    Pend(Target, Reason),
    /// It happens when the call is over, and nothing is told before.
    PendQuietly(Target, Reason),
    /// It is refused.
    Refuse(ControlFailure, PeripheralError),
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The state that the agent is in.
    pub from: State,
    /// What happens,
    pub on: On,
    /// and what else must hold.
    pub when: When,
    /// What follows.
    pub then: Then,
}

/// The first row that fits. The table has the states in their order.
pub fn find(table: &[Row], from: State, on: On, situation: Situation) -> Option<Then> {
    let first = table.partition_point(|row| row.from < from);
    table
        .iter()
        .skip(first)
        .take_while(|row| row.from == from)
        .find(|row| row.on == on && row.when.holds(situation))
        .map(|row| row.then)
}

/// Refusal of what the table has no row for.
pub const BAD_TRANSITION: Then = Then::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_BADSTATETRANSITION,
);
/// Signed out already.
const OUT: Then = Then::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_AGENTALREADYLOGGEDOUT,
);
/// A state change of someone who has not signed in.
const NOT_IN: Then = Then::Refuse(
    ControlFailure::INVALID_PASSWORD_SPECIFIED,
    PeripheralError::NONE,
);
/// LOGOUT from any state but NOT_READY.
const NO_OUT: Then = Then::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_CANTLOGOUTFROMCURRENTSTATE,
);
/// READY from a state that forbids it.
const NO_READY: Then = Then::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_CANTGOREADYFROMCURRENTSTATE,
);
/// NOT_READY while a call is on its way.
const NO_NOT_READY: Then = Then::Refuse(
    ControlFailure::INVALID_AGENT_WORKMODE,
    PeripheralError::TELDRIVE_AGENTCANTGOUNVAILABLE,
);

/// Reason codes that the centre itself gives (reference ged188, 4.15).
pub mod reason {
    /// A supervisor did it.
    pub const SUPERVISOR: u16 = 999;
    /// A routed call was not answered.
    pub const NOT_ANSWERED: u16 = 32767;
    /// The phone is out of service.
    pub const DEVICE_LOST: u16 = 50003;
    /// Nothing was done for LogoutNonActivityTime.
    pub const INACTIVITY: u16 = 50004;
    /// Another line of the agent is busy.
    pub const OTHER_LINE_BUSY: u16 = 50005;
    /// The agent went off-hook.
    pub const OFF_HOOK: u16 = 50006;
    /// Routed calls did not arrive.
    pub const NEVER_ARRIVED: u16 = 50010;
    /// The nailed line of a mobile agent is gone.
    pub const LINE_LOST: u16 = 50042;
}

use On::{
    AllHeld, Ask, CallsOver, Connected, DeviceLost, Force, Inactivity, NeverArrived, OffHook,
    OfferGone, OtherLineBusy, RingNoAnswer, Routed, RoutedOutbound, RoutedPreview, SignIn,
    WorkTimer,
};
use Reason::{Asked, Code, Next as OfNext, Zero};
use State::{
    Hold, Logout, NotReady, Ready, Reserved, ReservedOutbound, ReservedPreview, Talking,
    WorkNotReady, WorkReady,
};
use Target as T;
use Then::{Go, Keep, Pend, PendQuietly};
use When::{Always, Leaving, Next, WrapUpAllowed, WrapUpThen};
use reason::{DEVICE_LOST, INACTIVITY, NEVER_ARRIVED, NOT_ANSWERED, OFF_HOOK, OTHER_LINE_BUSY};

const fn row(from: State, on: On, when: When, then: Then) -> Row {
    Row {
        from,
        on,
        when,
        then,
    }
}

/// The table.
#[rustfmt::skip]
pub static TABLE: &[Row] = &[
    row(Logout, SignIn,                  Always, Go(NotReady, Zero)),
    row(Logout, Ask(T::Logout),          Always, OUT),
    row(Logout, Ask(T::NotReady),        Always, NOT_IN),
    row(Logout, Ask(T::Ready),           Always, NOT_IN),
    row(Logout, Force(T::Logout),        Always, OUT),
    row(Logout, Force(T::NotReady),      Always, NOT_IN),
    row(Logout, Force(T::Ready),         Always, NOT_IN),

    row(NotReady, SignIn,                Always, Keep),
    row(NotReady, Ask(T::Logout),        Always, Go(Logout, Asked)),
    row(NotReady, Ask(T::NotReady),      Always, Go(NotReady, Asked)),
    row(NotReady, Ask(T::Ready),         Always, Go(Ready, Zero)),
    row(NotReady, Force(T::Logout),      Always, Go(Logout, Asked)),
    row(NotReady, Force(T::NotReady),    Always, Go(NotReady, Asked)),
    row(NotReady, Force(T::Ready),       Always, Go(Ready, Zero)),
    row(NotReady, OtherLineBusy,         Always, Go(NotReady, Code(OTHER_LINE_BUSY))),
    row(NotReady, Connected,             Always, Go(Talking, Zero)),
    row(NotReady, DeviceLost,            Always, Go(Logout, Code(DEVICE_LOST))),
    row(NotReady, Inactivity,            Always, Go(Logout, Code(INACTIVITY))),

    row(Ready, SignIn,                   Always, Keep),
    row(Ready, Ask(T::Logout),           Always, NO_OUT),
    row(Ready, Ask(T::NotReady),         Always, Go(NotReady, Asked)),
    row(Ready, Ask(T::Ready),            Always, Keep),
    row(Ready, Force(T::Logout),         Always, Go(Logout, Asked)),
    row(Ready, Force(T::NotReady),       Always, Go(NotReady, Asked)),
    row(Ready, Force(T::Ready),          Always, Keep),
    row(Ready, Routed,                   Always, Go(Reserved, Zero)),
    row(Ready, RoutedOutbound,           Always, Go(ReservedOutbound, Zero)),
    row(Ready, RoutedPreview,            Always, Go(ReservedPreview, Zero)),
    row(Ready, OffHook,                  Always, Go(NotReady, Code(OFF_HOOK))),
    row(Ready, OtherLineBusy,            Always, Go(NotReady, Code(OTHER_LINE_BUSY))),
    row(Ready, Connected,                Always, Go(Talking, Zero)),
    row(Ready, DeviceLost,               Always, Go(Logout, Code(DEVICE_LOST))),

    row(Reserved, SignIn,                Always, Keep),
    row(Reserved, Ask(T::Logout),        Always, NO_OUT),
    row(Reserved, Ask(T::NotReady),      Always, NO_NOT_READY),
    row(Reserved, Ask(T::Ready),         Always, NO_READY),
    row(Reserved, Force(T::Logout),      Always, Go(Logout, Asked)),
    row(Reserved, Force(T::NotReady),    Always, NO_NOT_READY),
    row(Reserved, Force(T::Ready),       Always, NO_READY),
    row(Reserved, Connected,             Always, Go(Talking, Zero)),
    row(Reserved, OfferGone,             Always, Go(Ready, Zero)),
    row(Reserved, RingNoAnswer,          Always, Go(NotReady, Code(NOT_ANSWERED))),
    row(Reserved, NeverArrived,          Always, Go(NotReady, Code(NEVER_ARRIVED))),
    row(Reserved, DeviceLost,            Always, Go(Logout, Code(DEVICE_LOST))),

    row(ReservedOutbound, SignIn,             Always, Keep),
    row(ReservedOutbound, Ask(T::Logout),     Always, NO_OUT),
    row(ReservedOutbound, Ask(T::NotReady),   Always, Go(NotReady, Asked)),
    row(ReservedOutbound, Ask(T::Ready),      Always, Go(Ready, Zero)),
    row(ReservedOutbound, Force(T::Logout),   Always, Go(Logout, Asked)),
    row(ReservedOutbound, Force(T::NotReady), Always, Go(NotReady, Asked)),
    row(ReservedOutbound, Force(T::Ready),    Always, Go(Ready, Zero)),
    row(ReservedOutbound, Connected,          Always, Go(Talking, Zero)),
    row(ReservedOutbound, OfferGone,          Always, Go(Ready, Zero)),
    row(ReservedOutbound, DeviceLost,         Always, Go(Logout, Code(DEVICE_LOST))),

    row(ReservedPreview, SignIn,              Always, Keep),
    row(ReservedPreview, Ask(T::Logout),      Always, NO_OUT),
    row(ReservedPreview, Ask(T::NotReady),   Leaving, NO_NOT_READY),
    row(ReservedPreview, Ask(T::NotReady),    Always, PendQuietly(T::NotReady, Asked)),
    row(ReservedPreview, Ask(T::Ready),      Leaving, NO_READY),
    row(ReservedPreview, Ask(T::Ready),       Always, PendQuietly(T::Ready, Zero)),
    row(ReservedPreview, Force(T::Logout),    Always, Pend(T::Logout, Asked)),
    row(ReservedPreview, Force(T::NotReady), Leaving, NO_NOT_READY),
    row(ReservedPreview, Force(T::NotReady),  Always, PendQuietly(T::NotReady, Asked)),
    row(ReservedPreview, Force(T::Ready),    Leaving, NO_READY),
    row(ReservedPreview, Force(T::Ready),     Always, PendQuietly(T::Ready, Zero)),
    row(ReservedPreview, Connected,           Always, Go(Talking, Zero)),
    row(ReservedPreview, OfferGone,          Leaving, Go(Logout, OfNext)),
    row(ReservedPreview, OfferGone, Next(T::NotReady), Go(NotReady, OfNext)),
    row(ReservedPreview, OfferGone,    Next(T::Ready), Go(Ready, Zero)),
    row(ReservedPreview, RingNoAnswer,       Leaving, Go(Logout, OfNext)),
    row(ReservedPreview, RingNoAnswer,        Always, Go(NotReady, Code(NOT_ANSWERED))),
    row(ReservedPreview, DeviceLost,          Always, Pend(T::Logout, Code(DEVICE_LOST))),

    row(Talking, SignIn,                   Always, Keep),
    row(Talking, Ask(T::Logout),           Always, NO_OUT),
    row(Talking, Ask(T::NotReady),        Leaving, NO_NOT_READY),
    row(Talking, Ask(T::NotReady),         Always, Pend(T::NotReady, Asked)),
    row(Talking, Ask(T::Ready),           Leaving, NO_READY),
    row(Talking, Ask(T::Ready),            Always, Pend(T::Ready, Zero)),
    row(Talking, Ask(T::WorkNotReady),    Leaving, BAD_TRANSITION),
    row(Talking, Ask(T::WorkNotReady), WrapUpAllowed, Pend(T::WorkNotReady, Asked)),
    row(Talking, Ask(T::WorkReady),       Leaving, BAD_TRANSITION),
    row(Talking, Ask(T::WorkReady),    WrapUpAllowed, Pend(T::WorkReady, Zero)),
    row(Talking, Force(T::Logout),         Always, Pend(T::Logout, Asked)),
    row(Talking, Force(T::NotReady),      Leaving, NO_NOT_READY),
    row(Talking, Force(T::NotReady),       Always, Pend(T::NotReady, Asked)),
    row(Talking, Force(T::Ready),         Leaving, NO_READY),
    row(Talking, Force(T::Ready),          Always, Pend(T::Ready, Zero)),
    row(Talking, AllHeld,                  Always, Go(Hold, Zero)),
    row(Talking, CallsOver,               Leaving, Go(Logout, OfNext)),
    row(Talking, CallsOver, WrapUpThen(T::NotReady), Go(WorkNotReady, Zero)),
    row(Talking, CallsOver,    WrapUpThen(T::Ready), Go(WorkReady, Zero)),
    row(Talking, CallsOver,       Next(T::NotReady), Go(NotReady, OfNext)),
    row(Talking, CallsOver,          Next(T::Ready), Go(Ready, Zero)),
    row(Talking, DeviceLost,               Always, Pend(T::Logout, Code(DEVICE_LOST))),

    row(Hold, SignIn,                      Always, Keep),
    row(Hold, Ask(T::Logout),              Always, NO_OUT),
    row(Hold, Ask(T::NotReady),           Leaving, NO_NOT_READY),
    row(Hold, Ask(T::NotReady),            Always, Pend(T::NotReady, Asked)),
    row(Hold, Ask(T::Ready),              Leaving, NO_READY),
    row(Hold, Ask(T::Ready),               Always, Pend(T::Ready, Zero)),
    row(Hold, Ask(T::WorkNotReady),       Leaving, BAD_TRANSITION),
    row(Hold, Ask(T::WorkNotReady), WrapUpAllowed, Pend(T::WorkNotReady, Asked)),
    row(Hold, Ask(T::WorkReady),          Leaving, BAD_TRANSITION),
    row(Hold, Ask(T::WorkReady),    WrapUpAllowed, Pend(T::WorkReady, Zero)),
    row(Hold, Force(T::Logout),            Always, Pend(T::Logout, Asked)),
    row(Hold, Force(T::NotReady),         Leaving, NO_NOT_READY),
    row(Hold, Force(T::NotReady),          Always, Pend(T::NotReady, Asked)),
    row(Hold, Force(T::Ready),            Leaving, NO_READY),
    row(Hold, Force(T::Ready),             Always, Pend(T::Ready, Zero)),
    row(Hold, Connected,                   Always, Go(Talking, Zero)),
    row(Hold, CallsOver,                  Leaving, Go(Logout, OfNext)),
    row(Hold, CallsOver,    WrapUpThen(T::NotReady), Go(WorkNotReady, Zero)),
    row(Hold, CallsOver,       WrapUpThen(T::Ready), Go(WorkReady, Zero)),
    row(Hold, CallsOver,          Next(T::NotReady), Go(NotReady, OfNext)),
    row(Hold, CallsOver,             Next(T::Ready), Go(Ready, Zero)),
    row(Hold, DeviceLost,                  Always, Pend(T::Logout, Code(DEVICE_LOST))),

    row(WorkNotReady, SignIn,              Always, Keep),
    row(WorkNotReady, Ask(T::Logout),      Always, NO_OUT),
    row(WorkNotReady, Ask(T::NotReady),    Always, Go(NotReady, Asked)),
    row(WorkNotReady, Ask(T::Ready),       Always, Go(Ready, Zero)),
    row(WorkNotReady, Force(T::Logout),    Always, Go(Logout, Asked)),
    row(WorkNotReady, Force(T::NotReady),  Always, Go(NotReady, Asked)),
    row(WorkNotReady, Force(T::Ready),     Always, Go(Ready, Zero)),
    row(WorkNotReady, OffHook,             Always, Go(NotReady, Code(OFF_HOOK))),
    row(WorkNotReady, Connected,           Always, Go(Talking, Zero)),
    row(WorkNotReady, DeviceLost,          Always, Go(Logout, Code(DEVICE_LOST))),
    row(WorkNotReady, WorkTimer,           Always, Go(NotReady, OfNext)),

    row(WorkReady, SignIn,                 Always, Keep),
    row(WorkReady, Ask(T::Logout),         Always, NO_OUT),
    row(WorkReady, Ask(T::NotReady),       Always, Go(NotReady, Asked)),
    row(WorkReady, Ask(T::Ready),          Always, Go(Ready, Zero)),
    row(WorkReady, Force(T::Logout),       Always, Go(Logout, Asked)),
    row(WorkReady, Force(T::NotReady),     Always, Go(NotReady, Asked)),
    row(WorkReady, Force(T::Ready),        Always, Go(Ready, Zero)),
    row(WorkReady, OffHook,                Always, Go(NotReady, Code(OFF_HOOK))),
    row(WorkReady, Connected,              Always, Go(Talking, Zero)),
    row(WorkReady, DeviceLost,             Always, Go(Logout, Code(DEVICE_LOST))),
    row(WorkReady, WorkTimer,              Always, Go(Ready, Zero)),
];
