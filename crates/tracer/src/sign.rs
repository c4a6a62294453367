//! Signs: what a log says in words that no parser turns into facts, found by the phrases of the diagnosis table; and
//! credentials in clear. The access and webservices logs, the two that are large, are read by their grammars instead.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use tact_logline::format::Format;

use crate::diagnosis::table::{Evidence, Phrase, ROWS, Row};
use crate::fact::Place;
use crate::window::Fresh;

/// A phrase with what belongs to it lies within this many bytes: one record.
const RECORD: usize = 1_200;
/// Hits of one phrase in one file that are looked at.
const MOST: u64 = 10_000;
/// Characters of a line that are shown.
const SHOWN: usize = 120;

/// A row's phrase in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sign {
    pub(crate) row: &'static Row,
    /// The first places.
    pub(crate) places: Vec<Place>,
    pub(crate) count: u64,
    /// The text at the first place, blanks folded.
    pub(crate) line: String,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Signs {
    /// By file, then row.
    pub(crate) signs: Vec<Sign>,
    /// The first line with credentials of each file, and how many lines have some.
    pub(crate) credentials: Vec<(Place, u64)>,
}

/// What is looked for: the phrases, then the alarms that other logs than webservices may print.
static WANTED: LazyLock<Vec<(&'static Row, Phrase)>> = LazyLock::new(|| {
    let mut wanted = Vec::new();
    for row in &ROWS {
        for evidence in row.evidence {
            match evidence {
                Evidence::Text(phrase) => wanted.push((row, *phrase)),
                Evidence::Alarms(names) => wanted.extend(names.iter().map(|anchor| {
                    let phrase = Phrase {
                        anchor,
                        also: &[],
                        not: &[],
                        in_file: &[],
                    };
                    (row, phrase)
                })),
                _ => {}
            }
        }
    }
    wanted
});

/// Every anchor once: several phrases may share one.
static ANCHORS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut anchors: Vec<&str> = WANTED.iter().map(|(_, phrase)| phrase.anchor).collect();
    anchors.sort_unstable();
    anchors.dedup();
    anchors
});

/// `None` only if the table held a phrase that can't be searched for, which a test rules out.
static SEARCH: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(ANCHORS.iter()).ok());

/// Looks through one source, window by window.
pub(crate) struct Scanner {
    source: usize,
    format: Option<Format>,
    signs: BTreeMap<u8, Sign>,
    credentials: Option<(Place, u64)>,
    /// The last line with credentials.
    last: u64,
}

impl Scanner {
    pub(crate) fn new(source: usize, format: Option<Format>) -> Scanner {
        Scanner {
            source,
            format,
            signs: BTreeMap::new(),
            credentials: None,
            last: 0,
        }
    }

    /// Looks at what is fresh. What a phrase wants beside its anchor must stand in the same window.
    pub(crate) fn window(&mut self, fresh: &Fresh<'_>) {
        if self.format != Some(Format::Webservices) {
            self.credentials(fresh);
        }
        if !matches!(self.format, Some(Format::Webservices | Format::Access)) {
            self.phrases(fresh);
        }
    }

    /// Adds what was found.
    pub(crate) fn finish(self, signs: &mut Signs) {
        signs.credentials.extend(self.credentials);
        signs.signs.extend(self.signs.into_values());
    }

    fn phrases(&mut self, fresh: &Fresh<'_>) {
        let Some(search) = SEARCH.as_ref() else {
            return;
        };
        let bytes = fresh.bytes;
        let mut lines = Lines::new(fresh);
        let from = fresh.range.start;
        let text = bytes.get(from..).unwrap_or_default();
        for hit in search.find_iter(text) {
            let at = from + hit.start();
            let Some(anchor) = ANCHORS.get(hit.pattern().as_usize()) else {
                continue;
            };
            if at >= fresh.range.end {
                break;
            }
            for (row, phrase) in WANTED.iter().filter(|(_, phrase)| phrase.anchor == *anchor) {
                let is_full = self
                    .signs
                    .get(&row.number)
                    .is_some_and(|sign| sign.count >= MOST);
                if is_full || !holds(phrase, bytes, at) {
                    continue;
                }
                let place = Place {
                    source: self.source,
                    line: lines.at(at),
                };
                let sign = self.signs.entry(row.number).or_insert_with(|| Sign {
                    row,
                    places: Vec::new(),
                    count: 0,
                    line: shown(bytes, at),
                });
                sign.count += 1;
                if sign.places.len() < 5 && sign.places.last() != Some(&place) {
                    sign.places.push(place);
                }
            }
        }
    }

    /// Lines that hold credentials in clear: the first of them and how many.
    fn credentials(&mut self, fresh: &Fresh<'_>) {
        let bytes = fresh.bytes;
        let mut lines = Lines::new(fresh);
        let from = fresh.range.start;
        for found in
            memchr::memmem::find_iter(bytes.get(from..).unwrap_or_default(), b"uthorization")
        {
            let at = from + found;
            if at >= fresh.range.end {
                break;
            }
            let behind = bytes
                .get(at + 12..(at + 64).min(bytes.len()))
                .unwrap_or_default();
            if !is_basic(behind) {
                continue;
            }
            let line = lines.at(at);
            let place = Place {
                source: self.source,
                line,
            };
            let (_, count) = self.credentials.get_or_insert((place, 0));
            *count += u64::from(line != self.last);
            self.last = line;
        }
    }
}

/// The record around an anchor says what the phrase wants.
fn holds(phrase: &Phrase, bytes: &[u8], at: usize) -> bool {
    let has = |needle: &str| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
    if !phrase.in_file.iter().all(|needle| has(needle)) {
        return false;
    }
    if phrase.also.is_empty() && phrase.not.is_empty() {
        return true;
    }
    let record = folded(
        bytes
            .get(at.saturating_sub(RECORD / 3)..(at + RECORD).min(bytes.len()))
            .unwrap_or_default(),
    );
    // What stands in front may belong to the record before; only what must be there may.
    let behind = folded(
        bytes
            .get(at..(at + RECORD).min(bytes.len()))
            .unwrap_or_default(),
    );
    phrase.also.iter().all(|needle| record.contains(needle))
        && !phrase
            .not
            .iter()
            .any(|needle| next_record(&behind).contains(needle))
}

/// The text up to where another record of the same kind surely begins.
fn next_record(behind: &str) -> &str {
    let end = ["%MIVR-", " |AppInfo ", " |SdlSig "]
        .iter()
        .filter_map(|mark| behind.get(1..)?.find(mark))
        .min();
    end.and_then(|end| behind.get(..end + 1)).unwrap_or(behind)
}

/// With every run of blanks and line ends as one blank: articles wrap lines.
fn folded(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(bytes: &[u8], at: usize) -> String {
    let start = memchr::memrchr(b'\n', bytes.get(..at).unwrap_or_default()).map_or(0, |at| at + 1);
    // Several records may stand on one line.
    let start = start.max(at.saturating_sub(40));
    let text = folded(
        bytes
            .get(start..(at + 3 * SHOWN).min(bytes.len()))
            .unwrap_or_default(),
    );
    text.chars().take(SHOWN).collect()
}

/// `: Basic bmFtZTp3b3Jk`, plain or percent-encoded once or twice; not a mask.
fn is_basic(behind: &[u8]) -> bool {
    let text = String::from_utf8_lossy(behind);
    let text = text.trim_start_matches([':', '=', ' ']);
    let text = text.strip_prefix("%3D").unwrap_or(text);
    let text = text.strip_prefix("%253D").unwrap_or(text);
    let Some(rest) = text
        .get(..5)
        .filter(|word| word.eq_ignore_ascii_case("basic"))
        .and(text.get(5..))
    else {
        return false;
    };
    let value = ["%2520", "%20", "+", " "]
        .iter()
        .find_map(|blank| rest.strip_prefix(blank))
        .unwrap_or_default();
    let length = value
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
        .count();
    length >= 4
}

/// Line numbers of ascending offsets.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn new(fresh: &Fresh<'a>) -> Lines<'a> {
        Lines {
            bytes: fresh.bytes,
            at: fresh.range.start,
            line: fresh.line,
        }
    }

    /// The line from 1 that holds this offset; never asked for an earlier one than before.
    fn at(&mut self, offset: usize) -> u64 {
        let between = self.bytes.get(self.at..offset).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count() as u64;
        self.at = self.at.max(offset);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Source;

    fn scan(sources: &[Source]) -> Signs {
        crate::read::read(sources, None).signs
    }

    fn rows(text: &str) -> Vec<(u8, u64)> {
        let source = Source::new("x.log".into(), text.as_bytes().to_vec());
        let found = scan(&[source]).signs;
        found
            .iter()
            .map(|sign| (sign.row.number, sign.places[0].line))
            .collect()
    }

    #[test]
    fn the_phrases_can_be_searched_for() {
        assert!(SEARCH.is_some());
    }

    #[test]
    fn a_phrase_that_an_article_wrapped_is_found_at_its_line() {
        let text = "x\n%MIVR-SS_TEL-4-ModuleRunTimeFailure:Real-time\nfailure Exception=PlatformExceptionImpl: Unable to create provider -- Connection\nrefused\n";
        assert_eq!(rows(text), [(26, 3)]);
        assert_eq!(
            rows("pg1A-pgag Fail: Assertion failed: dmpp->source ==  \nnmargs.DMPSystemID."),
            [(30, 1)]
        );
        assert_eq!(rows("pg1A-pgag Trace: dmpp->source is set"), []);
    }

    #[test]
    fn a_good_answer_of_the_cti_manager_is_no_sign() {
        let good = "1.000 |08:59:17.058 |SdlSig |CtiLoginCheckRes |x | reason=0 result=Success\n2.000 |08:59:18.1 |AppInfo |mOpenResult=0x0 x\n";
        assert_eq!(rows(good), []);
        let bad = "1.000 |08:59:17.058 |SdlSig |CtiLoginCheckRes |x | reason=5 result=Failure\n2.000 |08:59:18.1 |AppInfo |mOpenResult=0x8ccc0033 x\n";
        assert_eq!(rows(bad), [(29, 1)]);
    }

    #[test]
    fn credentials_are_counted_and_masked_ones_are_not() {
        let source = |text: &str| Source::new("n".into(), text.as_bytes().to_vec());
        let found = scan(&[
            source(
                ">> \"GET / HTTP/1.1[\\r][\\n]\"\n>>\"Authorization: Basic MjAwMToyMDAx[\\r][\\n]\"\n",
            ),
            source(">>\"Authorization: Basic ***[\\r][\\n]\"\n>>\"Authorization: Bearer x\"\n"),
            source(
                "1.1.1.1 1.1.1.1 - - 80 GET /gadgets/makeRequest ?headers=Authorization%3DBasic%2520MjAwMToyMDAx%26l HTTP/1.1 200 1 1\n",
            ),
        ]);
        let places: Vec<_> = found
            .credentials
            .iter()
            .map(|(place, count)| (place.source, place.line, *count))
            .collect();
        assert_eq!(places, [(0, 2, 1), (2, 1, 1)]);
    }
}
