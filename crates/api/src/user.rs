//! User: an agent's state as REST and notifications show it, and the bodies that ask to change it
//! (finesse-api.md 2.2, 2.3). The element order is the alphabetical one of the real wire.

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};
use crate::reason_code::ReasonCode;
use crate::system_info::read_time;
use crate::team::Team;
use crate::timestamp;

/// An agent or supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    /// URI of the dialogs.
    pub dialogs: String,
    /// Empty when signed out.
    pub extension: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The agent id.
    pub login_id: String,
    /// The login name.
    pub login_name: String,
    /// The media routing domain, 1 for voice; `None` leaves the element out.
    pub media_type: Option<u32>,
    /// Only for a mobile agent; its mere presence means one.
    pub mobile_agent: Option<MobileAgent>,
    /// The state to be entered next; empty when none is pending.
    pub pending_state: String,
    /// The reason code in force, when it is a known one.
    pub reason_code: Option<ReasonCode>,
    /// How the reason code is spelt when written.
    pub reason_code_spelling: ReasonCodeSpelling,
    /// Database id of the reason code, -1 for none or an unknown one; `None` leaves the element out.
    pub reason_code_id: Option<i64>,
    /// `Agent`, `Supervisor`.
    pub roles: Vec<String>,
    /// Desk settings; always present.
    pub settings: Settings,
    /// The agent on the CTI wire; `None` leaves the element out.
    pub skill_target_id: Option<u32>,
    /// `LOGOUT`, `NOT_READY`, `READY`, ...
    pub state: String,
    /// When the state began, milliseconds since 1970; `None` before the first state from CTI.
    pub state_change_time: Option<i64>,
    /// The team; `None` leaves an empty element.
    pub team_id: Option<u32>,
    /// The team's name.
    pub team_name: String,
    /// The supervised teams; only written for a supervisor.
    pub teams: Option<Vec<Team>>,
    /// `/finesse/api/User/{loginId}`.
    pub uri: String,
}

/// `ReasonCode` or `reasonCode` inside User: the sources differ from release to release, so it is a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReasonCodeSpelling {
    /// Both elements, which every client seen accepts.
    #[default]
    Both,
    /// `ReasonCode` only.
    Upper,
    /// `reasonCode` only.
    Lower,
}

/// How a mobile agent is reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MobileAgent {
    /// `CALL_BY_CALL` or `NAILED_CONNECTION`.
    pub mode: String,
    /// The number to dial.
    pub dial_number: String,
}

/// Desk settings of an agent; empty until sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// `REQUIRED`, `REQUIRED_WITH_WRAP_UP_DATA`, `OPTIONAL`, `NOT_ALLOWED`, or empty.
    pub wrap_up_on_incoming: String,
    /// As incoming.
    pub wrap_up_on_outgoing: String,
    /// How long wrap-up may last, in seconds; `None` when nothing ends it.
    pub wrap_up_timer: Option<u32>,
}

impl User {
    /// `/finesse/api/User/{id}`.
    pub fn uri_of(id: &str) -> String {
        format!("/finesse/api/User/{id}")
    }
}

impl Document for User {
    const NAME: &'static str = "User";

    fn write(&self, out: &mut dyn Writer) {
        out.text("dialogs", &self.dialogs);
        out.text("extension", &self.extension);
        out.text("firstName", &self.first_name);
        out.text("lastName", &self.last_name);
        out.text("loginId", &self.login_id);
        out.text("loginName", &self.login_name);
        if let Some(media) = self.media_type {
            out.number("mediaType", media.into());
        }
        if let Some(mobile) = &self.mobile_agent {
            mobile.write_as("mobileAgent", out);
        }
        out.text("pendingState", &self.pending_state);
        write_reason_codes(self, out);
        if let Some(id) = self.reason_code_id {
            out.number("reasonCodeId", id);
        }
        out.start("roles");
        out.list("role");
        for role in &self.roles {
            out.text("role", role);
        }
        out.list_end();
        out.end("roles");
        out.start("settings");
        out.text("wrapUpOnIncoming", &self.settings.wrap_up_on_incoming);
        out.text("wrapUpOnOutgoing", &self.settings.wrap_up_on_outgoing);
        if let Some(seconds) = self.settings.wrap_up_timer {
            out.number("wrapUpTimer", seconds.into());
        }
        out.end("settings");
        if let Some(id) = self.skill_target_id {
            out.number("skillTargetId", id.into());
        }
        out.text("state", &self.state);
        write_time(out, "stateChangeTime", self.state_change_time);
        out.number_or_empty("teamId", self.team_id);
        out.text("teamName", &self.team_name);
        if let Some(teams) = &self.teams {
            write_teams(teams, out);
        }
        out.text("uri", &self.uri);
    }

    fn read(root: &Element) -> Result<User, ReadError> {
        let (upper, lower) = (root.child("ReasonCode"), root.child("reasonCode"));
        let settings = root.child("settings");
        let setting = |name| settings.map(|all| all.string_of(name)).unwrap_or_default();
        Ok(User {
            dialogs: root.string_of("dialogs"),
            extension: root.string_of("extension"),
            first_name: root.string_of("firstName"),
            last_name: root.string_of("lastName"),
            login_id: root.string_of("loginId"),
            login_name: root.string_of("loginName"),
            media_type: root.value_of("mediaType")?,
            mobile_agent: root
                .child("mobileAgent")
                .map(MobileAgent::read)
                .transpose()?,
            pending_state: root.string_of("pendingState"),
            reason_code: upper.or(lower).map(ReasonCode::read).transpose()?,
            reason_code_spelling: match (upper, lower) {
                (Some(_), None) => ReasonCodeSpelling::Upper,
                (None, Some(_)) => ReasonCodeSpelling::Lower,
                _ => ReasonCodeSpelling::Both,
            },
            reason_code_id: root.value_of("reasonCodeId")?,
            roles: root
                .child("roles")
                .iter()
                .flat_map(|roles| roles.children("role"))
                .map(|role| role.trimmed().to_owned())
                .collect(),
            settings: Settings {
                wrap_up_on_incoming: setting("wrapUpOnIncoming"),
                wrap_up_on_outgoing: setting("wrapUpOnOutgoing"),
                wrap_up_timer: match settings {
                    Some(all) => all.value_of("wrapUpTimer")?,
                    None => None,
                },
            },
            skill_target_id: root.value_of("skillTargetId")?,
            state: root.string_of("state"),
            state_change_time: read_time(root, "stateChangeTime")?,
            team_id: root.value_of("teamId")?,
            team_name: root.string_of("teamName"),
            teams: root.child("teams").map(read_teams).transpose()?,
            uri: root.string_of("uri"),
        })
    }
}

fn write_reason_codes(user: &User, out: &mut dyn Writer) {
    let Some(code) = &user.reason_code else {
        return;
    };
    if user.reason_code_spelling != ReasonCodeSpelling::Upper {
        code.write_as("reasonCode", out);
    }
    if user.reason_code_spelling != ReasonCodeSpelling::Lower {
        code.write_as("ReasonCode", out);
    }
}

fn write_time(out: &mut dyn Writer, name: &str, time: Option<i64>) {
    out.text(name, &time.map(timestamp::format).unwrap_or_default());
}

fn write_teams(teams: &[Team], out: &mut dyn Writer) {
    out.start("teams");
    out.list("Team");
    for team in teams {
        team.write_as("Team", out);
    }
    out.list_end();
    out.end("teams");
}

fn read_teams(teams: &Element) -> Result<Vec<Team>, ReadError> {
    teams.children("Team").map(Team::read).collect()
}

impl Document for MobileAgent {
    const NAME: &'static str = "MobileAgent";

    fn write(&self, out: &mut dyn Writer) {
        out.text("dialNumber", &self.dial_number);
        out.text("mode", &self.mode);
    }

    fn read(root: &Element) -> Result<MobileAgent, ReadError> {
        Ok(MobileAgent {
            mode: root.string_of("mode"),
            dial_number: root.string_of("dialNumber"),
        })
    }
}

/// A team member as the team's users and its notifications show it (finesse-api.md 2.9, 5.4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserSummary {
    /// URI of the dialogs.
    pub dialogs: String,
    /// Empty when signed out.
    pub extension: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The agent id.
    pub login_id: String,
    /// The state to be entered next; empty when none is pending.
    pub pending_state: String,
    /// The reason code in force, when it is a known one.
    pub reason_code: Option<ReasonCode>,
    /// `LOGOUT`, `NOT_READY`, `READY`, ...
    pub state: String,
    /// When the state began, milliseconds since 1970.
    pub state_change_time: Option<i64>,
    /// `/finesse/api/User/{loginId}`.
    pub uri: String,
}

impl From<User> for UserSummary {
    fn from(user: User) -> UserSummary {
        UserSummary {
            dialogs: user.dialogs,
            extension: user.extension,
            first_name: user.first_name,
            last_name: user.last_name,
            login_id: user.login_id,
            pending_state: user.pending_state,
            reason_code: user.reason_code,
            state: user.state,
            state_change_time: user.state_change_time,
            uri: user.uri,
        }
    }
}

impl Document for UserSummary {
    const NAME: &'static str = "User";

    fn write(&self, out: &mut dyn Writer) {
        out.text("dialogs", &self.dialogs);
        out.text("extension", &self.extension);
        out.text("firstName", &self.first_name);
        out.text("lastName", &self.last_name);
        out.text("loginId", &self.login_id);
        out.text("pendingState", &self.pending_state);
        if let Some(code) = &self.reason_code {
            code.write_as("reasonCode", out);
            code.write_as("ReasonCode", out);
        }
        out.text("state", &self.state);
        write_time(out, "stateChangeTime", self.state_change_time);
        out.text("uri", &self.uri);
    }

    fn read(root: &Element) -> Result<UserSummary, ReadError> {
        User::read(root).map(UserSummary::from)
    }
}

/// The body of `PUT User/{id}`: what is absent or empty in it is `None`. Values are not judged here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserPut {
    /// `LOGIN`, `LOGOUT`, `READY`, `NOT_READY`.
    pub state: Option<String>,
    /// Where to sign in.
    pub extension: Option<String>,
    /// Database id of a reason code.
    pub reason_code_id: Option<String>,
    /// Signs in as a mobile agent; its parts may be empty.
    pub mobile_agent: Option<MobileAgent>,
}

impl Document for UserPut {
    const NAME: &'static str = "User";

    fn write(&self, out: &mut dyn Writer) {
        let mut text = |name, value: &Option<String>| {
            if let Some(value) = value {
                out.text(name, value);
            }
        };
        text("state", &self.state);
        text("extension", &self.extension);
        text("reasonCodeId", &self.reason_code_id);
        if let Some(mobile) = &self.mobile_agent {
            mobile.write_as("mobileAgent", out);
        }
    }

    fn read(root: &Element) -> Result<UserPut, ReadError> {
        let text = |name| root.text_of(name).map(str::to_owned);
        Ok(UserPut {
            state: text("state"),
            extension: text("extension"),
            reason_code_id: text("reasonCodeId"),
            mobile_agent: root
                .child("mobileAgent")
                .map(MobileAgent::read)
                .transpose()?,
        })
    }
}
