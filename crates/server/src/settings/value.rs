//! What the value of a setting may look like. Each function reads `text` into a field, or says what it must be.

use std::fmt::Display;
use std::str::FromStr;

use tact_api::user::ReasonCodeSpelling;

use crate::auth::Publisher;

/// The longest host name (RFC 1035).
const MAX_HOST: usize = 253;

pub(super) fn parse<T: FromStr>(text: &str, expected: &str, field: &mut T) -> Result<(), String> {
    *field = text.parse().map_err(|_| expected.to_owned())?;
    Ok(())
}

pub(super) fn truth(text: &str, field: &mut bool) -> Result<(), String> {
    parse(text, "true or false", field)
}

pub(super) fn port(text: &str, field: &mut u16) -> Result<(), String> {
    parse(text, "a port from 1 to 65535, or 0 for a free one", field)
}

/// A whole number within limits, both included. Digits may be grouped by `_`, as in TOML.
pub(super) fn between<T>(text: &str, least: T, most: T, field: &mut T) -> Result<(), String>
where
    T: FromStr + PartialOrd + Display + Copy,
{
    match text.replace('_', "").parse::<T>() {
        Ok(number) if number >= least && number <= most => {
            *field = number;
            Ok(())
        }
        _ => Err(format!("a whole number from {least} to {most}")),
    }
}

pub(super) fn host(text: &str, field: &mut String) -> Result<(), String> {
    let fits = |character: char| character.is_ascii_alphanumeric() || "-._:".contains(character);
    if text.is_empty() || text.len() > MAX_HOST || !text.chars().all(fits) {
        return Err("a host name or IP address, without scheme or port".to_owned());
    }
    text.clone_into(field);
    Ok(())
}

/// A host, or nothing.
pub(super) fn optional_host(text: &str, field: &mut Option<String>) -> Result<(), String> {
    if text.is_empty() {
        *field = None;
        return Ok(());
    }
    let mut name = String::new();
    host(text, &mut name)?;
    *field = Some(name);
    Ok(())
}

pub(super) fn database(text: &str, field: &mut Option<String>) -> Result<(), String> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if text.is_empty() {
        *field = None;
    } else if known.iter().any(|scheme| text.starts_with(scheme)) {
        *field = Some(text.to_owned());
    } else {
        return Err("sqlite:PATH or postgres://user:password@host/database".to_owned());
    }
    Ok(())
}

/// Origins separated by commas.
pub(super) fn origins(text: &str, field: &mut Vec<String>) -> Result<(), String> {
    let mut origins = Vec::new();
    for origin in text.split(',').map(str::trim).filter(|o| !o.is_empty()) {
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        let complete = host.is_some_and(|host| !host.is_empty() && !host.contains('/'));
        if origin != "*" && !complete {
            return Err("origins such as https://crm.example.com, without a path, or *".to_owned());
        }
        origins.push(origin.to_owned());
    }
    *field = origins;
    Ok(())
}

/// Accounts as NAME:PASSWORD, separated by commas.
pub(super) fn publishers(text: &str, field: &mut Vec<Publisher>) -> Result<(), String> {
    let mut publishers: Vec<Publisher> = Vec::new();
    for account in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
        let (name, password) = account.split_once(':').unwrap_or((account, ""));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let twice = publishers.iter().any(|known| known.name == name);
        if name.is_empty() || password.is_empty() || !name.chars().all(plain) || twice {
            return Err("NAME:PASSWORD, separated by commas, each name once".to_owned());
        }
        publishers.push(Publisher::new(name, password));
    }
    *field = publishers;
    Ok(())
}

/// How documents spell a user's reason code.
pub(super) fn spelling(text: &str, field: &mut ReasonCodeSpelling) -> Result<(), String> {
    *field = match text {
        "both" => ReasonCodeSpelling::Both,
        "upper" => ReasonCodeSpelling::Upper,
        "lower" => ReasonCodeSpelling::Lower,
        _ => return Err("both, upper or lower".to_owned()),
    };
    Ok(())
}

/// The leaves of a TOML table as dotted keys and the text that `--set` would have.
pub(super) fn flatten(prefix: &str, table: &toml::Table, out: &mut Vec<(String, String)>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, out),
            other => out.push((key, plain(other))),
        }
    }
}

fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(values) => {
            let parts: Vec<String> = values.iter().map(plain).collect();
            parts.join(",")
        }
        other => other.to_string(),
    }
}
