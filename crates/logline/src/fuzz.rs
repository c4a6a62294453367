//! One function for each parser: any bytes may come, none may panic, and what was read is read again the same from
//! what the writer makes of it.

use crate::webservices::{Header, Lists};
use crate::{
    access, audit, client, ctios, ctisvr, ece, format, notification, platform, portico, procmon,
    realm, record, redact, sdl, uccx, webservices, wrap,
};

/// `%CCBU_` records: parse, make typed, write, parse again.
pub fn webservices(data: &[u8]) {
    for record in record::split(Some(format::Format::Webservices), data) {
        let text = String::from_utf8_lossy(record.bytes);
        let Some(record) = webservices::parse(&text) else {
            continue;
        };
        let mut lists = Lists::default();
        let event = record.event(&mut lists);
        let header = Header {
            sequence: 1,
            host: "host",
            at: 0,
            offset_minutes: 0,
            thread: record.thread,
        };
        let mut once = String::new();
        webservices::write(&header, &event, &mut once);
        assert_eq!(once.matches('\n').count(), 1, "one line a record");
    }
}

/// Access log lines.
pub fn access(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some(parsed) = access::parse(&text) else {
        return;
    };
    let mut once = String::new();
    access::write(&parsed, &mut once);
    assert_eq!(once.matches('\n').count(), 1, "one line a record");
}

/// Realm log lines.
pub fn realm(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some(parsed) = realm::parse(&text) else {
        return;
    };
    let mut once = String::new();
    realm::write(&parsed, &mut once);
    assert_eq!(once.matches('\n').count(), 1, "one line a record");
}

/// Notification service lines.
pub fn notification(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some(parsed) = notification::parse(&text) else {
        return;
    };
    let _ = notification::session(parsed.text);
    let mut once = String::new();
    notification::write(&parsed, &mut once);
    assert_eq!(once.matches('\n').count(), 1, "one line a record");
}

/// CTI server entries: write and read again gives the same entry.
pub fn ctisvr(data: &[u8]) {
    for record in record::split(Some(format::Format::Ctisvr), data) {
        let text = String::from_utf8_lossy(record.bytes);
        let Some(parsed) = ctisvr::parse(&text) else {
            continue;
        };
        let mut once = String::new();
        ctisvr::write(&parsed.entry, 0, &mut once);
        let again = ctisvr::parse(&once).map(|parsed| parsed.entry.body);
        let mut twice = String::new();
        if let Some(body) = again {
            ctisvr::write(
                &ctisvr::Entry {
                    body,
                    ..parsed.entry
                },
                0,
                &mut twice,
            );
            assert_eq!(once, twice, "write, parse, write gives the same text");
        }
    }
}

/// Client log entries.
pub fn client(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let plain = client::unescaped(&text);
    for record in record::split(Some(format::Format::Client), plain.as_bytes()) {
        let text = String::from_utf8_lossy(record.bytes);
        if let Some(entry) = client::parse(&text) {
            let _ = client::said(entry.text);
        }
    }
}

/// Every format that is read only, one after the other, whatever the bytes look like.
pub fn foreign(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _ = uccx::parse(&text);
    let _ = sdl::parse(&text).map(|read| {
        read.fields
            .iter()
            .flat_map(|field| sdl::pairs(field))
            .count()
    });
    let _ = ctios::parse(&text).map(|read| read.argument("AgentID"));
    let _ = platform::parse(&text);
    let _ = procmon::parse(&text);
    let _ = ece::parse(&text);
    let _ = portico::parse(&text);
    let _ = audit::parse(&text);
    let joined = wrap::joined(&text);
    assert_eq!(wrap::joined(&joined), joined, "joining is stable");
}

/// The records of each format, of the whole and of two windows: the same.
pub fn windows(data: &[u8]) {
    let Some((cut, data)) = data.split_first() else {
        return;
    };
    let cut = data.len() * usize::from(*cut) / 255;
    for format in format::Format::ALL {
        let own = |record: record::Record<'_>| (record.line, record.bytes.to_vec());
        let whole: Vec<_> = record::split(Some(format), data).map(own).collect();
        let state = record::State::new(Some(format));
        let (near, far) = data.split_at_checked(cut).unwrap_or((data, &[]));
        let mut first = record::Split::window(state, near, far.is_empty());
        let mut found: Vec<_> = first.by_ref().map(own).collect();
        let rest = data.get(first.consumed()..).unwrap_or_default();
        if !far.is_empty() {
            found.extend(record::Split::window(first.state(), rest, true).map(own));
        }
        assert_eq!(found, whole, "{}", format.name());
    }
}

/// Sniffing, splitting and redaction of anything.
pub fn any(data: &[u8]) {
    let format = format::sniff(data);
    let mut last = 0;
    for record in record::split(format, data) {
        assert!(record.line >= last, "records come in order");
        last = record.line;
        let text = String::from_utf8_lossy(record.bytes);
        let once = redact::line(&text).into_owned();
        assert_eq!(redact::line(&once), once, "redaction is stable");
    }
}
