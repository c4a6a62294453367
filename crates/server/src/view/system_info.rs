//! SystemInfo out of the desk's service state and what is fixed at start (finesse-api.md 2.1).

use tact_api::user::ReasonCodeSpelling;
use tact_api::{CtiServer, Node, SystemInfo};
use tact_desk::{Service, Side};

/// What documents tell about this installation; fixed at start.
#[derive(Debug, Clone)]
pub struct System {
    /// This node's name and ports.
    pub node: Node,
    /// The other node's, where there is one.
    pub other_node: Option<Node>,
    /// Seconds between CTI heartbeats.
    pub heartbeat_interval_s: u32,
    /// The CTI peripheral.
    pub peripheral_id: u32,
    /// The hosts of the CTI servers, side A first.
    pub cti_hosts: Vec<String>,
    /// How a user's reason code is spelt.
    pub reason_code_spelling: ReasonCodeSpelling,
    /// The zone that this server works in.
    pub time_zone: jiff::tz::TimeZone,
}

impl System {
    /// Minutes east of GMT at a moment.
    fn timezone_offset(&self, now: i64) -> i32 {
        let moment = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
        self.time_zone.to_offset(moment).seconds() / 60
    }
}

/// The state of the system at `now`, milliseconds since 1970.
pub fn system_info(service: &Service, system: &System, now: i64) -> SystemInfo {
    let host = &system.node.host;
    let heartbeat = service.last_heartbeat;
    let reason = service.reason.map(|reason| reason.to_string());
    let server = |(index, host): (usize, &String)| CtiServer {
        active: service.in_service && service.side == Some(side(index)),
        host: host.clone(),
    };
    SystemInfo {
        cti_heartbeat_interval: system.heartbeat_interval_s,
        cti_servers: system.cti_hosts.iter().enumerate().map(server).collect(),
        cti_version: Some(service.protocol.number()),
        current_timestamp: now,
        deployment_type: "UCCE".to_owned(),
        // Until the first heartbeat is due, a session that opened is as good as one that was answered.
        last_cti_heartbeat_ok: heartbeat.map_or(service.in_service, |last| last.answered),
        last_success_cti_heartbeat: heartbeat.filter(|last| last.answered).map(|last| last.at),
        peripheral_id: system.peripheral_id,
        primary_node: system.node.clone(),
        secondary_node: system.other_node.clone().unwrap_or_default(),
        status: if service.in_service {
            "IN_SERVICE".to_owned()
        } else {
            "OUT_OF_SERVICE".to_owned()
        },
        status_reason: reason.unwrap_or_default(),
        system_auth_mode: "NON_SSO".to_owned(),
        timezone_offset: system.timezone_offset(now),
        xmpp_domain: host.clone(),
        xmpp_pub_sub_domain: format!("pubsub.{host}"),
    }
}

fn side(index: usize) -> Side {
    if index == 0 { Side::A } else { Side::B }
}
