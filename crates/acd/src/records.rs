//! How one configuration record is spelt, by protocol version.
//!
//! The order of a record's fields is that of a real server. Reference ged188, 3.10 and 1.6.

use tact_ged188::{Floats, Protocol, RecordType, Tag};

use crate::agent::VOICE;
use crate::config::{
    AgentConfig, Config, DeskSettings, PrecisionQueueConfig, RouteConfig, SkillGroupConfig,
};

/// Longest LoginName in bytes, NUL included, before protocol 20.
const SHORT_LOGIN_NAME_LEN: usize = 32;
/// The same from 20 on.
const LOGIN_NAME_LEN: usize = 255;
/// Longest first or last name.
const NAME_LEN: usize = 32;
/// Longest skill group name.
const PERIPHERAL_NAME_LEN: usize = 64;
/// Longest extension.
const EXTENSION_LEN: usize = 16;
/// Longest precision queue name.
const PRECISION_QUEUE_NAME_LEN: usize = 32;
/// First version that tells precision queues from skill groups.
const PRECISION_QUEUES_SINCE: u32 = 22;
/// Longest dialled number.
const DIALED_NUMBER_LEN: usize = 40;
/// Skills of one agent's record.
const MAX_SKILLS: usize = 100;
/// AgentType of an agent and of a supervisor.
const AGENT: u16 = 1;
const SUPERVISOR: u16 = 2;
/// DeviceType of an agent's phone.
const AGENT_DEVICE: u16 = 4;
/// DeviceType of a dialled number with a route.
const ROUTE_POINT: u16 = 5;
/// Name of the voice domain.
const VOICE_NAME: &str = "Cisco_Voice";

/// A record that adds something.
fn record() -> Floats {
    Floats::new().with_u16(Tag::RECORD_TYPE, RecordType::ADD.0)
}

/// CONFIG_SKILL_GROUP_EVENT.
pub(crate) fn skill_group(config: &Config, group: &SkillGroupConfig) -> Floats {
    record()
        .with_u32(Tag::PERIPHERAL_ID, config.peripheral_id)
        .with_u32(Tag::PERIPHERAL_NUMBER, group.number)
        .with_u16(Tag::SKILL_GROUP_PRIORITY, 0)
        .with_u32(Tag::SKILL_GROUP_SKILL_TARGET_ID, group.id)
        .with_u16(Tag::AUTO_WORK, 0)
        .with_text(Tag::EXTENSION, "")
        .with_text(Tag::PERIPHERAL_NAME, clip(&group.name, PERIPHERAL_NAME_LEN))
        .with_text(Tag::DESCRIPTION, "")
        .with_u32(Tag::MR_DOMAIN_ID, VOICE.unsigned_abs())
        .with_text(Tag::CONFIG_PARAM, "")
}

/// CONFIG_SKILL_GROUP_EVENT of a precision queue, which older clients take for a skill group.
pub(crate) fn precision_queue(
    config: &Config,
    queue: &PrecisionQueueConfig,
    protocol: Protocol,
) -> Floats {
    let group = SkillGroupConfig {
        number: queue.number,
        id: queue.id,
        name: queue.name.clone(),
    };
    let mut floats = skill_group(config, &group);
    if protocol.number() >= PRECISION_QUEUES_SINCE {
        floats.push_u32(Tag::FLT_PRECISION_QUEUE_ID, queue.id);
        let name = clip(&queue.name, PRECISION_QUEUE_NAME_LEN);
        floats.push_text(Tag::FLT_PRECISION_QUEUE_NAME, name);
    }
    floats
}

/// CONFIG_AGENT_EVENT, with the numbers of the queues that the agent serves.
pub(crate) fn agent(
    config: &Config,
    agent: &AgentConfig,
    skills: &[u32],
    protocol: Protocol,
) -> Floats {
    let version = protocol.number();
    let mut floats = record();
    floats.push_u32(Tag::PERIPHERAL_ID, config.peripheral_id);
    floats.push_u16(
        Tag::AGENT_TYPE,
        if agent.supervisor { SUPERVISOR } else { AGENT },
    );
    if version >= 22 {
        floats.push_u32(Tag::AGENT_DESK_SETTINGS_ID, agent.desk_settings);
    }
    floats.push_text(Tag::LOGIN_ID, &agent.id);
    let login_name = if version < 20 {
        SHORT_LOGIN_NAME_LEN
    } else {
        LOGIN_NAME_LEN
    };
    floats.push_text(Tag::LOGIN_NAME, clip(&agent.login_name, login_name));
    floats.push_text(Tag::LAST_NAME, clip(&agent.last_name, NAME_LEN));
    floats.push_text(Tag::FIRST_NAME, clip(&agent.first_name, NAME_LEN));
    floats.push_text(Tag::EXTENSION, "");
    floats.push_text(Tag::DESCRIPTION, "");
    floats.push_u32(Tag::AGENT_SKILL_TARGET_ID, agent.icm_agent_id);
    let skills = skills.get(..MAX_SKILLS).unwrap_or(skills);
    floats.push_u16(
        Tag::NUM_SKILLS,
        u16::try_from(skills.len()).unwrap_or(u16::MAX),
    );
    if version >= 20 {
        floats.push_u16(Tag::SSO_ENABLED, 0);
    }
    if version >= 21 {
        floats.push_u16(Tag::NUM_MRDS, 0);
    }
    for number in skills {
        floats.push_u32(Tag::SKILL_GROUP_NUMBER, *number);
        floats.push_u16(Tag::SKILL_GROUP_PRIORITY, 0);
    }
    floats
}

/// CONFIG_DEVICE_EVENT.
pub(crate) fn device(config: &Config, place: usize, extension: &str) -> Floats {
    record()
        .with_u32(Tag::PERIPHERAL_ID, config.peripheral_id)
        .with_u32(
            Tag::PERIPHERAL_NUMBER,
            u32::try_from(place + 1).unwrap_or(u32::MAX),
        )
        .with_u16(Tag::DEVICE_TYPE, AGENT_DEVICE)
        .with_text(Tag::EXTENSION, clip(extension, EXTENSION_LEN))
        .with_text(Tag::DESCRIPTION, "")
}

/// CONFIG_DEVICE_EVENT of a dialled number with a route; `place` counts on from the phones.
pub(crate) fn route_point(config: &Config, place: usize, route: &RouteConfig) -> Floats {
    record()
        .with_u32(Tag::PERIPHERAL_ID, config.peripheral_id)
        .with_u32(
            Tag::PERIPHERAL_NUMBER,
            u32::try_from(place + 1).unwrap_or(u32::MAX),
        )
        .with_u16(Tag::DEVICE_TYPE, ROUTE_POINT)
        .with_text(Tag::DIALED_NUMBER, clip(&route.dialed, DIALED_NUMBER_LEN))
        .with_text(Tag::DESCRIPTION, "")
}

/// CONFIG_CALL_TYPE_EVENT, by the first of the dialled numbers that have it.
pub(crate) fn call_type(route: &RouteConfig) -> Floats {
    record()
        .with_u32(Tag::CALL_TYPE_ID, route.call_type)
        .with_u32(Tag::CUSTOMER_DEFINITION_ID, 0)
        .with_text(Tag::ENTERPRISE_NAME, clip(&route.dialed, NAME_LEN))
        .with_text(Tag::DESCRIPTION, "")
}

/// CONFIG_MRD_EVENT: voice is the only domain.
pub(crate) fn voice_domain() -> Floats {
    record()
        .with_u32(Tag::MR_DOMAIN_ID, VOICE.unsigned_abs())
        .with_text(Tag::ENTERPRISE_NAME, VOICE_NAME)
        .with_text(Tag::DESCRIPTION, "")
        .with_u16(Tag::INTERRUPTIBLE, 0)
}

/// CONFIG_PERIPHERAL_EVENT.
pub(crate) fn peripheral(config: &Config) -> Floats {
    record()
        .with_u32(Tag::CONFIG_PERIPHERAL_ID, config.peripheral_id)
        .with_u32(
            Tag::DEFAULT_AGENT_DESK_SETTINGS_ID,
            config.default_desk_settings,
        )
}

/// CONFIG_AGENT_DESK_SETTINGS_EVENT.
pub(crate) fn desk_settings(settings: &DeskSettings) -> Floats {
    record()
        .with_u32(Tag::AGENT_DESK_SETTINGS_ID, settings.id)
        .with_u32(Tag::FLT_DESK_SETTINGS_MASK, settings.mask.0)
        .with_u32(
            Tag::FLT_WRAP_UP_DATA_INCOMING_MODE,
            settings.wrapup_incoming,
        )
        .with_u32(
            Tag::FLT_WRAP_UP_DATA_OUTGOING_MODE,
            settings.wrapup_outgoing,
        )
        .with_u32(
            Tag::FLT_LOGOUT_NON_ACTIVITY_TIME,
            settings.logout_non_activity_time,
        )
        .with_u32(Tag::FLT_RING_NO_ANSWER_TIME, settings.ring_no_answer_time)
        .with_u32(Tag::FLT_WORK_MODE_TIMER, settings.work_mode_timer)
}

/// As much of a text as fits a field of `limit` bytes with its NUL, cut between characters.
pub(crate) fn clip(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit.saturating_sub(1));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(clip("Müller", 3), "M");
        assert_eq!(clip("Müller", 4), "Mü");
        assert_eq!(clip("Müller", 64), "Müller");
        assert_eq!(clip("M", 0), "");
    }

    #[test]
    fn newer_fields_need_a_newer_client() {
        let config = Config::new(5000);
        let someone = AgentConfig {
            id: "1".into(),
            ..Default::default()
        };
        for (version, tag) in [
            (20, Tag::SSO_ENABLED),
            (21, Tag::NUM_MRDS),
            (22, Tag::AGENT_DESK_SETTINGS_ID),
        ] {
            for protocol in Protocol::all() {
                let there = agent(&config, &someone, &[], protocol).bytes(tag).is_some();
                assert_eq!(there, protocol.number() >= version, "{tag:?} at {protocol}");
            }
        }
    }
}
