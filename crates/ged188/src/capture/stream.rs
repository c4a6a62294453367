//! The bytes of one direction of a TCP connection in order, out of segments that may come twice, late or never.

use std::collections::BTreeMap;

/// Bytes that may wait for an earlier segment. TCP itself allows more only on fast and long lines.
const MAX_WAITING: usize = 4 << 20;

/// What the stream goes on with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Bytes that follow on what was there before.
    Data(Vec<u8>),
    /// This many bytes are not in the capture.
    Gap(u64),
}

/// One direction. Places in it count from the first byte seen, so that they never wrap.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// Sequence number of place 0.
    origin: Option<u32>,
    /// What was handed on so far.
    next: u64,
    /// Segments that came early, by place.
    waiting: BTreeMap<u64, Vec<u8>>,
    bytes_waiting: usize,
}

impl Stream {
    /// A connection begins: the byte behind the SYN comes first.
    pub(super) fn begin(&mut self, sequence: u32) {
        *self = Self {
            origin: Some(sequence.wrapping_add(1)),
            ..Self::default()
        };
    }

    /// Whether this SYN is the one that the stream began with.
    pub(super) fn began_with(&self, sequence: u32) -> bool {
        self.origin == Some(sequence.wrapping_add(1))
    }

    /// Takes a segment; what can be handed on goes to `out`.
    pub(super) fn take(&mut self, sequence: u32, data: &[u8], out: &mut Vec<Piece>) {
        if data.is_empty() {
            return;
        }
        let origin = *self.origin.get_or_insert(sequence);
        // Sequence numbers wrap; the nearest place to where we are is meant.
        let expected = origin.wrapping_add(self.next as u32);
        let distance = i64::from(sequence.wrapping_sub(expected).cast_signed());
        let Some(place) = self.next.checked_add_signed(distance) else {
            // From before the first byte seen.
            let skip = usize::try_from(distance.unsigned_abs() - self.next).unwrap_or(usize::MAX);
            if let Some(rest) = data.get(skip..).filter(|rest| !rest.is_empty()) {
                self.take(origin, rest, out);
            }
            return;
        };
        let longer = self
            .waiting
            .get(&place)
            .is_none_or(|old| old.len() < data.len());
        if longer && place + data.len() as u64 > self.next {
            self.bytes_waiting += data.len();
            if let Some(old) = self.waiting.insert(place, data.to_vec()) {
                self.bytes_waiting -= old.len();
            }
        }
        self.hand_on(out);
        while self.bytes_waiting > MAX_WAITING {
            self.jump(out);
        }
    }

    /// Nothing comes any more: what waits is handed on with its gaps.
    pub(super) fn end(&mut self, out: &mut Vec<Piece>) {
        while !self.waiting.is_empty() {
            self.jump(out);
        }
    }

    fn hand_on(&mut self, out: &mut Vec<Piece>) {
        while let Some((place, _)) = self.waiting.first_key_value()
            && *place <= self.next
            && let Some((place, mut data)) = self.waiting.pop_first()
        {
            self.bytes_waiting -= data.len();
            let known = usize::try_from(self.next - place).unwrap_or(usize::MAX);
            if known < data.len() {
                data.drain(..known);
                self.next += data.len() as u64;
                out.push(Piece::Data(data));
            }
        }
    }

    /// Gives up on what is missing in front of the first waiting segment.
    fn jump(&mut self, out: &mut Vec<Piece>) {
        if let Some((place, _)) = self.waiting.first_key_value() {
            if *place > self.next {
                out.push(Piece::Gap(*place - self.next));
                self.next = *place;
            }
            self.hand_on(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Data(data) => String::from_utf8_lossy(data).into_owned(),
                Piece::Gap(bytes) => format!("<{bytes}>"),
            })
            .collect()
    }

    fn read(begin: u32, segments: &[(u32, &str)]) -> String {
        let mut stream = Stream::default();
        let mut out = Vec::new();
        stream.begin(begin.wrapping_sub(1));
        for (place, data) in segments {
            stream.take(begin.wrapping_add(*place), data.as_bytes(), &mut out);
        }
        stream.end(&mut out);
        text(&out)
    }

    #[test]
    fn order_repeats_and_overlaps_do_not_matter() {
        for begin in [0, 1000, u32::MAX - 3] {
            assert_eq!(read(begin, &[(0, "abc"), (3, "def")]), "abcdef");
            assert_eq!(read(begin, &[(3, "def"), (0, "abc")]), "abcdef");
            assert_eq!(read(begin, &[(0, "abc"), (0, "abc"), (3, "d")]), "abcd");
            assert_eq!(read(begin, &[(0, "abc"), (1, "bcde"), (2, "c")]), "abcde");
            assert_eq!(
                read(begin, &[(6, "g"), (2, "cd"), (2, "cdef"), (0, "ab")]),
                "abcdefg"
            );
        }
    }

    #[test]
    fn what_never_came_is_told() {
        assert_eq!(read(7, &[(0, "abc"), (5, "f"), (9, "j")]), "abc<2>f<3>j");
        assert_eq!(read(u32::MAX, &[(2, "c")]), "<2>c");
    }

    #[test]
    fn a_stream_that_began_before_the_capture_begins_with_its_first_segment() {
        let mut stream = Stream::default();
        let mut out = Vec::new();
        stream.take(5000, b"cd", &mut out);
        stream.take(4998, b"abcde", &mut out);
        stream.take(4000, b"long ago", &mut out);
        assert_eq!(text(&out), "cde");
    }

    #[test]
    fn a_hole_does_not_hold_up_the_rest_for_ever() {
        let mut stream = Stream::default();
        let mut out = Vec::new();
        stream.begin(0);
        let segment = vec![b'x'; 1 << 20];
        for place in 0..6_u32 {
            stream.take(2 + place * (1 << 20), &segment, &mut out);
        }
        assert_eq!(out.first(), Some(&Piece::Gap(1)));
        assert_eq!(out.len(), 7);
        assert_eq!(stream.bytes_waiting, 0);
    }
}
