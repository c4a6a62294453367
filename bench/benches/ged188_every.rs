//! What each message of the CTI wire costs: read and written in the newest version, with every float its guide lists.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use tact_ged188::{HEADER_LEN, Kind, Message, Protocol, Tag, decode, encode};

/// A value of the type that a tag has in a message.
fn value(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::Text => b"2001\0",
        Kind::Bytes => b"12345678",
        Kind::U8 => &[7],
        Kind::U16 => &[0, 7],
        Kind::U32 | Kind::I32 => &[0, 0, 0, 7],
        Kind::NamedVariable => b"user.account\x00007\0",
        Kind::NamedArray => b"\x01user.orders\x00007\0",
    }
}

/// A message of this type on the wire, all numbers 0, each of its floats once.
fn frame(message_type: u32) -> Option<Vec<u8>> {
    let empty = Message::empty(message_type)?;
    let mut bytes = Vec::new();
    encode(&empty, Protocol::CURRENT, &mut bytes).ok()?;
    for tag in Tag::ALL
        .iter()
        .filter(|tag| empty.float_row(**tag).is_some())
    {
        let value = value(empty.float_kind(*tag));
        bytes.extend(tag.0.to_be_bytes());
        bytes.extend(u16::try_from(value.len()).ok()?.to_be_bytes());
        bytes.extend(value);
    }
    let len = u32::try_from(bytes.len() - HEADER_LEN).ok()?;
    bytes.get_mut(..4)?.copy_from_slice(&len.to_be_bytes());
    Some(bytes)
}

fn every(c: &mut Criterion) {
    let mut frames = Vec::new();
    for (message_type, name) in Message::TYPES {
        let bytes = frame(*message_type).unwrap_or_default();
        let Ok(message) = decode(&bytes, Protocol::CURRENT) else {
            eprintln!("{name} cannot be read");
            std::process::exit(1);
        };
        let mut again = Vec::new();
        assert!(encode(&message, Protocol::CURRENT, &mut again).is_ok());
        assert_eq!(again, bytes, "{name}");
        frames.push((*name, bytes, message));
    }

    let all = frames.len();
    let mut group = c.benchmark_group("ged188");
    group.bench_function(format!("decode one of each of {all}"), |b| {
        b.iter(|| {
            for (_, bytes, _) in &frames {
                let _ = black_box(decode(black_box(bytes), Protocol::CURRENT));
            }
        });
    });
    let mut out = Vec::with_capacity(4096);
    group.bench_function(format!("encode one of each of {all}"), |b| {
        b.iter(|| {
            for (_, _, message) in &frames {
                out.clear();
                let _ = black_box(encode(black_box(message), Protocol::CURRENT, &mut out));
            }
        });
    });
    group.finish();

    // So many that each gets a moment only, whatever the command line says.
    let mut group = c.benchmark_group("ged188/each");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(20))
        .measurement_time(Duration::from_millis(50));
    for (name, bytes, message) in &frames {
        group.bench_function(format!("decode {name}"), |b| {
            b.iter(|| decode(black_box(bytes), Protocol::CURRENT));
        });
        group.bench_function(format!("encode {name}"), |b| {
            b.iter(|| {
                out.clear();
                encode(black_box(message), Protocol::CURRENT, &mut out)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, every);
criterion_main!(benches);
