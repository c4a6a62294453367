//! Skill groups of the configuration: which queues there are, and who serves them.
//!
//! CONFIG_SKILL_GROUP_EVENT names them, CONFIG_AGENT_EVENT says who is in which. Reference section
//! 3.10, messages 236 and 237.

use std::collections::{BTreeMap, BTreeSet};

use tact_ged188::{ConfigSkillGroupEvent, RecordType, Tag, number, text};

use crate::session::Phase;
use crate::{Desk, Output, Publish, Queue};

/// Queues that a desk keeps; more are left out.
const MAX_QUEUES: usize = 10_000;

/// Every queue, by SkillGroupNumber.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    known: BTreeMap<u32, Queue>,
    /// How many agents each is assigned to; also of queues that no record has named yet.
    members: BTreeMap<u32, usize>,
    /// Those that this session's configuration named.
    named: BTreeSet<u32>,
}

impl Queues {
    pub(crate) fn get(&self, number: u32) -> Option<&Queue> {
        self.known.get(&number)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut Queue> {
        self.known.get_mut(&number)
    }

    /// Queues that are assigned to somebody.
    pub(crate) fn assigned(&self) -> impl Iterator<Item = u32> {
        self.known
            .keys()
            .copied()
            .filter(|number| self.members.contains_key(number))
    }

    /// An agent serves other groups from now on. Queues that nobody serves any more.
    pub(crate) fn assign(&mut self, old: &BTreeSet<u32>, new: &BTreeSet<u32>) -> Vec<u32> {
        for number in new.difference(old) {
            let members = self.members.entry(*number).or_default();
            *members = members.saturating_add(1);
        }
        let mut orphans = Vec::new();
        for number in old.difference(new) {
            let Some(members) = self.members.get_mut(number) else {
                continue;
            };
            *members = members.saturating_sub(1);
            if *members > 0 {
                continue;
            }
            self.members.remove(number);
            if let Some(queue) = self.known.get_mut(number)
                && queue.statistics.take().is_some()
            {
                orphans.push(*number);
            }
        }
        orphans
    }

    /// The server tells all groups anew in each session.
    pub(crate) fn begin_session(&mut self) {
        self.named.clear();
    }

    /// The configuration is complete: what it did not name is gone.
    pub(crate) fn forget_unnamed(&mut self) {
        if !self.named.is_empty() {
            self.known.retain(|number, _| self.named.contains(number));
        }
    }
}

/// One record of CONFIG_SKILL_GROUP_EVENT.
#[derive(Debug, Default)]
struct Record {
    kind: RecordType,
    peripheral_id: Option<u32>,
    number: Option<u32>,
    old_number: Option<u32>,
    id: Option<u32>,
    name: Option<String>,
    precision_queue: Option<String>,
}

impl Record {
    fn take(&mut self, tag: Tag, value: &[u8]) {
        let string = || Some(text(value).into_owned()).filter(|text| !text.is_empty());
        match tag {
            Tag::RECORD_TYPE => {
                self.kind = RecordType(
                    number(value)
                        .and_then(|kind| u16::try_from(kind).ok())
                        .unwrap_or_default(),
                );
            }
            Tag::PERIPHERAL_ID => self.peripheral_id = number(value),
            Tag::PERIPHERAL_NUMBER => self.number = number(value),
            Tag::OLD_PERIPHERAL_NUMBER => self.old_number = number(value),
            Tag::SKILL_GROUP_SKILL_TARGET_ID => self.id = number(value),
            Tag::PERIPHERAL_NAME => self.name = string(),
            Tag::FLT_PRECISION_QUEUE_NAME => self.precision_queue = string(),
            _ => {}
        }
    }
}

impl Desk {
    /// CONFIG_SKILL_GROUP_EVENT, of a download or an update.
    pub(crate) fn configuration_skill_groups(
        &mut self,
        now: i64,
        event: &ConfigSkillGroupEvent,
        out: &mut Vec<Output>,
    ) {
        self.configuration_goes_on(now);
        let mut record = Record::default();
        for (tag, value) in &event.floats {
            if tag == Tag::RECORD_TYPE {
                self.configuration_skill_group(&std::mem::take(&mut record), out);
            }
            record.take(tag, value);
        }
        self.configuration_skill_group(&record, out);
        self.watch_queues(now, out);
    }

    fn configuration_skill_group(&mut self, record: &Record, out: &mut Vec<Output>) {
        let Some(number) = record.number else { return };
        let ours = self.config.peripheral_id;
        if record
            .peripheral_id
            .is_some_and(|peripheral| peripheral != ours)
        {
            return;
        }
        let queues = &mut self.queues;
        if let Some(old) = record.old_number.filter(|old| *old != number) {
            queues.known.remove(&old);
        }
        if record.kind == RecordType::DELETE {
            queues.known.remove(&number);
            return;
        }
        if queues.known.len() >= MAX_QUEUES && !queues.known.contains_key(&number) {
            return;
        }
        queues.named.insert(number);
        let is_new = !queues.known.contains_key(&number);
        let queue = queues.known.entry(number).or_insert_with(|| Queue {
            number,
            id: 0,
            name: String::new(),
            statistics: None,
        });
        let before = (queue.id, queue.name.clone());
        // A changed record carries only what changed.
        if let Some(id) = record.id {
            queue.id = id;
        }
        if let Some(name) = record.precision_queue.as_ref().or(record.name.as_ref()) {
            queue.name.clone_from(name);
        }
        let changed = is_new || before != (queue.id, queue.name.clone());
        if changed && self.session.phase == Phase::Ready {
            out.push(Output::Publish(Publish::Queue { number }));
        }
    }

    /// An agent serves these groups from now on.
    pub(crate) fn assign_groups(
        &mut self,
        agent: &str,
        groups: BTreeSet<u32>,
        out: &mut Vec<Output>,
    ) {
        let Some(entry) = self.directory.get_mut(agent) else {
            return;
        };
        let orphans = self.queues.assign(&entry.groups, &groups);
        entry.groups = groups;
        for number in orphans {
            out.push(Output::Publish(Publish::Queue { number }));
        }
    }

    /// Numbers of the groups that an agent serves, and of a supervisor those of the teams.
    pub(crate) fn groups_of(&self, agent: &str) -> BTreeSet<u32> {
        let Some(entry) = self.directory.get(agent) else {
            return BTreeSet::new();
        };
        let mut groups = entry.groups.clone();
        if !entry.supervises.is_empty() {
            for member in self.directory.iter() {
                if !member.member_of.is_disjoint(&entry.supervises) {
                    groups.extend(&member.groups);
                }
            }
        }
        groups
    }
}
