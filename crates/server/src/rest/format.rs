//! XML or JSON, as `Accept` asks. XML where nothing is asked: the original knows nothing else.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};

/// A format of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The format of the wire.
    Xml,
    /// For clients that ask for it.
    Json,
}

impl Format {
    /// `Content-Type` of an answer.
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Xml => "application/xml;charset=UTF-8",
            Format::Json => "application/json",
        }
    }

    /// The format of an answer: JSON only where it is named with more weight than XML or anything has.
    pub fn accepted(headers: &HeaderMap) -> Format {
        let (mut json, mut other) = (0_u16, 0_u16);
        let ranges = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok());
        for range in ranges.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = weight(parts);
            match kind.as_str() {
                "application/json" => json = json.max(weight),
                "application/xml" | "text/xml" | "application/*" | "text/*" | "*/*" => {
                    other = other.max(weight);
                }
                _ => {}
            }
        }
        if json > other {
            Format::Json
        } else {
            Format::Xml
        }
    }

    /// The format of a request's body.
    pub fn of_body(headers: &HeaderMap) -> Format {
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let kind = kind
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default();
        if kind.trim().eq_ignore_ascii_case("application/json") {
            Format::Json
        } else {
            Format::Xml
        }
    }
}

/// `q` in thousandths; 1 where it is absent, 0 where it makes no sense.
fn weight<'a>(mut parameters: impl Iterator<Item = &'a str>) -> u16 {
    let Some(q) = parameters.find_map(|parameter| parameter.strip_prefix("q=")) else {
        return 1000;
    };
    let thousandths = q.parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0) * 1000.0;
    thousandths as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_only_where_it_is_preferred() {
        for (accept, expected) in [
            ("", Format::Xml),
            ("*/*", Format::Xml),
            ("application/xml", Format::Xml),
            ("application/json", Format::Json),
            (
                "application/json, text/javascript, */*; q=0.01",
                Format::Json,
            ),
            ("application/xml, application/json", Format::Xml),
            ("application/xml;q=0.5, application/json", Format::Json),
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                Format::Xml,
            ),
            ("application/json;q=0", Format::Xml),
            ("APPLICATION/JSON;charset=utf-8;q=x", Format::Xml),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().unwrap());
            assert_eq!(Format::accepted(&headers), expected, "{accept}");
        }
        assert_eq!(Format::accepted(&HeaderMap::new()), Format::Xml);
    }

    #[test]
    fn a_body_is_xml_unless_it_says_json() {
        for (kind, expected) in [
            ("application/xml", Format::Xml),
            ("Application/XML; charset=utf-8", Format::Xml),
            ("text/plain", Format::Xml),
            ("application/json; charset=utf-8", Format::Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            assert_eq!(Format::of_body(&headers), expected, "{kind}");
        }
    }
}
