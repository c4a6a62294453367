//! Captures of CTI connections: a real one, and made ones with what goes wrong on real networks.

use proptest::prelude::*;
use tact_ged188::capture::{Captured, FileError, Messages, Options, What};
use tact_ged188::{HeartbeatReq, OpenReq, Protocol, SetAgentStateReq, Tag, decode};

use crate::support::{encoded, protocol};

/// A sign-in and sign-out over loopback, taken with dumpcap: Ethernet, IPv4, one segment a message.
fn real() -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/capture/sign-in-v24.pcap"
    );
    std::fs::read(path).unwrap()
}

fn read(file: &[u8], options: Options) -> Result<Vec<Captured>, FileError> {
    Messages::new(file, options)?.collect()
}

fn names(captured: &[Captured]) -> Vec<String> {
    captured
        .iter()
        .map(|captured| match &captured.what {
            What::Frame(frame) => match decode(frame, captured.protocol) {
                Ok(message) => message.name().to_owned(),
                Err(error) => error.to_string(),
            },
            What::Lost { bytes } => format!("-{bytes}"),
        })
        .collect()
}

const SIGN_IN: [&str; 30] = [
    "OPEN_REQ",
    "OPEN_CONF",
    "SYSTEM_EVENT",
    "AGENT_TEAM_CONFIG_EVENT",
    "CONFIG_REQUEST_KEY_EVENT",
    "CONFIG_KEY_EVENT",
    "CONFIG_REQUEST_EVENT",
    "CONFIG_BEGIN_EVENT",
    "CONFIG_SKILL_GROUP_EVENT",
    "CONFIG_AGENT_EVENT",
    "CONFIG_END_EVENT",
    "AGENT_DESK_SETTINGS_REQ",
    "QUERY_AGENT_STATE_REQ",
    "QUERY_AGENT_STATE_REQ",
    "QUERY_AGENT_STATE_REQ",
    "AGENT_DESK_SETTINGS_CONF",
    "QUERY_AGENT_STATE_CONF",
    "QUERY_AGENT_STATE_CONF",
    "QUERY_AGENT_STATE_CONF",
    "AGENT_DESK_SETTINGS_REQ",
    "SET_AGENT_STATE_REQ",
    "AGENT_DESK_SETTINGS_CONF",
    "SET_AGENT_STATE_CONF",
    "AGENT_STATE_EVENT",
    "AGENT_STATE_EVENT",
    "SET_AGENT_STATE_REQ",
    "SET_AGENT_STATE_CONF",
    "AGENT_STATE_EVENT",
    "CLOSE_REQ",
    "CLOSE_CONF",
];

#[test]
fn a_real_capture_tells_the_whole_session() {
    for port in [None, Some(42127)] {
        let options = Options {
            port,
            ..Options::default()
        };
        let captured = read(&real(), options).unwrap();
        assert_eq!(names(&captured), SIGN_IN);
        let server: std::net::SocketAddr = "127.0.0.1:42127".parse().unwrap();
        for (message, name) in captured.iter().zip(SIGN_IN) {
            let asks = name.ends_with("_REQ") || name.starts_with("CONFIG_REQUEST");
            assert_eq!(message.to == server, asks, "{name}");
            assert_eq!(message.protocol, Protocol::CURRENT);
        }
        assert!(captured.is_sorted_by_key(|message| message.time));
    }
    let elsewhere = Options {
        port: Some(42027),
        ..Options::default()
    };
    assert_eq!(read(&real(), elsewhere).unwrap(), []);
}

#[test]
fn a_capture_that_stops_in_a_packet_says_so_behind_what_it_has() {
    let file = real();
    let messages: Vec<_> = Messages::new(&file[..file.len() - 700], Options::default())
        .unwrap()
        .collect();
    let (last, before) = messages.split_last().unwrap();
    assert_eq!(last.as_ref().unwrap_err().what, "a packet is cut short");
    assert!(before.len() > 20 && before.iter().all(Result::is_ok));
}

/// How a made capture is written.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Shape {
    pcapng: bool,
    little: bool,
    nanos: bool,
    link: u16,
    v6: bool,
}

const SHAPE: Shape = Shape {
    pcapng: false,
    little: true,
    nanos: false,
    link: 1,
    v6: false,
};

/// One segment: from the client or the server, sequence number, SYN, data.
#[derive(Debug, Clone)]
struct Sent {
    client: bool,
    sequence: u32,
    syn: bool,
    data: Vec<u8>,
}

fn packet(shape: Shape, sent: &Sent) -> Vec<u8> {
    let ports: [u16; 2] = if sent.client {
        [50_000, 42_027]
    } else {
        [42_027, 50_000]
    };
    let mut tcp: Vec<u8> = ports.iter().flat_map(|port| port.to_be_bytes()).collect();
    tcp.extend(sent.sequence.to_be_bytes());
    tcp.extend([0; 4]);
    // With an option, as every SYN has.
    let flags = match (sent.syn, sent.client) {
        (true, true) => 0x02,
        (true, false) => 0x12,
        (false, _) => 0x10,
    };
    tcp.extend([0x60, flags, 0xff, 0xff, 0, 0, 0, 0]);
    tcp.extend([1, 1, 1, 0]);
    tcp.extend(&sent.data);
    let host = |client: bool| u8::from(client) + 1;
    let mut ip = Vec::new();
    if shape.v6 {
        ip.extend([0x60, 0, 0, 0]);
        ip.extend((tcp.len() as u16 + 8).to_be_bytes());
        // Hop-by-hop options first.
        ip.extend([0, 64]);
        for client in [sent.client, !sent.client] {
            ip.extend([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host(client)]);
        }
        ip.extend([6, 0, 1, 4, 0, 0, 0, 0]);
    } else {
        ip.extend([0x45, 0]);
        ip.extend((tcp.len() as u16 + 20).to_be_bytes());
        ip.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
        for client in [sent.client, !sent.client] {
            ip.extend([10, 0, 0, host(client)]);
        }
    }
    ip.extend(tcp);
    let kind: [u8; 2] = if shape.v6 { [0x86, 0xdd] } else { [8, 0] };
    let mut packet = match shape.link {
        // With a VLAN tag.
        1 => [&[0; 12][..], &[0x81, 0, 0, 7], &kind].concat(),
        113 => [&[0; 14][..], &kind].concat(),
        276 => [&kind[..], &[0; 18]].concat(),
        0 | 108 => vec![0; 4],
        _ => Vec::new(),
    };
    packet.extend(ip);
    // Short frames are padded.
    if shape.link == 1 {
        packet.resize(packet.len().max(60), 0);
    }
    packet
}

fn capture(shape: Shape, sent: &[Sent]) -> Vec<u8> {
    let n32 = |value: u32| {
        if shape.little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    };
    let n16 = |value: u16| {
        if shape.little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    };
    let mut file = Vec::new();
    let block = |file: &mut Vec<u8>, kind: u32, mut body: Vec<u8>| {
        body.resize(body.len().next_multiple_of(4), 0);
        let len = body.len() as u32 + 12;
        file.extend(n32(kind));
        file.extend(n32(len));
        file.extend(body);
        file.extend(n32(len));
    };
    let units: u64 = if shape.nanos {
        1_000_000_000
    } else {
        1_000_000
    };
    if shape.pcapng {
        let version = [n16(1), n16(0)].concat();
        let section = [&n32(0x1a2b_3c4d)[..], &version, &[0xff; 8]].concat();
        block(&mut file, 0x0a0d_0d0a, section);
        let resolution = if shape.nanos { 9 } else { 6 };
        let options = [&n16(9)[..], &n16(1), &[resolution, 0, 0, 0], &[0; 4]].concat();
        let interface = [&n16(shape.link)[..], &n16(0), &n32(0), &options].concat();
        block(&mut file, 1, interface);
        // Name resolution, which nobody asked for.
        block(&mut file, 4, vec![0; 8]);
    } else {
        let magic = if shape.nanos {
            0xa1b2_3c4d
        } else {
            0xa1b2_c3d4
        };
        file.extend(n32(magic));
        file.extend([0; 16]);
        file.extend(n32(u32::from(shape.link)));
    }
    for (place, sent) in sent.iter().enumerate() {
        let packet = packet(shape, sent);
        let seconds = 1_700_000_000 + place as u64;
        let len = n32(packet.len() as u32);
        if shape.pcapng {
            let time = seconds * units + units / 2;
            let stamp = [n32((time >> 32) as u32), n32(time as u32)].concat();
            let body = [&n32(0)[..], &stamp, &len, &len, &packet].concat();
            block(&mut file, 6, body);
        } else {
            file.extend(n32(seconds as u32));
            file.extend(n32((units / 2) as u32));
            file.extend([len, len].concat());
            file.extend(packet);
        }
    }
    file
}

/// A short session of a version, as bytes of each side.
fn session(version: u32) -> [Vec<u8>; 2] {
    let version = protocol(version);
    let mut open = OpenReq {
        version_number: version.number(),
        ..Default::default()
    };
    open.floats.push_text(Tag::CLIENT_ID, "someone");
    let mut request = SetAgentStateReq::default();
    request.floats.push_text(Tag::AGENT_ID, "2001");
    let heartbeat = |invoke_id| {
        encoded(
            &HeartbeatReq {
                invoke_id,
                ..Default::default()
            }
            .into(),
            version,
        )
    };
    let mut client = encoded(&open.into(), version);
    client.extend(encoded(&request.into(), version));
    client.extend((0..8).flat_map(heartbeat));
    let conf = [0, 0, 0, 4, 0, 0, 0, 6, 0, 0, 0, 7];
    [client, conf.repeat(6)]
}

fn expected() -> Vec<String> {
    let client = ["OPEN_REQ", "SET_AGENT_STATE_REQ"]
        .into_iter()
        .chain(["HEARTBEAT_REQ"; 8]);
    client.map(String::from).collect()
}

fn of_client(captured: &[Captured]) -> Vec<Captured> {
    let client = captured
        .iter()
        .filter(|captured| captured.to.port() == 42_027);
    client.cloned().collect()
}

/// Segments of at most `size` bytes from a sequence number on, behind a SYN.
fn segments(client: bool, bytes: &[u8], begin: u32, size: usize) -> Vec<Sent> {
    let syn = Sent {
        client,
        sequence: begin.wrapping_sub(1),
        syn: true,
        data: Vec::new(),
    };
    let chunks = bytes.chunks(size).enumerate().map(|(place, data)| Sent {
        client,
        sequence: begin.wrapping_add((place * size) as u32),
        syn: false,
        data: data.to_vec(),
    });
    std::iter::once(syn).chain(chunks).collect()
}

#[test]
fn every_kind_of_file_and_link_is_read() {
    let [client, _] = session(24);
    for link in [0, 1, 12, 101, 108, 113, 228, 276] {
        for (pcapng, little, nanos, v6) in [
            (false, true, false, false),
            (false, false, true, true),
            (false, true, true, false),
            (false, false, false, true),
            (true, true, true, true),
            (true, false, false, false),
        ] {
            let shape = Shape {
                pcapng,
                little,
                nanos,
                link,
                v6,
            };
            let file = capture(shape, &segments(true, &client, 1, 1460));
            let captured = read(&file, Options::default()).unwrap();
            assert_eq!(names(&captured), expected(), "{shape:?}");
            assert_eq!(captured[0].time, 1_700_000_001_500_000_000, "{shape:?}");
        }
    }
}

#[test]
fn each_connection_has_the_version_it_asked_for() {
    for version in 9..=25 {
        let [client, server] = session(version);
        let mut sent = segments(true, &client, 77, 13);
        sent.extend(segments(false, &server, 99, 100));
        let captured = read(&capture(SHAPE, &sent), Options::default()).unwrap();
        assert_eq!(names(&of_client(&captured)), expected(), "{version}");
        assert_eq!(captured.len(), 16);
        for message in captured {
            assert_eq!(message.protocol.number(), version);
        }
    }
}

#[test]
fn a_connection_that_is_none_of_cti_is_passed_over() {
    let text = b"GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n".repeat(5_000);
    let zeros = vec![0; 100_000];
    for data in [&text, &zeros] {
        let sent = segments(true, data, 1, 1000);
        let captured = read(&capture(SHAPE, &sent), Options::default()).unwrap();
        assert_eq!(captured, []);
    }
    // Unless it is the one that was asked for.
    let wanted = Options {
        port: Some(42_027),
        ..Options::default()
    };
    let sent = segments(true, &text[..100], 1, 1000);
    let captured = read(&capture(SHAPE, &sent), wanted).unwrap();
    assert_eq!(names(&captured), ["-100"]);
}

#[test]
fn a_capture_that_began_in_the_middle_begins_with_the_next_message() {
    let [client, _] = session(24);
    let mut sent = segments(true, &client, 1, 20);
    // Neither the SYN nor OPEN_REQ, and the end of something else first.
    sent.drain(..4);
    let captured = read(&capture(SHAPE, &sent), Options::default()).unwrap();
    let names = names(&captured);
    assert!(names[0].starts_with('-'), "{names:?}");
    assert_eq!(names[1..], expected()[1..]);
}

#[test]
fn what_the_capture_lost_is_told_and_the_rest_is_read() {
    let [client, _] = session(24);
    let mut sent = segments(true, &client, u32::MAX - 100, 20);
    // In the middle of the heartbeats.
    sent.remove(8);
    let captured = read(&capture(SHAPE, &sent), Options::default()).unwrap();
    let names = names(&captured);
    assert_eq!(names.iter().filter(|name| name.starts_with('-')).count(), 1);
    assert_eq!(names[0], "OPEN_REQ");
    assert_eq!(names[names.len() - 1], "HEARTBEAT_REQ");
}

#[test]
fn two_connections_from_one_port_are_two() {
    let [old, _] = session(15);
    let [new, _] = session(24);
    let mut sent = segments(true, &old, 5_000, 1000);
    sent.extend(segments(true, &new, 90_000, 1000));
    let captured = read(&capture(SHAPE, &sent), Options::default()).unwrap();
    let expected = [expected(), expected()].concat();
    assert_eq!(names(&captured), expected);
    assert_eq!(captured[0].protocol.number(), 15);
    assert_eq!(captured[19].protocol.number(), 24);
}

#[test]
fn what_is_no_capture_is_refused() {
    for bytes in [&b""[..], b"\n", b"0000000400000005", &[0xd4, 0xc3, 0xb2]] {
        assert!(Messages::new(bytes, Options::default()).is_err());
    }
    let endless = [0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0, 0x1a, 0x2b, 0x3c, 0x4d];
    assert_eq!(
        read(&endless, Options::default()).unwrap_err().what,
        "a block of an impossible length"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Late, twice, overlapping: the messages are the same.
    #[test]
    fn the_order_of_segments_does_not_matter(
        size in 1_usize..80,
        begin in prop_oneof![any::<u32>(), (u32::MAX - 300)..],
        version in prop::sample::select(vec![15_u32, 24]),
        keys in prop::collection::vec(any::<u16>(), 400),
        again in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40), 0..20),
    ) {
        let [client, server] = session(version);
        let mut sent = segments(true, &client, begin, size);
        // A retransmission may be cut elsewhere.
        for (place, more) in again {
            let place = place.index(client.len());
            let end = (place + size + more).min(client.len());
            sent.push(Sent {
                client: true,
                sequence: begin.wrapping_add(place as u32),
                syn: false,
                data: client[place..end].to_vec(),
            });
        }
        let mut order: Vec<usize> = (1..sent.len()).collect();
        order.sort_by_key(|place| keys[*place % keys.len()]);
        let mut shuffled = vec![sent[0].clone()];
        shuffled.extend(order.into_iter().map(|place| sent[place].clone()));
        shuffled.extend(segments(false, &server, begin, size));
        let captured = read(&capture(SHAPE, &shuffled), Options::default()).unwrap();
        prop_assert_eq!(names(&of_client(&captured)), expected());
    }

    #[test]
    fn a_damaged_capture_is_read_as_far_as_it_goes(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut file = real();
        for (at, byte) in damage {
            let at = at.index(file.len());
            file[at] = byte;
        }
        file.truncate(cut.index(file.len()));
        tact_ged188::fuzz::capture(&file);
    }

    #[test]
    fn noise_is_no_capture(noise in prop::collection::vec(any::<u8>(), 0..200), magic in 0_usize..5) {
        let magics: [[u8; 4]; 5] = [
            [0x0a, 0x0d, 0x0d, 0x0a],
            [0xa1, 0xb2, 0xc3, 0xd4],
            [0xd4, 0xc3, 0xb2, 0xa1],
            [0xa1, 0xb2, 0x3c, 0x4d],
            [0x4d, 0x3c, 0xb2, 0xa1],
        ];
        tact_ged188::fuzz::capture(&noise);
        tact_ged188::fuzz::capture(&[&magics[magic][..], &noise].concat());
    }
}
