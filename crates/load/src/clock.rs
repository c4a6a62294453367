//! The one place of this crate that reads the time, and ids made of randomness.

/// Milliseconds since 1970-01-01 UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "a client's clock; this crate is no part of the server"
)]
pub fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// A random UUID, as desktops make for their requestId.
pub fn request_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    let mut value = u128::from_be_bytes(bytes);
    // RFC 9562: version 4, variant 1.
    value = value & !(0xf << 76) | 0x4 << 76;
    value = value & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{value:032x}");
    let mut id = String::with_capacity(36);
    for (index, digit) in hex.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        id.push(digit);
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    #[test]
    fn request_ids_are_version_4_uuids() {
        let id = super::request_id().unwrap();
        let parts: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(&id[14..15], "4");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"));
    }
}
