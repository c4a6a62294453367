//! The certificate in the data folder: there, and until when. Reads just enough of X.509 (RFC 5280, 4.1) for that.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Check;

/// The file that the HTTP part keeps.
const FILE: &str = "certificate.pem";
/// A certificate that ends sooner than this is a warning.
const SOON_MS: i64 = 30 * 86_400_000;

/// Looks at the certificate of the data folder.
pub(super) fn check(data: &Path, now: i64) -> Check {
    let name = "certificate";
    let path = data.join(FILE);
    let fix = format!(
        "put a valid certificate and key there, or remove {} and key.pem: a self-signed one is made at the next start",
        path.display()
    );
    if !path.exists() {
        return Check::ok(
            name,
            "not there yet; a self-signed one is made at the first start",
        );
    }
    let pem = match std::fs::read(&path) {
        Ok(pem) => pem,
        Err(error) => return Check::fail(name, format!("{}: {error}", path.display()), fix),
    };
    let first = rustls_pemfile::certs(&mut pem.as_slice()).next();
    let Some(Validity { begins, ends }) = first
        .and_then(Result::ok)
        .and_then(|certificate| validity(&certificate))
    else {
        return Check::fail(
            name,
            format!("{} holds no certificate", path.display()),
            fix,
        );
    };
    if now < begins.as_millisecond() {
        Check::fail(name, format!("valid from {begins} only"), fix)
    } else if now > ends.as_millisecond() {
        Check::fail(name, format!("expired on {ends}"), fix)
    } else if ends.as_millisecond() - now < SOON_MS {
        Check::warn(name, format!("expires soon, on {ends}"), fix)
    } else {
        Check::ok(name, format!("valid until {ends}"))
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Validity {
    begins: Timestamp,
    ends: Timestamp,
}

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// `[0]`, the version, which an old certificate leaves out.
const VERSION: u8 = 0xA0;

/// The validity of a certificate in DER.
fn validity(der: &[u8]) -> Option<Validity> {
    let (certificate, _) = value(der, SEQUENCE)?;
    let (fields, _) = value(certificate, SEQUENCE)?;
    let fields = match value(fields, VERSION) {
        Some((_, after)) => after,
        None => fields,
    };
    let (_serial, fields) = value(fields, INTEGER)?;
    let (_signature, fields) = value(fields, SEQUENCE)?;
    let (_issuer, fields) = value(fields, SEQUENCE)?;
    let (times, _) = value(fields, SEQUENCE)?;
    let (begins, times) = time(times)?;
    let (ends, _) = time(times)?;
    Some(Validity { begins, ends })
}

/// The content of a value with `tag` at the front of `der`, and what follows it.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        // The low bits say how many bytes the length takes; a certificate needs no more than three.
        let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7F))?;
        if bytes.len() > 3 {
            return None;
        }
        let length = bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        (length, rest)
    };
    let found = rest.split_at_checked(length)?;
    (*first == tag).then_some(found)
}

/// A time at the front of `der`: `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
fn time(der: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (text, rest, short) = match value(der, UTC_TIME) {
        Some((text, rest)) => (text, rest, true),
        None => {
            let (text, rest) = value(der, GENERALIZED_TIME)?;
            (text, rest, false)
        }
    };
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let text = match short {
        // RFC 5280: 50 and above are of the last century.
        true if text >= "50" => format!("19{text}"),
        true => format!("20{text}"),
        false => text.to_owned(),
    };
    let time = DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    Some((zoned.timestamp(), rest))
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    const DAY: i64 = 86_400_000;

    fn folder() -> (tempfile::TempDir, i64) {
        let folder = tempfile::tempdir().unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let mut wanted = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        wanted.not_before = rcgen::date_time_ymd(2026, 1, 1);
        wanted.not_after = rcgen::date_time_ymd(2051, 6, 1);
        let certificate = wanted.self_signed(&key).unwrap();
        std::fs::write(folder.path().join(FILE), certificate.pem()).unwrap();
        let ends: Timestamp = "2051-06-01T00:00:00Z".parse().unwrap();
        (folder, ends.as_millisecond())
    }

    #[test]
    fn a_certificate_is_judged_by_the_day() {
        let (folder, ends) = folder();
        let at = |now| check(folder.path(), now).verdict;
        assert_eq!(at(ends - 31 * DAY), Verdict::Ok);
        assert_eq!(at(ends - 29 * DAY), Verdict::Warn);
        assert_eq!(at(ends + 1), Verdict::Fail);
        assert_eq!(at(0), Verdict::Fail);
    }

    #[test]
    fn none_is_fine_and_nonsense_is_not() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(check(folder.path(), 0).verdict, Verdict::Ok);
        std::fs::write(folder.path().join(FILE), "nonsense").unwrap();
        assert_eq!(check(folder.path(), 0).verdict, Verdict::Fail);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_can_break_the_reader(bytes: Vec<u8>) {
            let _ = validity(&bytes);
        }
    }
}
