//! Teams: told unasked to those who supervise, listed and monitored on request.
//!
//! Reference ged188, 3.3 (128), 3.7 (133 to 138) and 5.2.

use tact_ged188::{
    AgentTeamConfigEvent, CallMask, Floats, ListAgentTeamConf, ListAgentTeamReq,
    MonitorAgentTeamStartConf, MonitorAgentTeamStartReq, MonitorAgentTeamStopConf,
    MonitorAgentTeamStopReq, Services, StatusCode, Tag, TeamOperation,
};

use crate::audience::{Watched, Wish};
use crate::config::TeamConfig;
use crate::directory::AgentIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::records::clip;
use crate::refusal::{Refusal, send};

/// Agents that one AGENT_TEAM_CONFIG_EVENT tells of.
const MAX_AGENTS: usize = 64;
/// Teams that one LIST_AGENT_TEAM_CONF tells of.
const MAX_TEAMS: usize = 64;
/// Longest team name in bytes, NUL included.
const TEAM_NAME_LEN: usize = 32;

/// AgentFlags of a member.
const MEMBER: u16 = 0;
/// AgentFlags of the first supervisor.
const PRIMARY_SUPERVISOR: u16 = 1;
/// AgentFlags of the other supervisors.
const SUPERVISOR: u16 = 4;

impl Acd {
    /// After OPEN_CONF: all teams to ALL_EVENTS with SUPERVISOR, own teams to a supervisor's client.
    pub(crate) fn push_teams(&self, now: i64, client: ClientId, out: &mut Vec<Output>) {
        let Some(session) = self.session(client) else {
            return;
        };
        let supervises = session.services.contains(Services::SUPERVISOR);
        if !supervises || !session.call_mask.contains(CallMask::AGENT_TEAM_CONFIG) {
            return;
        }
        if session.hears_all() {
            for team in &self.directory.config().teams {
                self.push_team(now, client, team, out);
            }
        } else if let Some(assigned) = session.assigned {
            let agent = assigned.agent.or_else(|| self.owner(assigned.device?));
            let Some(config) = agent.and_then(|agent| self.directory.agent(agent)) else {
                return;
            };
            for team in self.directory.supervised(&config.id) {
                self.push_team(now, client, team, out);
            }
        }
    }

    fn push_team(&self, now: i64, client: ClientId, team: &TeamConfig, out: &mut Vec<Output>) {
        let members = self
            .directory
            .team_members(team.id)
            .iter()
            .map(|index| (*index, MEMBER));
        let supervisors = team
            .supervisors
            .iter()
            .enumerate()
            .filter_map(|(place, id)| {
                let flags = if place == 0 {
                    PRIMARY_SUPERVISOR
                } else {
                    SUPERVISOR
                };
                Some((self.directory.agent_by_id(id)?, flags))
            });
        // A supervisor who is a member too is told as supervisor only.
        let everyone: Vec<(AgentIndex, u16)> = supervisors
            .chain(members.filter(|(index, _)| {
                let id = self.directory.agent(*index).map(|agent| agent.id.as_str());
                !team
                    .supervisors
                    .iter()
                    .any(|supervisor| Some(supervisor.as_str()) == id)
            }))
            .collect();
        if everyone.is_empty() {
            self.push_team_part(now, client, team, &[], out);
        }
        for part in everyone.chunks(MAX_AGENTS) {
            self.push_team_part(now, client, team, part, out);
        }
    }

    fn push_team_part(
        &self,
        now: i64,
        client: ClientId,
        team: &TeamConfig,
        part: &[(AgentIndex, u16)],
        out: &mut Vec<Output>,
    ) {
        let mut floats = Floats::new();
        floats.push_text(Tag::AGENT_TEAM_NAME, clip(&team.name, TEAM_NAME_LEN));
        let mut count: u16 = 0;
        for (index, flags) in part {
            let (Some(config), Some(agent)) =
                (self.directory.agent(*index), self.agents.get(index.0))
            else {
                continue;
            };
            floats.push_text(Tag::ATC_AGENT_ID, &config.id);
            floats.push_u16(Tag::AGENT_FLAGS, *flags);
            floats.push_u16(Tag::ATC_AGENT_STATE, agent.state.0);
            floats.push_u32(Tag::ATC_STATE_DURATION, agent.duration(now));
            count = count.saturating_add(1);
        }
        send(
            out,
            client,
            AgentTeamConfigEvent {
                peripheral_id: self.directory.config().peripheral_id,
                team_id: team.id,
                number_of_agents: count,
                config_operation: TeamOperation::ADD,
                floats,
                ..Default::default()
            },
        );
    }

    /// LIST_AGENT_TEAM_REQ: the teams of a supervisor, by skill target id, in segments.
    pub(crate) fn list_agent_team(
        &self,
        client: ClientId,
        request: &ListAgentTeamReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let supervisor = self
            .directory
            .agent_by_icm_id(request.supervisor_id)
            .and_then(|index| self.directory.agent(index))
            .ok_or(StatusCode::SUPERVISOR_NOT_FOUND)?;
        let teams: Vec<u32> = self
            .directory
            .supervised(&supervisor.id)
            .map(|team| team.id)
            .collect();
        let mut segments: Vec<&[u32]> = teams.chunks(MAX_TEAMS).collect();
        if segments.is_empty() {
            segments.push(&[]);
        }
        let last = segments.len().saturating_sub(1);
        for (place, segment) in segments.into_iter().enumerate() {
            let mut floats = Floats::new();
            for team in segment {
                floats.push_u32(Tag::LIST_TEAM_ID, *team);
            }
            send(
                out,
                client,
                ListAgentTeamConf {
                    invoke_id: request.invoke_id,
                    number_of_agent_teams: u16::try_from(segment.len()).unwrap_or(u16::MAX),
                    segment_number: u16::try_from(place + 1).unwrap_or(u16::MAX),
                    more: u16::from(place < last),
                    floats,
                },
            );
        }
        Ok(())
    }

    /// MONITOR_AGENT_TEAM_START_REQ: the events of a team's agents under a MonitorID.
    pub(crate) fn monitor_team_start(
        &mut self,
        client: ClientId,
        request: &MonitorAgentTeamStartReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let known = self.directory.team(request.team_id).is_some();
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        if !session.services.contains(Services::SUPERVISOR) {
            return Err(StatusCode::FUNCTION_NOT_AVAILABLE.into());
        }
        if !known {
            return Err(StatusCode::TEAM_NOT_FOUND.into());
        }
        let watched = Watched::Team(request.team_id);
        let wish = Wish {
            calls: CallMask::NONE,
            states: session.state_mask,
        };
        if self
            .audience
            .monitors_of(client)
            .any(|(_, other)| other == watched)
        {
            return Err(StatusCode::AGENT_TEAM_MONITOR_ALREADY_EXISTS.into());
        }
        let monitor_id = self
            .audience
            .start(client, watched, wish)
            .ok_or(StatusCode::UNSPECIFIED_FAILURE)?;
        send(
            out,
            client,
            MonitorAgentTeamStartConf {
                invoke_id: request.invoke_id,
                monitor_id,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// MONITOR_AGENT_TEAM_STOP_REQ.
    pub(crate) fn monitor_team_stop(
        &mut self,
        client: ClientId,
        request: &MonitorAgentTeamStopReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        match self.audience.monitor(client, request.monitor_id) {
            Some(Watched::Team(_)) => self.audience.stop(client, request.monitor_id),
            _ => return Err(StatusCode::INVALID_MONITORID.into()),
        };
        send(
            out,
            client,
            MonitorAgentTeamStopConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        Ok(())
    }
}
