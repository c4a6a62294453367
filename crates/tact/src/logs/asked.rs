//! What an engineer asks for, in the words of the VOS command line (logs.md 1.2): `file get activelog
//! desktop/logs/webservices reltime hours 2 recurs compress`. The same words work behind `tact logs get`.

use anyhow::{Context as _, Result, bail};
use jiff::civil::DateTime;
use regex::{Regex, RegexBuilder};

/// The words behind a command.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// The path below the folder of the logs; its last part may hold `*`.
    pub(crate) spec: String,
    /// What `search` looks for.
    pub(crate) pattern: Option<String>,
    /// Changed since then and until then, milliseconds since 1970.
    pub(crate) changed: Option<(i64, i64)>,
    /// `match`: only files with such a name.
    pub(crate) name: Option<Regex>,
    /// Folders below too.
    pub(crate) recurs: bool,
    /// `get`: as one archive.
    pub(crate) compress: bool,
    pub(crate) ignore_case: bool,
    /// `list`: the order and how much.
    pub(crate) order: Order,
    pub(crate) is_reverse: bool,
    pub(crate) is_detailed: bool,
    /// `tail`: how many lines, only those that match, and only of the newest file.
    pub(crate) lines: Option<usize>,
    pub(crate) wanted: Option<String>,
    pub(crate) recent: bool,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Order {
    #[default]
    Name,
    Date,
    Size,
}

/// Where the logs of a real system lie, and where the same ones lie here.
const ALIASES: [(&str, &str); 5] = [
    ("desktop/logs", ""),
    ("desktop", ""),
    ("tomcat/logs", "tomcat"),
    ("icm", "ctisvr"),
    ("finesse/logs", "tomcat"),
];

/// Reads the words; `now` is milliseconds since 1970. With `has_pattern` the second word is what is looked for.
pub(crate) fn asked(words: &[String], has_pattern: bool, now: i64) -> Result<Asked> {
    let mut asked = Asked::default();
    let mut words = words.iter().map(String::as_str).peekable();
    if words
        .next_if(|word| matches!(*word, "activelog" | "inactivelog" | "install"))
        .is_some()
        && words.peek().is_none()
    {
        return Ok(asked);
    }
    asked.spec = words
        .next()
        .unwrap_or_default()
        .trim_matches('/')
        .to_owned();
    if has_pattern {
        let pattern = words.next().context("what shall be looked for?")?;
        asked.pattern = Some(pattern.to_owned());
    }
    while let Some(word) = words.next() {
        let mut next = |what: &str| words.next().with_context(|| format!("{word} needs {what}"));
        match word {
            "reltime" => {
                let unit = next("a unit and a number, as `reltime hours 2`")?;
                let number: i64 = next("a number, as `reltime hours 2`")?.parse()?;
                let ms = unit_ms(unit)?.saturating_mul(number);
                // A live log changes while it is asked for.
                asked.changed = Some((now.saturating_sub(ms), i64::MAX));
            }
            "abstime" => {
                let from = stamp(next("two times")?)?;
                let to = stamp(next("two times")?)?;
                if from > to {
                    bail!("abstime: the first time lies behind the second");
                }
                // A minute is meant whole.
                asked.changed = Some((from, to + 59_999));
            }
            "match" => asked.name = Some(Regex::new(next("a regular expression")?)?),
            "regexp" => asked.wanted = Some(next("a regular expression")?.to_owned()),
            "lines" => asked.lines = Some(next("a number")?.parse()?),
            "recurs" => asked.recurs = true,
            "compress" => asked.compress = true,
            "ignorecase" => asked.ignore_case = true,
            "recent" => asked.recent = true,
            "reverse" => asked.is_reverse = true,
            "detail" | "det" => asked.is_detailed = true,
            "date" => asked.order = Order::Date,
            "size" => asked.order = Order::Size,
            // A terminal's pages; the shell has better ones.
            "page" | "hex" => {}
            other => bail!("{other} is no option of this command"),
        }
    }
    Ok(asked)
}

fn unit_ms(unit: &str) -> Result<i64> {
    const MINUTE: i64 = 60_000;
    Ok(match unit {
        "minutes" => MINUTE,
        "hours" => 60 * MINUTE,
        "days" => 24 * 60 * MINUTE,
        "weeks" => 7 * 24 * 60 * MINUTE,
        "months" => 30 * 24 * 60 * MINUTE,
        other => bail!("{other} is none of months, weeks, days, hours, minutes"),
    })
}

/// `09:00:11/13/16`: hour, minute, month, day, year, in UTC as the logs are.
fn stamp(text: &str) -> Result<i64> {
    let wrong = || format!("{text}: a time looks like 09:00:11/13/16, in UTC");
    let mut parts = text.split([':', '/']).map(str::parse::<i16>);
    let mut next = || parts.next().and_then(Result::ok).with_context(wrong);
    let (hour, minute, month, day, year) = (next()?, next()?, next()?, next()?, next()?);
    let small = |number: i16| i8::try_from(number).unwrap_or(-1);
    let year = if year < 100 { 2_000 + year } else { year };
    let at = DateTime::new(
        year,
        small(month),
        small(day),
        small(hour),
        small(minute),
        0,
        0,
    )
    .with_context(wrong)?;
    let zoned = at.to_zoned(jiff::tz::TimeZone::UTC).with_context(wrong)?;
    Ok(zoned.timestamp().as_millisecond())
}

impl Asked {
    /// True for a file that is asked for: by its path, its name, and when it was changed.
    pub(crate) fn wants(&self, path: &str, modified: i64) -> bool {
        let is_there = self.specs().iter().any(|spec| self.is_below(spec, path));
        let name = path.rsplit('/').next().unwrap_or(path);
        is_there
            && self
                .name
                .as_ref()
                .is_none_or(|wanted| wanted.is_match(name))
            && self
                .changed
                .is_none_or(|(from, to)| (from..=to).contains(&modified))
    }

    /// The path as it was given, and as it is called here.
    fn specs(&self) -> Vec<String> {
        let mut specs = vec![self.spec.clone()];
        for (theirs, ours) in ALIASES {
            let rest = self.spec.strip_prefix(theirs);
            if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                specs.push(format!("{ours}{rest}").trim_matches('/').to_owned());
            }
        }
        specs
    }

    fn is_below(&self, spec: &str, path: &str) -> bool {
        if spec.is_empty() {
            return self.recurs || !path.contains('/');
        }
        if path == spec {
            return true;
        }
        if let Some(rest) = path
            .strip_prefix(spec)
            .and_then(|rest| rest.strip_prefix('/'))
        {
            return self.recurs || !rest.contains('/');
        }
        let (folder, pattern) = spec.rsplit_once('/').unwrap_or(("", spec));
        if !pattern.contains('*') {
            return false;
        }
        let below = match folder {
            "" => Some(path),
            folder => path
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/')),
        };
        below.is_some_and(|rest| {
            let (first, deeper) = rest.split_once('/').unwrap_or((rest, ""));
            is_like(pattern, first) && (deeper.is_empty() || self.recurs)
        })
    }

    /// What `search` or `tail` looks for.
    pub(crate) fn regex(&self) -> Result<Option<regex::bytes::Regex>> {
        let Some(pattern) = self.pattern.as_ref().or(self.wanted.as_ref()) else {
            return Ok(None);
        };
        // Proves the pattern in words first: the message of the bytes' one is the same.
        RegexBuilder::new(pattern).build()?;
        let regex = regex::bytes::RegexBuilder::new(pattern)
            .case_insensitive(self.ignore_case)
            .build()?;
        Ok(Some(regex))
    }
}

/// `*` stands for anything.
fn is_like(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_479_114_000_000;

    fn of(words: &str) -> Asked {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        asked(&words, false, NOW).expect("words")
    }

    #[test]
    fn the_commands_of_the_articles_are_understood() {
        let get = of("activelog /desktop/logs/webservices/ reltime hours 2 compress");
        assert!(get.compress && !get.recurs);
        assert_eq!(get.changed, Some((NOW - 7_200_000, i64::MAX)));
        assert!(
            get.wants("webservices/a.log", NOW - 1)
                && get.wants("desktop/logs/webservices/a.log", NOW)
        );
        assert!(
            !get.wants("webservices/a.log", NOW - 7_200_001)
                && !get.wants("webservices/old/a.log", NOW)
        );
        let get = of("activelog /desktop/logs/ abstime 09:00:11/13/16 09:00:11/14/16 recurs");
        assert_eq!(get.changed, Some((1_479_027_600_000, 1_479_114_059_999)));
        assert!(get.wants("webservices/a.log", NOW));
        let list = of("activelog /desktop/logs/webservices/*2016-08-12* det date");
        assert_eq!((list.order, list.is_detailed), (Order::Date, true));
        assert!(list.wants("webservices/Desktop-webservices.2016-08-12T01.log.zip", 0));
        assert!(!list.wants("webservices/Desktop-webservices.2016-08-11T01.log.zip", 0));
        assert!(
            of("activelog tomcat/logs recurs compress").wants("tomcat/localhost_access_log.txt", 0)
        );
        assert!(of("activelog platform/log/servm*.*").wants("platform/log/servm_1.log", 0));
    }

    #[test]
    fn a_search_has_its_pattern_and_a_name_may_be_matched() {
        let words = [
            "activelog",
            "/desktop/logs/",
            "100011",
            "recurs",
            "ignorecase",
        ]
        .map(str::to_owned);
        let search = asked(&words, true, NOW).expect("words");
        assert_eq!(search.pattern.as_deref(), Some("100011"));
        assert!(search.ignore_case && search.recurs);
        let named = of("webservices match ^Error-");
        assert!(
            named.wants("webservices/Error-Desktop.log", 0)
                && !named.wants("webservices/Desktop.log", 0)
        );
    }

    #[test]
    fn what_is_no_option_is_refused_by_name() {
        let wrong = |words: &str| {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            asked(&words, false, NOW).expect_err("wrong").to_string()
        };
        assert!(wrong("desktop reltimes hours 2").contains("reltimes"));
        assert!(wrong("desktop reltime years 2").contains("years"));
        assert!(wrong("desktop reltime hours").contains("a number"));
        assert!(wrong("desktop abstime 09:00:13/13/16 09:00:11/14/16").contains("09:00:11/13/16"));
        assert!(wrong("desktop abstime 09:00:11/14/16 09:00:11/13/16").contains("behind"));
    }
}
