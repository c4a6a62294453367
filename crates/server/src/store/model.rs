//! What the configuration holds, as values. Knows nothing of SQL.

use std::collections::BTreeMap;

pub use tact_api::SignOut;

use tact_acd::config::{AgentAttribute, AttributeConfig, PrecisionQueueConfig, RouteConfig};

/// All configuration, loaded at start and swapped whole after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Users by id.
    pub users: BTreeMap<String, User>,
    /// User ids by login name; [`Configuration::index`] builds it from `users`.
    pub login_names: BTreeMap<String, String>,
    /// Teams by id.
    pub teams: BTreeMap<u32, Team>,
    /// Skill groups by peripheral number.
    pub skill_groups: BTreeMap<u32, SkillGroup>,
    /// What agents can have or know, by id.
    pub attributes: BTreeMap<u32, AttributeConfig>,
    /// Queues by attributes, by number.
    pub precision_queues: BTreeMap<u32, PrecisionQueueConfig>,
    /// Where calls go, by dialled number.
    pub routes: BTreeMap<String, RouteConfig>,
    /// The extensions that a phone exists for.
    pub extensions: Vec<String>,
    /// NOT_READY and LOGOUT reason codes by database id.
    pub reason_codes: BTreeMap<u32, ReasonCode>,
    /// Wrap-up reasons by database id.
    pub wrap_up_reasons: BTreeMap<u32, WrapUpReason>,
    /// Phone books by database id.
    pub phone_books: BTreeMap<u32, PhoneBook>,
    /// Desk settings by database id.
    pub desk_settings: BTreeMap<u32, DeskSettings>,
}

impl Configuration {
    /// Builds `login_names` anew from `users`.
    pub fn index(&mut self) {
        self.login_names = self
            .users
            .values()
            .map(|user| (user.login_name.clone(), user.id.clone()))
            .collect();
    }

    /// The user with this id or, where no id matches, with this login name. Both are case-sensitive.
    pub fn user(&self, id_or_login_name: &str) -> Option<&User> {
        self.users.get(id_or_login_name).or_else(|| {
            self.login_names
                .get(id_or_login_name)
                .and_then(|id| self.users.get(id))
        })
    }

    /// The reason codes of `category` that an agent of `team` may choose, by database id. System codes are not among them.
    pub fn reason_codes_for(
        &self,
        team: u32,
        category: ReasonCategory,
    ) -> impl Iterator<Item = &ReasonCode> {
        self.reason_codes.values().filter(move |code| {
            code.category == category
                && !code.system_code
                && (code.for_all || code.teams.contains(&team))
        })
    }

    /// The wrap-up reasons that an agent of `team` may choose: those for all first, then its own, each by database id.
    pub fn wrap_up_reasons_for(&self, team: u32) -> impl Iterator<Item = &WrapUpReason> {
        let all = self.wrap_up_reasons.values();
        let global = all.clone().filter(|reason| reason.for_all);
        let own = all.filter(move |reason| !reason.for_all && reason.teams.contains(&team));
        global.chain(own)
    }

    /// The phone books of `team`: global ones first, then its own, each by database id.
    pub fn phone_books_for(&self, team: u32) -> impl Iterator<Item = &PhoneBook> {
        let global = self
            .phone_books
            .values()
            .filter(|book| book.teams.is_none());
        let own = self.phone_books.values().filter(move |book| {
            book.teams
                .as_ref()
                .is_some_and(|teams| teams.contains(&team))
        });
        global.chain(own)
    }

    /// The teams that `user` supervises, by id.
    pub fn supervised_by<'a>(&'a self, user: &'a str) -> impl Iterator<Item = &'a Team> {
        self.teams
            .values()
            .filter(move |team| team.supervisors.iter().any(|id| id == user))
    }

    /// The desk settings of `user`; the defaults where its settings are gone.
    pub fn desk_settings_of(&self, user: &User) -> DeskSettings {
        self.desk_settings
            .get(&user.desk_settings_id)
            .cloned()
            .unwrap_or_default()
    }
}

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The agent id, `loginId` on the wire.
    pub id: String,
    /// `loginName` on the wire.
    pub login_name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The team that the user belongs to.
    pub team_id: u32,
    /// True for a supervisor, who is also an agent.
    pub supervisor: bool,
    /// True for an administrator.
    pub administrator: bool,
    /// The extension that the demo gives the user; any configured one is accepted.
    pub extension: String,
    /// `SkillTargetID` on the CTI wire.
    pub skill_target_id: u32,
    /// Peripheral numbers of the skill groups, in order.
    pub skill_groups: Vec<u32>,
    /// What the user has or knows, by attribute id.
    pub attributes: Vec<AgentAttribute>,
    /// The desk settings that the user works under.
    pub desk_settings_id: u32,
}

/// How a group of agents works; the words and numbers are those of AGENT_DESK_SETTINGS_CONF (message 132).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSettings {
    /// The database id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// WrapupDataIncomingMode: 0 required, 1 optional, 2 not allowed, 3 required with data.
    pub wrap_up_incoming: u32,
    /// WrapupDataOutgoingMode: 0 required, 1 optional, 2 not allowed.
    pub wrap_up_outgoing: u32,
    /// WorkModeTimer: seconds after which wrap-up ends by itself; 0 is never.
    pub work_mode_timer_s: u32,
    /// RingNoAnswerTime: seconds that an offered call rings; 0 is for ever.
    pub ring_no_answer_s: u32,
    /// LogoutNonActivityTime: seconds in NOT_READY after which the agent is signed out; 0 is never.
    pub logout_non_activity_s: u32,
    /// True when NOT_READY needs a reason code.
    pub not_ready_reason_required: bool,
    /// True when signing out needs a reason code.
    pub logout_reason_required: bool,
    /// Whether agents may work at a phone beyond the trunk: 0 no, 1 call by call, 2 with a nailed connection, 3 as they
    /// choose.
    pub remote_agent: u32,
}

impl Default for DeskSettings {
    /// Wrap-up optional on incoming calls and not allowed on outgoing ones, no timers, reasons required.
    fn default() -> DeskSettings {
        DeskSettings {
            id: 0,
            name: String::new(),
            wrap_up_incoming: 1,
            wrap_up_outgoing: 2,
            work_mode_timer_s: 0,
            ring_no_answer_s: 0,
            logout_non_activity_s: 0,
            not_ready_reason_required: true,
            logout_reason_required: true,
            remote_agent: 0,
        }
    }
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// `teamId` on the wire.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Ids of the users who supervise it.
    pub supervisors: Vec<String>,
}

/// A skill group (queue).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillGroup {
    /// PeripheralNumber.
    pub number: u32,
    /// SkillGroupSkillTargetID.
    pub id: u32,
    /// PeripheralName.
    pub name: String,
}

/// A reason code of the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonCode {
    /// The database id, `reasonCodeId` on the wire.
    pub id: u32,
    /// NOT_READY or LOGOUT.
    pub category: ReasonCategory,
    /// The code that travels on the CTI wire.
    pub code: u16,
    /// What the agent reads.
    pub label: String,
    /// True when every team has it.
    pub for_all: bool,
    /// True for a code that the system sets.
    pub system_code: bool,
    /// Teams that have it when it is not for all.
    pub teams: Vec<u32>,
}

/// The category of a reason code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonCategory {
    /// Why an agent is not ready.
    NotReady,
    /// Why an agent signed out.
    Logout,
}

impl ReasonCategory {
    /// `NOT_READY` or `LOGOUT`, on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ReasonCategory::NotReady => "NOT_READY",
            ReasonCategory::Logout => "LOGOUT",
        }
    }

    /// The category with this wire name.
    pub fn from_wire(name: &str) -> Option<ReasonCategory> {
        match name {
            "NOT_READY" => Some(ReasonCategory::NotReady),
            "LOGOUT" => Some(ReasonCategory::Logout),
            _ => None,
        }
    }
}

/// A wrap-up reason: what an agent may write down about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrapUpReason {
    /// The database id.
    pub id: u32,
    /// What the agent reads, at most 39 bytes.
    pub label: String,
    /// True when every team has it.
    pub for_all: bool,
    /// Teams that have it when it is not for all.
    pub teams: Vec<u32>,
}

/// A phone book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneBook {
    /// The database id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// `None` is GLOBAL; otherwise the teams that have it.
    pub teams: Option<Vec<u32>>,
    /// Its contacts in order.
    pub contacts: Vec<Contact>,
}

/// An entry of a phone book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The database id.
    pub id: u32,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// 1 to 32 characters.
    pub phone_number: String,
    /// At most 128 characters.
    pub description: String,
}

/// Something that the desk wants remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Whether the node's next start has to expect an agent back.
    Watched {
        /// Agent id.
        agent: String,
        /// Whether it is so.
        watched: bool,
    },
    /// An agent was signed out.
    SignedOut {
        /// Agent id.
        agent: String,
        /// When and why.
        sign_out: SignOut,
    },
}
