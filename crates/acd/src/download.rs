//! Configuration on request: keys, then BEGIN, the records of each kind, END.
//!
//! Knows how records are packed into messages; `records` knows how they are spelt. Reference ged188,
//! 3.10 and 4.9. None of these messages has an InvokeID.

use tact_ged188::{
    ConfigAgentDeskSettingsEvent, ConfigAgentEvent, ConfigBeginEvent, ConfigCallTypeEvent,
    ConfigDeviceEvent, ConfigEndEvent, ConfigEndStatus, ConfigKeyEvent, ConfigKeyStatus,
    ConfigMask, ConfigMrdEvent, ConfigPeripheralEvent, ConfigRequestEvent, ConfigRequestKeyEvent,
    ConfigSkillGroupEvent, ConfigType, Floats, MAX_MESSAGE_LEN, Message, Protocol, StatusCode, Tag,
};

use crate::config::RouteConfig;
use crate::directory::AgentIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::records;
use crate::refusal::{fail_event, send};

/// Records that one message carries.
const MAX_RECORDS: u16 = 10;
/// Bytes of records that one message carries, in the wider header form; header and count fit beside.
const MAX_RECORD_BYTES: usize = MAX_MESSAGE_LEN - 64;
/// Every bit of ConfigInformation.
const KNOWN: u32 = 0x3ff;
/// First version with peripherals and desk settings in the configuration.
const DESK_SETTINGS_SINCE: u32 = 22;
/// First version with media routing domains in the configuration.
const DOMAINS_SINCE: u32 = 20;

/// Which key belongs to which kind, and since which version.
const KEYS: [(ConfigMask, Tag, u32); 7] = [
    (ConfigMask::SERVICE, Tag::SERVICE_CONFIG_KEY, 0),
    (ConfigMask::SKILL_GROUP, Tag::SKILL_GROUP_CONFIG_KEY, 0),
    (ConfigMask::AGENT, Tag::AGENT_CONFIG_KEY, 0),
    (ConfigMask::DEVICE, Tag::DEVICE_CONFIG_KEY, 0),
    (ConfigMask::CALL_TYPE, Tag::CALL_TYPE_KEY_CONFIG, 0),
    (
        ConfigMask::PERIPHERAL,
        Tag::PERIPHERAL_CONFIG_KEY,
        DESK_SETTINGS_SINCE,
    ),
    (
        ConfigMask::AGENT_DESK_SETTINGS,
        Tag::AGENT_DESK_SETTINGS_CONFIG_KEY,
        DESK_SETTINGS_SINCE,
    ),
];

impl Acd {
    /// CONFIG_REQUEST_KEY_EVENT: one key for every kind.
    pub(crate) fn config_key(
        &self,
        client: ClientId,
        request: &ConfigRequestKeyEvent,
        out: &mut Vec<Output>,
    ) {
        let Some(session) = self.session(client) else {
            return;
        };
        if self.check_peripheral(request.peripheral_id).is_err() {
            fail_event(out, client, StatusCode::INVALID_PERIPHERAL_ID);
            return;
        }
        send(
            out,
            client,
            ConfigKeyEvent {
                config_key_status: ConfigKeyStatus::OK,
                floats: self.keys(ConfigMask(KNOWN), session.protocol),
            },
        );
    }

    /// The keys of some kinds.
    fn keys(&self, kinds: ConfigMask, protocol: Protocol) -> Floats {
        let mut floats = Floats::new();
        for (kind, tag, since) in KEYS {
            if kinds.contains(kind) && protocol.number() >= since {
                floats.push_bytes(tag, self.directory.key());
            }
        }
        floats
    }

    /// CONFIG_REQUEST_EVENT: the kinds asked for, in the order of the guides. Asking for none asks
    /// for updates only; the configuration never changes while the machine runs.
    pub(crate) fn download(
        &self,
        client: ClientId,
        request: &ConfigRequestEvent,
        out: &mut Vec<Output>,
    ) {
        let Some(session) = self.session(client) else {
            return;
        };
        let asked = request.config_information;
        if asked.0 & !KNOWN != 0 || self.check_peripheral(request.peripheral_id).is_err() {
            end(client, ConfigEndStatus::INVALID, out);
            return;
        }
        let protocol = session.protocol;
        send(
            out,
            client,
            ConfigBeginEvent {
                config_type: ConfigType::SOLICITED,
                config_information: asked,
                floats: self.keys(asked, protocol),
            },
        );
        let before = out.len();
        self.records(client, asked, protocol, out);
        let empty = asked != ConfigMask::NONE && out.len() == before;
        end(
            client,
            if empty {
                ConfigEndStatus::EMPTY
            } else {
                ConfigEndStatus::OK
            },
            out,
        );
    }

    /// Services do not exist here; terminals and agent services neither.
    fn records(
        &self,
        client: ClientId,
        asked: ConfigMask,
        protocol: Protocol,
        out: &mut Vec<Output>,
    ) {
        let config = self.directory.config();
        if asked.contains(ConfigMask::SKILL_GROUP) {
            let records = config
                .skill_groups
                .iter()
                .map(|group| records::skill_group(config, group));
            let queues = config.precision_queues.iter();
            let records =
                records.chain(queues.map(|it| records::precision_queue(config, it, protocol)));
            pack(client, records, out, |num_records, floats| {
                ConfigSkillGroupEvent {
                    num_records,
                    floats,
                }
                .into()
            });
        }
        if asked.contains(ConfigMask::AGENT) {
            let records = config.agents.iter().enumerate().map(|(place, agent)| {
                let skills = self.directory.skills(AgentIndex(place));
                records::agent(config, agent, &skills, protocol)
            });
            pack(client, records, out, |num_records, floats| {
                ConfigAgentEvent {
                    num_records,
                    floats,
                }
                .into()
            });
        }
        if asked.contains(ConfigMask::DEVICE) {
            let places = config.extensions.iter().enumerate();
            let records =
                places.map(|(place, extension)| records::device(config, place, extension));
            let places = config.extensions.len()..;
            let records = records.chain(
                places
                    .zip(&config.routes)
                    .map(|(place, route)| records::route_point(config, place, route)),
            );
            pack(client, records, out, |num_records, floats| {
                ConfigDeviceEvent {
                    num_records,
                    floats,
                }
                .into()
            });
        }
        if asked.contains(ConfigMask::CALL_TYPE) {
            let routes = config.routes.iter().enumerate();
            let first = |(place, route): &(usize, &RouteConfig)| {
                let mut before = config.routes.iter().take(*place);
                before.all(|it| it.call_type != route.call_type)
            };
            let records = routes
                .filter(first)
                .map(|(_, route)| records::call_type(route));
            pack(client, records, out, |num_records, floats| {
                ConfigCallTypeEvent {
                    num_records,
                    floats,
                }
                .into()
            });
        }
        if asked.contains(ConfigMask::MRD) && protocol.number() >= DOMAINS_SINCE {
            pack(
                client,
                [records::voice_domain()],
                out,
                |num_records, floats| {
                    ConfigMrdEvent {
                        num_records,
                        floats,
                    }
                    .into()
                },
            );
        }
        if protocol.number() < DESK_SETTINGS_SINCE {
            return;
        }
        if asked.contains(ConfigMask::PERIPHERAL) {
            pack(
                client,
                [records::peripheral(config)],
                out,
                |num_records, floats| {
                    ConfigPeripheralEvent {
                        num_records,
                        floats,
                    }
                    .into()
                },
            );
        }
        if asked.contains(ConfigMask::AGENT_DESK_SETTINGS) {
            let records = config.desk_settings.iter().map(records::desk_settings);
            pack(client, records, out, |num_records, floats| {
                ConfigAgentDeskSettingsEvent {
                    num_records,
                    floats,
                }
                .into()
            });
        }
    }
}

fn end(client: ClientId, config_end_status: ConfigEndStatus, out: &mut Vec<Output>) {
    send(
        out,
        client,
        ConfigEndEvent {
            config_end_status,
            ..Default::default()
        },
    );
}

/// Packs records into as few messages as they fit.
fn pack(
    client: ClientId,
    records: impl IntoIterator<Item = Floats>,
    out: &mut Vec<Output>,
    message: impl Fn(u16, Floats) -> Message,
) {
    let mut count: u16 = 0;
    let mut bytes = 0;
    let mut floats = Floats::new();
    for record in records {
        let size: usize = record.iter().map(|(_, value)| 4 + value.len()).sum();
        if count == MAX_RECORDS || (count > 0 && bytes + size > MAX_RECORD_BYTES) {
            send(out, client, message(count, std::mem::take(&mut floats)));
            count = 0;
            bytes = 0;
        }
        for (tag, value) in &record {
            floats.push_bytes(tag, value);
        }
        bytes += size;
        count += 1;
    }
    if count > 0 {
        send(out, client, message(count, floats));
    }
}
