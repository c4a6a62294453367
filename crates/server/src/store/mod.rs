//! The configuration database. Only this module holds SQL; every statement runs unchanged on SQLite and PostgreSQL.

use std::collections::BTreeMap;

/// All configuration, loaded at start and swapped whole after a change.
#[derive(Debug, Clone, Default)]
pub struct Configuration {
    /// Users by id.
    pub users: BTreeMap<String, User>,
    /// Teams by id.
    pub teams: BTreeMap<u32, Team>,
    /// Skill groups by peripheral number.
    pub skill_groups: BTreeMap<u32, SkillGroup>,
    /// The extensions that a phone exists for.
    pub extensions: Vec<String>,
    /// NOT_READY and LOGOUT reason codes by database id.
    pub reason_codes: BTreeMap<u32, ReasonCode>,
    /// Phone books by database id.
    pub phone_books: BTreeMap<u32, PhoneBook>,
}

/// A person who signs in.
#[derive(Debug, Clone)]
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
}

/// A team.
#[derive(Debug, Clone)]
pub struct Team {
    /// `teamId` on the wire.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Ids of the users who supervise it.
    pub supervisors: Vec<String>,
}

/// A skill group (queue).
#[derive(Debug, Clone)]
pub struct SkillGroup {
    /// PeripheralNumber.
    pub number: u32,
    /// SkillGroupSkillTargetID.
    pub id: u32,
    /// PeripheralName.
    pub name: String,
}

/// A reason code of the desktop.
#[derive(Debug, Clone)]
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

/// A phone book.
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone)]
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
