//! The logs of the Unified CCX engine and its siblings, MIVR, MADM, MCVD and MCLI (logs.md 2.8). Read only.
//!
//! `[seq: ]Mon DD HH:MM:SS.mmm ZZZ %MIVR-<facility>-<severity>-<mnemonic>:<text>`: no year, and a zone of letters that
//! means different offsets in different countries, so a record alone never has a moment.

use crate::local;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uccx<'a> {
    /// Restarts with the engine; `None` where it was cut.
    pub sequence: Option<u64>,
    /// `Dec 05 19:01:36.215`; empty where it was cut.
    pub stamp: &'a str,
    /// Milliseconds since the first of January by the wall clock, in a leap year.
    pub in_year: Option<i64>,
    /// Such as `EST`; may be empty.
    pub zone: &'a str,
    /// Such as `MIVR`.
    pub product: &'a str,
    /// Such as `SS_RM`.
    pub facility: &'a str,
    /// Syslog severity, 0 to 7.
    pub severity: u8,
    /// Such as `UNK` or `ModuleRunTimeFailure`.
    pub mnemonic: &'a str,
    /// The text behind the colon, line ends of a wrapped record included.
    pub text: &'a str,
}

/// The start of a leap year: [`local::no_year`] counts from 1970.
const LEAP_YEAR_MS: i64 = 63_072_000_000;

/// `%MIVR-SS_RM-7-UNK:` at the front: product, facility, severity, mnemonic and the rest.
fn label(text: &str) -> Option<(&str, &str, u8, &str, &str)> {
    let text = text.strip_prefix('%')?;
    let (product, rest) = text.split_once('-')?;
    let is_product = (4..=5).contains(&product.len())
        && product.starts_with('M')
        && product.bytes().all(|b| b.is_ascii_uppercase());
    let (facility, rest) = rest.split_once('-')?;
    let is_facility = !facility.is_empty()
        && facility
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let (severity, rest) = rest.split_once('-')?;
    let severity = match severity.as_bytes() {
        [digit @ b'0'..=b'7'] => digit - b'0',
        _ => return None,
    };
    // A line break may stand before the mnemonic; of the first line alone it is empty.
    let (mnemonic, rest) = match rest.trim_start() {
        "" => ("", ""),
        rest => rest.split_once(':').filter(|found| !found.0.is_empty())?,
    };
    let is_mnemonic = mnemonic.len() <= 64
        && mnemonic
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (is_product && is_facility && is_mnemonic)
        .then_some((product, facility, severity, mnemonic, rest))
}

/// Reads one record, also behind other text; `None` when there is no label in it.
pub fn parse(record: &str) -> Option<Uccx<'_>> {
    let record = record.trim_end();
    let at = mark(record.as_bytes(), 0)?;
    let (product, facility, severity, mnemonic, text) = label(record.get(at..)?)?;
    let start = start_of(record.as_bytes(), at);
    let head = record.get(start..at)?.trim_end();
    let (sequence, stamped) = match head.split_once(": ") {
        Some((sequence, stamped)) => (sequence.parse().ok(), stamped),
        None => (None, head),
    };
    let length = local::no_year(stamped.as_bytes());
    let (stamp, zone) = length
        .and_then(|(_, length)| stamped.split_at_checked(length))
        .unwrap_or_default();
    Some(Uccx {
        sequence,
        stamp,
        in_year: length.map(|(at, _)| at - LEAP_YEAR_MS),
        zone: zone.trim(),
        product,
        facility,
        severity,
        mnemonic,
        text,
    })
}

/// Where a label stands at or behind `from`.
fn mark(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find_iter(bytes.get(from..)?, b"%M").find_map(|found| {
        let rest = bytes.get(from + found..)?;
        let rest = rest.get(..256).unwrap_or(rest);
        let rest = rest.utf8_chunks().next()?.valid();
        label(rest).map(|_| from + found)
    })
}

/// Where the record of the label at `at` starts: its stamp and its sequence number belong to it.
fn start_of(bytes: &[u8], at: usize) -> usize {
    let stamped = |from: usize| {
        let rest = bytes.get(from..at)?;
        let (_, length) = local::no_year(rest)?;
        let zone = rest.get(length..)?.trim_ascii();
        (zone.len() <= 8
            && zone
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b':')))
        .then_some(from)
    };
    let Some(stamp) = (15..=32).find_map(|back| stamped(at.checked_sub(back)?)) else {
        return at;
    };
    let before = bytes.get(..stamp).unwrap_or_default();
    let Some(numbered) = before.strip_suffix(b": ") else {
        return stamp;
    };
    let digits = numbered
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 {
        stamp
    } else {
        numbered.len() - digits
    }
}

/// The next start of a record at or behind `from`, in `bytes` whose present record began at `record`.
pub(crate) fn next_start(bytes: &[u8], record: usize, from: usize) -> Option<usize> {
    let own = bytes.get(record..)?;
    let mut seek = from.checked_sub(record)?;
    while let Some(at) = mark(own, seek) {
        let start = start_of(own, at);
        if start + record >= from {
            return Some(start + record);
        }
        seek = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_every_kind() {
        let line =
            "10231: Dec 05 19:01:36.215 EST %MIVR-SS_RM-7-UNK:isCTIRoutePoint, addr: 5002:true";
        let read = parse(line).expect("a record");
        assert_eq!(
            (read.sequence, read.stamp, read.zone),
            (Some(10_231), "Dec 05 19:01:36.215", "EST")
        );
        assert_eq!(
            (read.facility, read.severity, read.mnemonic),
            ("SS_RM", 7, "UNK")
        );
        assert_eq!(read.text, "isCTIRoutePoint, addr: 5002:true");
        let bare = parse("%MIVR-SS_TEL-7-\nEXCEPTION:com.cisco.jtapi: x").expect("a record");
        assert_eq!(
            (bare.mnemonic, bare.stamp, bare.sequence),
            ("EXCEPTION", "", None)
        );
        let tight = parse("Nov 29 17:53:37.183 IST%MIVR-ICD_CTI-7-UNK:x").expect("a record");
        assert_eq!((tight.zone, tight.facility), ("IST", "ICD_CTI"));
        assert!(parse("100%MORE-x-7-y").is_none());
    }

    #[test]
    fn records_on_one_line_come_apart_before_their_numbers() {
        let text = b"1: Dec 05 19:01:36.215 EST %MIVR-SS_RM-7-UNK:a 2: Dec 05 19:01:36.215 EST %MIVR-SS_RM-7-UNK:b";
        assert_eq!(next_start(text, 0, 0), Some(0));
        let second = next_start(text, 0, 40).expect("another");
        assert!(text[second..].starts_with(b"2: Dec"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "([a-zA-Z0-9:. \n-]|%MIVR-SS_RM-7-UNK:|Dec 05 19:01:36.215 EST |é){0,20}") {
            let _ = parse(&text);
            let _ = next_start(text.as_bytes(), 0, 0);
        }
    }
}
