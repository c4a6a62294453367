//! Teams: by name, and with who is in them (finesse-api.md 2.9).

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};
use crate::user::UserSummary;

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Team {
    /// The team's id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Its members; `None` where only the team is named.
    pub users: Option<Vec<UserSummary>>,
}

/// The teams of the system.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Teams {
    /// By id.
    pub teams: Vec<Team>,
}

impl Document for Team {
    const NAME: &'static str = "Team";

    fn write(&self, out: &mut dyn Writer) {
        out.number("id", self.id.into());
        out.text("name", &self.name);
        out.text("uri", &format!("/finesse/api/Team/{}", self.id));
        if let Some(users) = &self.users {
            out.start("users");
            out.list("User");
            for user in users {
                user.write_as("User", out);
            }
            out.list_end();
            out.end("users");
        }
    }

    fn read(root: &Element) -> Result<Team, ReadError> {
        let users = |all: &Element| all.children("User").map(UserSummary::read).collect();
        Ok(Team {
            id: root.value_of("id")?.unwrap_or_default(),
            name: root.string_of("name"),
            users: root.child("users").map(users).transpose()?,
        })
    }
}

impl Document for Teams {
    const NAME: &'static str = "Teams";

    fn write(&self, out: &mut dyn Writer) {
        out.list("Team");
        for team in &self.teams {
            team.write_as("Team", out);
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<Teams, ReadError> {
        let teams = root.children("Team").map(Team::read);
        Ok(Teams {
            teams: teams.collect::<Result<_, _>>()?,
        })
    }
}
