//! SystemInfo: what a client asks first, without credentials (finesse-api.md 2.1).

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};
use crate::timestamp;

/// The state of the system and its addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SystemInfo {
    /// Interval of CTI heartbeats, seconds.
    pub cti_heartbeat_interval: u32,
    /// The CTI servers of the pair, side A first.
    pub cti_servers: Vec<CtiServer>,
    /// The CTI protocol version in use; `None` before the first connection.
    pub cti_version: Option<u32>,
    /// The server's clock, milliseconds since 1970.
    pub current_timestamp: i64,
    /// `UCCE` or `UCCX`.
    pub deployment_type: String,
    /// True when the last CTI heartbeat was answered.
    pub last_cti_heartbeat_ok: bool,
    /// When a CTI heartbeat was last answered, milliseconds since 1970.
    pub last_success_cti_heartbeat: Option<i64>,
    /// The CTI peripheral.
    pub peripheral_id: u32,
    /// This node, or the first of two.
    pub primary_node: Node,
    /// The other node; its host is empty where there is none.
    pub secondary_node: Node,
    /// `IN_SERVICE` or `OUT_OF_SERVICE`.
    pub status: String,
    /// Why not in service; empty otherwise.
    pub status_reason: String,
    /// `SSO`, `NON_SSO` or `HYBRID`.
    pub system_auth_mode: String,
    /// Minutes east of GMT.
    pub timezone_offset: i32,
    /// The XMPP domain: the host of the answering node.
    pub xmpp_domain: String,
    /// `pubsub.` and the XMPP domain.
    pub xmpp_pub_sub_domain: String,
}

/// One node of the pair.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Fully qualified host name.
    pub host: String,
    /// HTTPS port, where known.
    pub https_port: Option<u16>,
    /// XMPP port, where known.
    pub xmpp_port: Option<u16>,
    /// XMPP port with TLS from the first byte, where known.
    pub xmpp_secure_port: Option<u16>,
}

/// A CTI server as SystemInfo lists it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CtiServer {
    /// True for the one in use.
    pub active: bool,
    /// Its host.
    pub host: String,
}

impl SystemInfo {
    /// `uri` of the one SystemInfo.
    pub const URI: &'static str = "/finesse/api/SystemInfo";
}

impl Document for SystemInfo {
    const NAME: &'static str = "SystemInfo";

    fn write(&self, out: &mut dyn Writer) {
        out.number("ctiHeartbeatInterval", self.cti_heartbeat_interval.into());
        // No maintenance mode: the two modes are empty and their times negative.
        out.text("ctiMMode", "");
        out.start("ctiServers");
        out.list("ctiServer");
        for server in &self.cti_servers {
            out.start("ctiServer");
            out.boolean("active", server.active);
            out.text("host", &server.host);
            out.end("ctiServer");
        }
        out.list_end();
        out.end("ctiServers");
        out.number("ctiTimeInMMode", -1);
        optional(out, "ctiVersion", self.cti_version.map(i64::from));
        out.text(
            "currentTimestamp",
            &timestamp::format(self.current_timestamp),
        );
        out.text("deploymentType", &self.deployment_type);
        out.text("finesseMMode", "");
        out.number("finesseTimeInMMode", -1);
        let heartbeat = if self.last_cti_heartbeat_ok {
            "success"
        } else {
            "failure"
        };
        out.text("lastCTIHeartbeatStatus", heartbeat);
        optional(
            out,
            "lastSuccessCTIHeartbeatTime",
            self.last_success_cti_heartbeat,
        );
        out.number("peripheralId", self.peripheral_id.into());
        write_node(out, "primaryNode", &self.primary_node);
        write_node(out, "secondaryNode", &self.secondary_node);
        out.text("status", &self.status);
        out.text("statusReason", &self.status_reason);
        out.text("systemAuthMode", &self.system_auth_mode);
        out.number("timezoneOffset", self.timezone_offset.into());
        out.text("uri", SystemInfo::URI);
        out.text("xmppDomain", &self.xmpp_domain);
        out.text("xmppPubSubDomain", &self.xmpp_pub_sub_domain);
    }

    fn read(root: &Element) -> Result<SystemInfo, ReadError> {
        let servers = root.child("ctiServers");
        Ok(SystemInfo {
            cti_heartbeat_interval: root.value_of("ctiHeartbeatInterval")?.unwrap_or_default(),
            cti_servers: servers
                .iter()
                .flat_map(|servers| servers.children("ctiServer"))
                .map(read_server)
                .collect::<Result<_, _>>()?,
            cti_version: root.value_of("ctiVersion")?,
            current_timestamp: read_time(root, "currentTimestamp")?.unwrap_or_default(),
            deployment_type: root.string_of("deploymentType"),
            last_cti_heartbeat_ok: root.text_of("lastCTIHeartbeatStatus") == Some("success"),
            last_success_cti_heartbeat: root.value_of("lastSuccessCTIHeartbeatTime")?,
            peripheral_id: root.value_of("peripheralId")?.unwrap_or_default(),
            primary_node: read_node(root.child("primaryNode"))?,
            secondary_node: read_node(root.child("secondaryNode"))?,
            status: root.string_of("status"),
            status_reason: root.string_of("statusReason"),
            system_auth_mode: root.string_of("systemAuthMode"),
            timezone_offset: root.value_of("timezoneOffset")?.unwrap_or_default(),
            xmpp_domain: root.string_of("xmppDomain"),
            xmpp_pub_sub_domain: root.string_of("xmppPubSubDomain"),
        })
    }
}

/// A number, or an empty element where there is none.
fn optional(out: &mut dyn Writer, name: &str, value: Option<i64>) {
    match value {
        Some(value) => out.number(name, value),
        None => out.text(name, ""),
    }
}

fn write_node(out: &mut dyn Writer, name: &str, node: &Node) {
    out.start(name);
    out.text("host", &node.host);
    for (name, port) in [
        ("httpsPort", node.https_port),
        ("xmppPort", node.xmpp_port),
        ("xmppSecurePort", node.xmpp_secure_port),
    ] {
        if let Some(port) = port {
            out.number(name, port.into());
        }
    }
    out.end(name);
}

fn read_node(node: Option<&Element>) -> Result<Node, ReadError> {
    let Some(node) = node else {
        return Ok(Node::default());
    };
    Ok(Node {
        host: node.string_of("host"),
        https_port: node.value_of("httpsPort")?,
        xmpp_port: node.value_of("xmppPort")?,
        xmpp_secure_port: node.value_of("xmppSecurePort")?,
    })
}

fn read_server(server: &Element) -> Result<CtiServer, ReadError> {
    Ok(CtiServer {
        active: server.value_of("active")?.unwrap_or_default(),
        host: server.string_of("host"),
    })
}

/// A time stamp, or `None` where the element is absent or empty.
pub(crate) fn read_time(root: &Element, name: &'static str) -> Result<Option<i64>, ReadError> {
    let Some(text) = root.text_of(name) else {
        return Ok(None);
    };
    let ms = timestamp::parse(text).ok_or_else(|| ReadError::BadValue {
        element: name,
        value: text.to_owned(),
    })?;
    Ok(Some(ms))
}
