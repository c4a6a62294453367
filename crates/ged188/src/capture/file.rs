//! Packets out of a capture file: pcap with micro- or nanoseconds, pcapng, either byte order.
//!
//! Knows the file's own structure, nothing of what is in a packet. Formats: draft-ietf-opsawg-pcap,
//! draft-ietf-opsawg-pcapng.

/// How captures begin: pcapng, then pcap with microseconds and with nanoseconds in both byte orders.
pub(super) const MAGICS: [[u8; 4]; 5] = [
    [0x0a, 0x0d, 0x0d, 0x0a],
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
    [0x4d, 0x3c, 0xb2, 0xa1],
];

/// Bytes of a pcap's header, and of the header of each of its packets.
const PCAP_HEADER: usize = 24;
const PCAP_RECORD: usize = 16;
/// Interfaces that one section of a pcapng may describe.
const MAX_INTERFACES: usize = 65_536;
const NANOS: u64 = 1_000_000_000;

/// What is wrong with a capture, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} at offset {offset} of the capture")]
pub struct FileError {
    /// Bytes from the beginning of the file.
    pub offset: usize,
    /// What.
    pub what: &'static str,
}

/// One captured packet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packet<'a> {
    /// Nanoseconds since 1970.
    pub(super) time: i64,
    /// LINKTYPE of its interface.
    pub(super) link: u16,
    /// What was captured of it.
    pub(super) data: &'a [u8],
}

/// A cursor that knows the byte order.
#[derive(Debug, Clone, Copy)]
struct Cursor<'a> {
    rest: &'a [u8],
    little: bool,
}

impl<'a> Cursor<'a> {
    fn u16(&mut self) -> Option<u16> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(if self.little {
            u16::from_le_bytes(*bytes)
        } else {
            u16::from_be_bytes(*bytes)
        })
    }

    fn u32(&mut self) -> Option<u32> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(if self.little {
            u32::from_le_bytes(*bytes)
        } else {
            u32::from_be_bytes(*bytes)
        })
    }

    fn take(&mut self, len: u32) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(len).ok()?)?;
        self.rest = rest;
        Some(taken)
    }
}

/// A pcapng interface.
#[derive(Debug, Clone, Copy)]
struct Interface {
    link: u16,
    /// Units of its time stamps in a second.
    per_second: u64,
    /// Seconds to add.
    offset: i64,
}

#[derive(Debug)]
enum Format {
    Pcap { link: u16, nanos_per_unit: u32 },
    Pcapng { interfaces: Vec<Interface> },
}

/// The packets of a file.
#[derive(Debug)]
pub(super) struct Packets<'a> {
    all: &'a [u8],
    at: usize,
    little: bool,
    format: Format,
    fault: Option<FileError>,
}

impl<'a> Packets<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, FileError> {
        let none = FileError {
            offset: 0,
            what: "neither pcap nor pcapng",
        };
        let magic = bytes.first_chunk::<4>().ok_or(none)?;
        let [pcapng, micro, micro_little, nano, nano_little] = MAGICS;
        let little = [micro_little, nano_little].contains(magic);
        let (at, format) = if *magic == pcapng {
            (
                0,
                Format::Pcapng {
                    interfaces: Vec::new(),
                },
            )
        } else if [micro, micro_little, nano, nano_little].contains(magic) {
            let mut network = Cursor {
                rest: bytes.get(20..PCAP_HEADER).ok_or(FileError {
                    offset: bytes.len(),
                    what: "the header is cut short",
                })?,
                little,
            };
            let nanos_per_unit = if [nano, nano_little].contains(magic) {
                1
            } else {
                1000
            };
            // The upper half has other uses.
            let link = network.u32().unwrap_or_default() as u16;
            (
                PCAP_HEADER,
                Format::Pcap {
                    link,
                    nanos_per_unit,
                },
            )
        } else {
            return Err(none);
        };
        Ok(Self {
            all: bytes,
            at,
            little,
            format,
            fault: None,
        })
    }

    /// Why there are no more packets; told once.
    pub(super) fn fault(&mut self) -> Option<FileError> {
        self.fault.take()
    }

    fn fail<T>(&mut self, what: &'static str) -> Option<T> {
        self.fault = Some(FileError {
            offset: self.at,
            what,
        });
        self.at = self.all.len();
        None
    }

    fn cursor(&self) -> Cursor<'a> {
        Cursor {
            rest: self.all.get(self.at..).unwrap_or_default(),
            little: self.little,
        }
    }

    fn next_of_pcap(&mut self, link: u16, nanos_per_unit: u32) -> Option<Packet<'a>> {
        let mut cursor = self.cursor();
        if cursor.rest.is_empty() {
            return None;
        }
        let (Some(seconds), Some(fraction), Some(len), Some(_)) =
            (cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32())
        else {
            return self.fail("a packet's header is cut short");
        };
        let Some(data) = cursor.take(len) else {
            return self.fail("a packet is cut short");
        };
        self.at += PCAP_RECORD + data.len();
        let time =
            i64::from(seconds) * 1_000_000_000 + i64::from(fraction) * i64::from(nanos_per_unit);
        Some(Packet { time, link, data })
    }

    /// The next packet among the blocks; blocks without one are taken note of or passed over.
    fn next_of_pcapng(&mut self) -> Option<Packet<'a>> {
        loop {
            let mut cursor = self.cursor();
            if cursor.rest.is_empty() {
                return None;
            }
            // A section begins in a byte order of its own, told by the word behind the length.
            if cursor.rest.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) {
                self.little = match cursor.rest.get(8..12) {
                    Some([0x1a, 0x2b, 0x3c, 0x4d]) => false,
                    Some([0x4d, 0x3c, 0x2b, 0x1a]) => true,
                    Some(_) => return self.fail("a section without a byte order"),
                    None => return self.fail("a section is cut short"),
                };
                if let Format::Pcapng { interfaces } = &mut self.format {
                    interfaces.clear();
                }
                cursor.little = self.little;
            }
            let (Some(kind), Some(len)) = (cursor.u32(), cursor.u32()) else {
                return self.fail("a block's header is cut short");
            };
            if len < 12 || !len.is_multiple_of(4) {
                return self.fail("a block of an impossible length");
            }
            let Some(body) = cursor.take(len - 12) else {
                return self.fail("a block is cut short");
            };
            self.at += body.len() + 12;
            let mut body = Cursor {
                rest: body,
                little: self.little,
            };
            let Format::Pcapng { interfaces } = &mut self.format else {
                return None;
            };
            let packet = match kind {
                1 if interfaces.len() < MAX_INTERFACES => {
                    interfaces.extend(interface(&mut body));
                    None
                }
                2 => old_packet(&mut body, interfaces),
                3 => simple_packet(&mut body, interfaces),
                6 => enhanced_packet(&mut body, interfaces),
                _ => None,
            };
            if packet.is_some() {
                return packet;
            }
        }
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Packet<'a>;

    fn next(&mut self) -> Option<Packet<'a>> {
        match self.format {
            Format::Pcap {
                link,
                nanos_per_unit,
            } => self.next_of_pcap(link, nanos_per_unit),
            Format::Pcapng { .. } => self.next_of_pcapng(),
        }
    }
}

/// Interface Description Block.
fn interface(body: &mut Cursor<'_>) -> Option<Interface> {
    let link = body.u16()?;
    let (_reserved, _snap_len) = (body.u16()?, body.u32()?);
    let mut interface = Interface {
        link,
        per_second: 1_000_000,
        offset: 0,
    };
    while let (Some(code), Some(len)) = (body.u16(), body.u16()) {
        let Some(value) = body.take(u32::from(len).next_multiple_of(4)) else {
            break;
        };
        match (code, value) {
            (0, _) => break,
            // if_tsresol: a power of ten, or of two with the highest bit set.
            (9, [exponent, ..]) => {
                let base: u64 = if exponent & 0x80 == 0 { 10 } else { 2 };
                let power = base.checked_pow(u32::from(exponent & 0x7f));
                interface.per_second = power.unwrap_or(interface.per_second);
            }
            // if_tsoffset.
            (14, value) => {
                if let Some(bytes) = value.first_chunk::<8>() {
                    interface.offset = if body.little {
                        i64::from_le_bytes(*bytes)
                    } else {
                        i64::from_be_bytes(*bytes)
                    };
                }
            }
            _ => {}
        }
    }
    Some(interface)
}

/// Enhanced Packet Block.
fn enhanced_packet<'a>(body: &mut Cursor<'a>, interfaces: &[Interface]) -> Option<Packet<'a>> {
    let interface = interfaces.get(usize::try_from(body.u32()?).ok()?)?;
    stamped(body, interface)
}

/// Packet Block, which preceded it.
fn old_packet<'a>(body: &mut Cursor<'a>, interfaces: &[Interface]) -> Option<Packet<'a>> {
    let interface = interfaces.get(usize::from(body.u16()?))?;
    let _drops = body.u16()?;
    stamped(body, interface)
}

fn stamped<'a>(body: &mut Cursor<'a>, interface: &Interface) -> Option<Packet<'a>> {
    let units = u64::from(body.u32()?) << 32 | u64::from(body.u32()?);
    let len = body.u32()?;
    let _on_the_wire = body.u32()?;
    let seconds = i64::try_from(units / interface.per_second).unwrap_or(i64::MAX);
    let part = u128::from(units % interface.per_second) * u128::from(NANOS)
        / u128::from(interface.per_second);
    let time = seconds
        .saturating_add(interface.offset)
        .saturating_mul(1_000_000_000)
        .saturating_add(i64::try_from(part).unwrap_or(0));
    Some(Packet {
        time,
        link: interface.link,
        data: body.take(len)?,
    })
}

/// Simple Packet Block: of the first interface, without a time, padded to four bytes.
fn simple_packet<'a>(body: &mut Cursor<'a>, interfaces: &[Interface]) -> Option<Packet<'a>> {
    let link = interfaces.first()?.link;
    let len = usize::try_from(body.u32()?).ok()?;
    Some(Packet {
        time: 0,
        link,
        data: body.rest.get(..len.min(body.rest.len()))?,
    })
}
