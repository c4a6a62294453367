//! The acd's configuration out of the store.

use tact_acd::Config;
use tact_acd::config::{
    AgentConfig, DeskSettings, RemoteAgent, SkillGroupConfig, TeamConfig, UNSET,
};
use tact_ged188::DeskSettingsMask;

use crate::store::{self, Configuration};

/// The centre that the store describes, as one peripheral. Administrators who supervise nobody are no agents.
pub fn config(configuration: &Configuration, peripheral_id: u32) -> Config {
    let agents = configuration
        .users
        .values()
        .filter(|user| user.supervisor || !user.administrator)
        .map(|user| AgentConfig {
            id: user.id.clone(),
            login_name: user.login_name.clone(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            icm_agent_id: user.skill_target_id,
            supervisor: user.supervisor,
            team_id: Some(user.team_id),
            skill_groups: user.skill_groups.clone(),
            attributes: user.attributes.clone(),
            desk_settings: user.desk_settings_id,
        })
        .collect();
    let teams = configuration
        .teams
        .values()
        .map(|team| TeamConfig {
            id: team.id,
            name: team.name.clone(),
            supervisors: team.supervisors.clone(),
        })
        .collect();
    let skill_groups = configuration
        .skill_groups
        .values()
        .map(|group| SkillGroupConfig {
            number: group.number,
            id: group.id,
            name: group.name.clone(),
        })
        .collect();
    let settings = configuration.desk_settings.values();
    Config {
        agents,
        teams,
        skill_groups,
        attributes: configuration.attributes.values().cloned().collect(),
        precision_queues: configuration.precision_queues.values().cloned().collect(),
        routes: configuration.routes.values().cloned().collect(),
        extensions: configuration.extensions.clone(),
        desk_settings: settings.map(desk_settings).collect(),
        default_desk_settings: configuration
            .desk_settings
            .keys()
            .next()
            .copied()
            .unwrap_or(0),
        ..Config::new(peripheral_id)
    }
}

/// The store says 0 where the wire says that a number is not set.
fn desk_settings(settings: &store::DeskSettings) -> DeskSettings {
    let seconds = |seconds: u32| if seconds == 0 { UNSET } else { seconds };
    let mut mask = DeskSettings::default().mask;
    if settings.not_ready_reason_required {
        mask |= DeskSettingsMask::IDLE_REASON_REQUIRED;
    }
    if settings.logout_reason_required {
        mask |= DeskSettingsMask::LOGOUT_REASON_REQUIRED;
    }
    DeskSettings {
        id: settings.id,
        mask,
        wrapup_incoming: settings.wrap_up_incoming,
        wrapup_outgoing: settings.wrap_up_outgoing,
        logout_non_activity_time: seconds(settings.logout_non_activity_s),
        ring_no_answer_time: seconds(settings.ring_no_answer_s),
        work_mode_timer: seconds(settings.work_mode_timer_s),
        remote_agent: match settings.remote_agent {
            1 => RemoteAgent::CallByCall,
            2 => RemoteAgent::Nailed,
            3 => RemoteAgent::Either,
            _ => RemoteAgent::NotAllowed,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_centre_is_what_the_store_says() {
        let user = |id: &str, supervisor, administrator| store::User {
            id: id.into(),
            login_name: format!("user{id}"),
            first_name: "First".into(),
            last_name: "Last".into(),
            team_id: 5000,
            supervisor,
            administrator,
            extension: "3001".into(),
            skill_target_id: 5001,
            skill_groups: vec![101],
            attributes: Vec::new(),
            desk_settings_id: 7,
        };
        let users = [
            user("2001", false, false),
            user("2100", true, true),
            user("admin", false, true),
        ];
        let settings = store::DeskSettings {
            id: 7,
            work_mode_timer_s: 30,
            ring_no_answer_s: 0,
            not_ready_reason_required: true,
            logout_reason_required: false,
            ..store::DeskSettings::default()
        };
        let configuration = Configuration {
            users: users
                .into_iter()
                .map(|user| (user.id.clone(), user))
                .collect(),
            desk_settings: BTreeMap::from([(7, settings)]),
            extensions: vec!["3001".into()],
            ..Configuration::default()
        };
        let config = config(&configuration, 5000);
        let ids: Vec<_> = config
            .agents
            .iter()
            .map(|agent| agent.id.as_str())
            .collect();
        assert_eq!(ids, ["2001", "2100"]);
        assert_eq!(
            (config.peripheral_id, config.default_desk_settings),
            (5000, 7)
        );
        assert_eq!(config.agents[0].team_id, Some(5000));
        let settings = config.desk_settings[0];
        assert!(
            settings
                .mask
                .contains(DeskSettingsMask::IDLE_REASON_REQUIRED)
        );
        assert!(
            !settings
                .mask
                .contains(DeskSettingsMask::LOGOUT_REASON_REQUIRED)
        );
        assert_eq!(
            (settings.work_mode_timer, settings.ring_no_answer_time),
            (30, UNSET)
        );
    }
}
