//! AGENT_TEAM_CONFIG_EVENT: who is in which team, and who supervises it.
//!
//! Sent unasked behind OPEN_CONF to sessions with SUPERVISOR service, and at every change.
//! Reference section 3.3, message 128.

use tact_ged188::{AgentState, AgentTeamConfigEvent, Tag, TeamOperation, number, text};

use crate::query::Ask;
use crate::session::Phase;
use crate::{Desk, Note, Output};

/// AgentFlags: the team's first supervisor, and a further one. Anything else is a member.
const PRIMARY_SUPERVISOR: u32 = 1;
const SUPERVISOR: u32 = 4;
/// AgentFlags: a member for now.
const TEMPORARY: u32 = 2;

/// One agent of the message.
#[derive(Debug)]
struct Member {
    id: String,
    flags: u32,
    state: Option<AgentState>,
    seconds: Option<u32>,
}

impl Desk {
    pub(crate) fn team_configuration(
        &mut self,
        now: i64,
        event: &AgentTeamConfigEvent,
        out: &mut Vec<Output>,
    ) {
        if event.peripheral_id != self.config.peripheral_id {
            return;
        }
        let team = event.team_id;
        let name = event.floats.text(Tag::AGENT_TEAM_NAME).unwrap_or_default();
        let known = self.directory.teams.entry(team).or_default();
        let renamed = !name.is_empty() && *known != name;
        if renamed {
            *known = name.into_owned();
        }
        let mut touched = Vec::new();
        if event.config_operation == TeamOperation::RESTORE_PERMANENT_CONFIGURATION {
            // What is listed is all there is.
            for entry in self.directory.iter_mut() {
                if entry.member_of.remove(&team) | entry.supervises.remove(&team) {
                    touched.push(entry.agent.id.clone());
                }
            }
        }
        let adds = event.config_operation != TeamOperation::REMOVE;
        for member in members(event) {
            let is_new = self.directory.get(&member.id).is_none();
            if is_new && !adds {
                continue;
            }
            let Some(entry) = self.directory.entry(&member.id) else {
                out.push(Output::Note(Note::TooManyAgents));
                break;
            };
            entry.named = true;
            let teams = if member.flags & (PRIMARY_SUPERVISOR | SUPERVISOR) != 0
                && member.flags & TEMPORARY == 0
            {
                &mut entry.supervises
            } else {
                &mut entry.member_of
            };
            if adds {
                teams.insert(team);
            } else {
                teams.remove(&team);
            }
            if let (Some(state), Some(seconds)) = (member.state, member.seconds) {
                entry.hint = Some((
                    state,
                    now.saturating_sub(i64::from(seconds).saturating_mul(1000)),
                ));
            }
            if is_new && matches!(self.session.phase, Phase::Querying | Phase::Ready) {
                self.ask(now, Ask::State(member.id.clone()), out);
            }
            touched.push(member.id);
        }
        if renamed {
            self.directory.refresh_all_teams();
        } else {
            for id in &touched {
                self.directory.refresh_teams(id);
            }
        }
    }
}

/// The groups of floats 86, 87, 88 and 89; 86 begins each.
fn members(event: &AgentTeamConfigEvent) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for (tag, value) in &event.floats {
        if tag == Tag::ATC_AGENT_ID {
            members.push(Member {
                id: text(value).into_owned(),
                flags: 0,
                state: None,
                seconds: None,
            });
        }
        let Some(member) = members.last_mut() else {
            continue;
        };
        match tag {
            Tag::AGENT_FLAGS => member.flags = number(value).unwrap_or_default(),
            Tag::ATC_AGENT_STATE => {
                member.state = number(value)
                    .and_then(|state| u16::try_from(state).ok())
                    .map(AgentState);
            }
            Tag::ATC_STATE_DURATION => member.seconds = number(value),
            _ => {}
        }
    }
    members.retain(|member| !member.id.is_empty());
    members
}
