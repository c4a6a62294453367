//! The configuration download: keys, request, records, end.
//!
//! Carries no InvokeID, so there is one at a time (reference sections 3.10 and 5.7).

use std::collections::BTreeSet;

use tact_ged188::{
    ConfigAgentEvent, ConfigBeginEvent, ConfigEndStatus, ConfigMask, ConfigRequestEvent,
    ConfigRequestKeyEvent, ConfigType, Form, RecordType, Tag, number, text,
};

use crate::query::Ask;
use crate::session::Phase;
use crate::timer::Timer;
use crate::{Desk, Note, Output};

/// What is asked for.
const KINDS: ConfigMask = ConfigMask(ConfigMask::SKILL_GROUP.0 | ConfigMask::AGENT.0);
/// The layout of CONFIG_REQUEST_EVENT without ConfigMsgMask.
const SHORT: Form = Form::Layout(0);
/// AgentType of a supervisor.
const TYPE_SUPERVISOR: u32 = 2;

impl Desk {
    pub(crate) fn request_configuration_key(&mut self, now: i64, out: &mut Vec<Output>) {
        self.session.phase = Phase::Keys;
        let mut request = ConfigRequestKeyEvent {
            peripheral_id: self.config.peripheral_id,
            ..ConfigRequestKeyEvent::default()
        };
        request.floats.push_u32(Tag::CUSTOMER_ID, 0);
        out.push(Output::Send(request.into()));
        self.timers.set(
            Timer::Configuration,
            now + self.config.configuration_timeout_ms,
        );
    }

    /// CONFIG_KEY_EVENT. Whatever it says, the whole configuration is asked for: nothing was kept.
    pub(crate) fn configuration_key(&mut self, now: i64, out: &mut Vec<Output>) {
        if self.session.phase == Phase::Keys {
            self.request_configuration(now, out);
        }
    }

    fn request_configuration(&mut self, now: i64, out: &mut Vec<Output>) {
        self.session.phase = Phase::Configuring;
        self.session.kinds_left = KINDS;
        self.session.kinds_coming = ConfigMask::NONE;
        let mut request = ConfigRequestEvent {
            config_information: KINDS,
            config_msg_mask: KINDS,
            peripheral_id: self.config.peripheral_id,
            ..ConfigRequestEvent::default()
        };
        if self.session.short_config_request {
            request.form = SHORT;
        }
        request.floats.push_u32(Tag::CUSTOMER_ID, 0);
        out.push(Output::Send(request.into()));
        self.timers.set(
            Timer::Configuration,
            now + self.config.configuration_timeout_ms,
        );
    }

    pub(crate) fn configuration_begins(&mut self, now: i64, event: &ConfigBeginEvent) {
        if self.session.phase == Phase::Configuring && event.config_type == ConfigType::SOLICITED {
            self.session.kinds_coming = event.config_information;
            self.timers.set(
                Timer::Configuration,
                now + self.config.configuration_timeout_ms,
            );
        }
    }

    pub(crate) fn configuration_ends(
        &mut self,
        now: i64,
        status: ConfigEndStatus,
        out: &mut Vec<Output>,
    ) {
        if self.session.phase != Phase::Configuring {
            return;
        }
        let refused = !matches!(
            status,
            ConfigEndStatus::OK | ConfigEndStatus::EMPTY | ConfigEndStatus::PARTIAL
        );
        if refused && self.configuration_refused(now, out) {
            return;
        }
        let coming = std::mem::take(&mut self.session.kinds_coming);
        let left = self.session.kinds_left.bits() & !coming.bits();
        self.session.kinds_left = ConfigMask(left);
        // An end without a beginning, or a refusal, ends all of it.
        if refused || coming == ConfigMask::NONE || left == 0 {
            self.configuration_complete(now, out);
        } else {
            self.timers.set(
                Timer::Configuration,
                now + self.config.configuration_timeout_ms,
            );
        }
    }

    /// The server did not like the request, or did not answer. Whether it was asked again.
    pub(crate) fn configuration_refused(&mut self, now: i64, out: &mut Vec<Output>) -> bool {
        let untouched =
            self.session.kinds_coming == ConfigMask::NONE && self.session.kinds_left == KINDS;
        let long = self.config.protocol.number() >= 24 && !self.session.short_config_request;
        let again = self.session.phase == Phase::Configuring
            && untouched
            && long
            && self.session.agent_records == 0;
        if again {
            // The guides of 24 and later print a longer request that not every server takes.
            self.session.short_config_request = true;
            self.request_configuration(now, out);
        }
        again
    }

    pub(crate) fn configuration_timed_out(&mut self, now: i64, out: &mut Vec<Output>) {
        if self.session.phase == Phase::Keys {
            self.request_configuration(now, out);
        } else if !self.configuration_refused(now, out) && self.session.phase == Phase::Configuring
        {
            self.configuration_complete(now, out);
        }
    }

    fn configuration_complete(&mut self, now: i64, out: &mut Vec<Output>) {
        self.timers.cancel(&Timer::Configuration);
        if self.session.agent_records > 0 {
            let gone: Vec<String> = self
                .directory
                .iter()
                .filter(|entry| !entry.named)
                .map(|entry| entry.agent.id.clone())
                .collect();
            for id in gone {
                self.remove_agent(&id, out);
            }
        }
        self.queues.forget_unnamed();
        self.directory.refresh_all_teams();
        self.query_everybody(now, out);
        self.update_service(now, out);
    }

    /// Records are coming: the upload has not come to a halt.
    pub(crate) fn configuration_goes_on(&mut self, now: i64) {
        if self.session.phase == Phase::Configuring {
            self.timers.set(
                Timer::Configuration,
                now + self.config.configuration_timeout_ms,
            );
        }
    }

    /// CONFIG_AGENT_EVENT, of a download or an update.
    pub(crate) fn configuration_agents(
        &mut self,
        now: i64,
        event: &ConfigAgentEvent,
        out: &mut Vec<Output>,
    ) {
        self.configuration_goes_on(now);
        let mut record = AgentRecord::default();
        for (tag, value) in &event.floats {
            if tag == Tag::RECORD_TYPE {
                self.configuration_agent(now, &std::mem::take(&mut record), out);
            }
            record.take(tag, value);
        }
        self.configuration_agent(now, &record, out);
        self.watch_queues(now, out);
    }

    fn configuration_agent(&mut self, now: i64, record: &AgentRecord, out: &mut Vec<Output>) {
        let Some(id) = record.id.as_deref().filter(|id| !id.is_empty()) else {
            return;
        };
        if record
            .peripheral_id
            .is_some_and(|peripheral| peripheral != self.config.peripheral_id)
        {
            return;
        }
        self.session.agent_records += 1;
        if let Some(old) = record
            .old_id
            .as_deref()
            .filter(|old| !old.is_empty() && *old != id)
        {
            self.remove_agent(old, out);
        }
        if record.kind == RecordType::DELETE {
            return self.remove_agent(id, out);
        }
        let is_new = self.directory.get(id).is_none();
        let Some(entry) = self.directory.entry(id) else {
            return out.push(Output::Note(Note::TooManyAgents));
        };
        let before = (
            entry.agent.first_name.clone(),
            entry.agent.last_name.clone(),
            entry.supervisor_by_type,
        );
        entry.named = true;
        // A changed record carries only what changed.
        record
            .first_name
            .clone_into_some(&mut entry.agent.first_name);
        record.last_name.clone_into_some(&mut entry.agent.last_name);
        if let Some(skill_target_id) = record.skill_target_id {
            entry.agent.skill_target_id = skill_target_id;
        }
        if let Some(agent_type) = record.agent_type {
            entry.supervisor_by_type = agent_type == TYPE_SUPERVISOR;
        }
        let after = (
            entry.agent.first_name.clone(),
            entry.agent.last_name.clone(),
            entry.supervisor_by_type,
        );
        if let Some(name) = &record.login_name {
            self.directory.set_login_name(id, name);
        }
        self.directory.refresh_teams(id);
        if let Some(groups) = &record.groups {
            self.assign_groups(id, groups.clone(), out);
        }
        if matches!(self.session.phase, Phase::Querying | Phase::Ready) {
            if is_new {
                self.ask(now, Ask::State(id.to_owned()), out);
            } else if before != after {
                self.publish_user(id, None, out);
            }
        }
    }

    pub(crate) fn remove_agent(&mut self, id: &str, out: &mut Vec<Output>) {
        self.fail_requests_of(id, out);
        self.assign_groups(id, BTreeSet::new(), out);
        let addresses = self.directory.set_extension(id, None);
        self.calls_follow_extension(&addresses, out);
        self.directory.remove(id);
        self.timers.cancel(&Timer::Presence(id.to_owned()));
    }
}

/// One record of CONFIG_AGENT_EVENT.
#[derive(Debug, Default)]
struct AgentRecord {
    kind: RecordType,
    peripheral_id: Option<u32>,
    id: Option<String>,
    old_id: Option<String>,
    login_name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    skill_target_id: Option<u32>,
    agent_type: Option<u32>,
    /// Numbers of the skill groups, when the record tells of skills at all.
    groups: Option<BTreeSet<u32>>,
}

impl AgentRecord {
    fn take(&mut self, tag: Tag, value: &[u8]) {
        let string = || Some(text(value).into_owned());
        match tag {
            Tag::RECORD_TYPE => {
                self.kind = RecordType(
                    number(value)
                        .and_then(|kind| u16::try_from(kind).ok())
                        .unwrap_or_default(),
                );
            }
            Tag::PERIPHERAL_ID => self.peripheral_id = number(value),
            Tag::LOGIN_ID => self.id = string(),
            Tag::CUR_LOGIN_ID => self.old_id = string(),
            Tag::LOGIN_NAME => self.login_name = string(),
            Tag::FIRST_NAME => self.first_name = string(),
            Tag::LAST_NAME => self.last_name = string(),
            Tag::AGENT_SKILL_TARGET_ID => self.skill_target_id = number(value),
            Tag::AGENT_TYPE => self.agent_type = number(value),
            Tag::NUM_SKILLS => {
                self.groups.get_or_insert_default();
            }
            // One float for each group, or all of them packed into one.
            Tag::SKILL_GROUP_NUMBER => {
                let groups = self.groups.get_or_insert_default();
                groups.extend(value.chunks(4).filter_map(number));
            }
            _ => {}
        }
    }
}

/// Copies a value over another one, when there is a value.
trait CloneIntoSome {
    fn clone_into_some(&self, target: &mut String);
}

impl CloneIntoSome for Option<String> {
    fn clone_into_some(&self, target: &mut String) {
        if let Some(value) = self {
            target.clone_from(value);
        }
    }
}
