//! TCP segments out of captured packets: link layer, IPv4 or IPv6, TCP.
//!
//! Anything else is no segment. Fragments are passed over: CTI messages travel in small segments.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::file::Packet;

/// LINKTYPE numbers of the registry at tcpdump.org.
mod link {
    pub(super) const NULL: u16 = 0;
    pub(super) const ETHERNET: u16 = 1;
    /// Raw IP as some systems number it.
    pub(super) const RAW_BSD: u16 = 12;
    pub(super) const RAW_OPENBSD: u16 = 14;
    pub(super) const RAW: u16 = 101;
    pub(super) const LOOP: u16 = 108;
    /// Linux "cooked".
    pub(super) const LINUX_SLL: u16 = 113;
    pub(super) const IPV4: u16 = 228;
    pub(super) const IPV6: u16 = 229;
    pub(super) const LINUX_SLL2: u16 = 276;
}

const TCP: u8 = 6;

/// What one packet carries of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    /// Number of the first byte, or of the SYN.
    pub(super) sequence: u32,
    pub(super) syn: bool,
    /// Whether it answers the other side; the first SYN of a connection does not.
    pub(super) ack: bool,
    /// As much of the bytes as was captured.
    pub(super) data: &'a [u8],
}

/// The segment in a packet.
pub(super) fn segment<'a>(packet: &Packet<'a>) -> Option<Segment<'a>> {
    let ip = match packet.link {
        link::ETHERNET => ethernet(packet.data)?,
        link::LINUX_SLL => ip_behind(packet.data, 14, 16)?,
        link::LINUX_SLL2 => ip_behind(packet.data, 0, 20)?,
        link::NULL | link::LOOP => packet.data.get(4..)?,
        link::RAW | link::RAW_BSD | link::RAW_OPENBSD | link::IPV4 | link::IPV6 => packet.data,
        _ => return None,
    };
    match ip.first()? >> 4 {
        4 => ipv4(ip),
        6 => ipv6(ip),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    let (_, rest) = bytes.split_at_checked(at)?;
    rest.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

/// The packet behind `len` bytes, when the EtherType at `kind` is IP's.
fn ip_behind(data: &[u8], kind: usize, len: usize) -> Option<&[u8]> {
    matches!(number(data, kind)?, 0x0800 | 0x86dd).then(|| data.get(len..))?
}

/// Behind any number of VLAN tags.
fn ethernet(frame: &[u8]) -> Option<&[u8]> {
    let mut at = 12;
    while matches!(number(frame, at)?, 0x8100 | 0x88a8 | 0x9100) {
        at += 4;
    }
    ip_behind(frame, at, at + 2)
}

fn ipv4(packet: &[u8]) -> Option<Segment<'_>> {
    let header = usize::from(packet.first()? & 0x0f) * 4;
    let total = usize::from(number(packet, 2)?);
    let fragment = number(packet, 6)? & 0x3fff;
    if header < 20 || fragment != 0 || *packet.get(9)? != TCP {
        return None;
    }
    let address = |at: usize| {
        let (_, rest) = packet.split_at_checked(at)?;
        let bytes: &[u8; 4] = rest.first_chunk()?;
        Some(IpAddr::from(Ipv4Addr::from(*bytes)))
    };
    // 0 is a packet that the network card cuts up later; behind the end there may be padding.
    let end = if total == 0 { packet.len() } else { total };
    let body = packet.get(header..end.min(packet.len()))?;
    tcp(address(12)?, address(16)?, body)
}

fn ipv6(packet: &[u8]) -> Option<Segment<'_>> {
    let payload = usize::from(number(packet, 4)?);
    let end = if payload == 0 {
        packet.len()
    } else {
        40 + payload
    };
    let address = |at: usize| {
        let (_, rest) = packet.split_at_checked(at)?;
        let bytes: &[u8; 16] = rest.first_chunk()?;
        Some(IpAddr::from(Ipv6Addr::from(*bytes)))
    };
    let (from, to) = (address(8)?, address(24)?);
    let mut kind = *packet.get(6)?;
    let mut rest = packet.get(40..end.min(packet.len()))?;
    loop {
        let next = *rest.first()?;
        let len = match kind {
            TCP => return tcp(from, to, rest),
            // Hop-by-hop, routing, destination options.
            0 | 43 | 60 => (usize::from(*rest.get(1)?) + 1) * 8,
            // A whole packet may carry a fragment header too.
            44 if number(rest, 2)? & 0xfff9 == 0 => 8,
            // Authentication.
            51 => (usize::from(*rest.get(1)?) + 2) * 4,
            _ => return None,
        };
        kind = next;
        rest = rest.get(len..)?;
    }
}

fn tcp(from: IpAddr, to: IpAddr, segment: &[u8]) -> Option<Segment<'_>> {
    let (_, rest) = segment.split_at_checked(4)?;
    let sequence = u32::from_be_bytes(*rest.first_chunk()?);
    let header = usize::from(*segment.get(12)? >> 4) * 4;
    let flags = *segment.get(13)?;
    if header < 20 {
        return None;
    }
    Some(Segment {
        from: SocketAddr::new(from, number(segment, 0)?),
        to: SocketAddr::new(to, number(segment, 2)?),
        sequence,
        syn: flags & 0x02 != 0,
        ack: flags & 0x10 != 0,
        data: segment.get(header..)?,
    })
}
