//! Who may ask about whom: the agent about itself, a supervisor about the own teams, an administrator about all
//! (finesse-api.md 1.2 and 3.4).

use crate::auth::Principal;
use crate::store::{Configuration, User};

use super::answer::Refusal;
use super::refusal;

/// In which role a user asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// About itself.
    Own,
    /// Of the team of the one in question.
    Supervisor,
    /// Of the system; may read.
    Administrator,
}

/// The user that a path names by id, and the role that the asking one has.
///
/// # Errors
/// Another user's path without the right to it; an unknown one, which only those with rights over others are told.
pub fn of<'a>(
    principal: &Principal,
    path_user: &str,
    configuration: &'a Configuration,
) -> Result<(&'a User, Role), Refusal> {
    let target = configuration.users.get(path_user);
    decide(principal, path_user, target, configuration)
}

/// As [`of`], and the path may hold the login name.
///
/// # Errors
/// As [`of`].
pub fn of_id_or_login_name<'a>(
    principal: &Principal,
    path_user: &str,
    configuration: &'a Configuration,
) -> Result<(&'a User, Role), Refusal> {
    let target = configuration.user(path_user);
    decide(principal, path_user, target, configuration)
}

fn decide<'a>(
    principal: &Principal,
    path_user: &str,
    target: Option<&'a User>,
    configuration: &Configuration,
) -> Result<(&'a User, Role), Refusal> {
    let has_rights = principal.administrator || principal.supervisor;
    let Some(target) = target else {
        return Err(if has_rights {
            refusal::user_not_found(path_user)
        } else {
            refusal::other_user(path_user)
        });
    };
    if *target.id == *principal.id {
        return Ok((target, Role::Own));
    }
    let supervises = configuration
        .supervised_by(&principal.id)
        .any(|team| team.id == target.team_id);
    if principal.supervisor && supervises {
        return Ok((target, Role::Supervisor));
    }
    if principal.administrator {
        return Ok((target, Role::Administrator));
    }
    Err(if principal.supervisor {
        refusal::invalid_supervisor(&principal.id)
    } else {
        refusal::other_user(path_user)
    })
}
