//! The JSON of documents: the writer, and the reader into the same tree as XML's.
//!
//! The original has no JSON for these documents; the shape is the one that XML-to-object converters of clients
//! make, except that a list is always an array.

use serde_json::Value;

use crate::document::Writer;
use crate::element::{Element, MAX_BODY_BYTES, MAX_DEPTH, MAX_ELEMENTS, ReadError, same_name};
use crate::xml::{check_name, check_text};

/// Writes compact JSON: the document's root is the one key of the outer object.
#[derive(Debug)]
pub struct JsonWriter {
    out: String,
    /// The objects and arrays that are open, outermost first.
    open: Vec<Level>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    is_list: bool,
    is_empty: bool,
}

impl Default for JsonWriter {
    fn default() -> JsonWriter {
        JsonWriter::new()
    }
}

impl JsonWriter {
    /// A writer with its outer object opened.
    pub fn new() -> JsonWriter {
        JsonWriter {
            out: "{".to_owned(),
            open: vec![Level {
                is_list: false,
                is_empty: true,
            }],
        }
    }

    /// The JSON.
    pub fn finish(mut self) -> String {
        self.out.push('}');
        self.out
    }

    /// The comma and, inside an object, the key.
    fn key(&mut self, name: &str) {
        let Some(level) = self.open.last_mut() else {
            return;
        };
        let is_list = level.is_list;
        if !std::mem::take(&mut level.is_empty) {
            self.out.push(',');
        }
        if !is_list {
            string(name, &mut self.out);
            self.out.push(':');
        }
    }

    fn enter(&mut self, name: &str, is_list: bool) {
        self.key(name);
        self.out.push(if is_list { '[' } else { '{' });
        self.open.push(Level {
            is_list,
            is_empty: true,
        });
    }

    fn leave(&mut self) {
        if let Some(level) = self.open.pop() {
            self.out.push(if level.is_list { ']' } else { '}' });
        }
    }
}

impl Writer for JsonWriter {
    fn start(&mut self, name: &str) {
        self.enter(name, false);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.text(name, value);
    }

    fn end(&mut self, _name: &str) {
        self.leave();
    }

    fn list(&mut self, name: &str) {
        self.enter(name, true);
    }

    fn list_end(&mut self) {
        self.leave();
    }

    fn text(&mut self, name: &str, value: &str) {
        self.key(name);
        string(value, &mut self.out);
    }

    fn number(&mut self, name: &str, value: i64) {
        self.key(name);
        self.out.push_str(&value.to_string());
    }

    fn boolean(&mut self, name: &str, value: bool) {
        self.key(name);
        self.out.push_str(if value { "true" } else { "false" });
    }
}

/// Appends a JSON string.
fn string(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Reads one JSON object into a tree: `{"User":{...}}`, or the bare inner object.
///
/// # Errors
/// Not JSON, not an object, over a limit.
pub fn read(body: &[u8], root: &'static str) -> Result<Element, ReadError> {
    if body.len() > MAX_BODY_BYTES {
        return Err(ReadError::TooLong);
    }
    let value: Value =
        serde_json::from_slice(body).map_err(|error| ReadError::Malformed(error.to_string()))?;
    let Value::Object(mut object) = value else {
        return Err(ReadError::Malformed("not an object".to_owned()));
    };
    let wrapped = object
        .iter()
        .next()
        .filter(|(key, inner)| object.len() == 1 && same_name(key, root) && inner.is_object())
        .map(|(key, _)| key.clone());
    let inner = match wrapped.and_then(|key| object.remove(&key)) {
        Some(inner) => inner,
        None => Value::Object(object),
    };
    let mut elements = 0;
    element(root, &inner, 1, &mut elements)
}

fn element(
    name: &str,
    value: &Value,
    depth: usize,
    elements: &mut usize,
) -> Result<Element, ReadError> {
    *elements += 1;
    if *elements > MAX_ELEMENTS {
        return Err(ReadError::TooManyElements);
    }
    if depth > MAX_DEPTH {
        return Err(ReadError::TooDeep);
    }
    check_name(name)?;
    let mut made = Element::new(name);
    match value {
        Value::Null => {}
        Value::Bool(value) => made.text = value.to_string(),
        Value::Number(value) => made.text = value.to_string(),
        Value::String(value) => {
            // The text may go on into an event, which is XML.
            check_text(value)?;
            made.text.clone_from(value);
        }
        Value::Array(_) => return Err(ReadError::Malformed("an array inside an array".to_owned())),
        Value::Object(fields) => {
            for (key, value) in fields {
                let single = std::slice::from_ref(value);
                let items = value.as_array().map_or(single, Vec::as_slice);
                for item in items {
                    made.children.push(element(key, item, depth + 1, elements)?);
                }
            }
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::{JsonWriter, read};
    use crate::document::Writer as _;
    use crate::element::ReadError;

    #[test]
    fn lists_are_arrays_even_with_one_item() {
        let mut out = JsonWriter::new();
        out.start("User");
        out.text("loginId", "2001");
        out.start("roles");
        out.list("role");
        out.text("role", "Agent");
        out.list_end();
        out.end("roles");
        out.number("reasonCodeId", -1);
        out.boolean("x", true);
        out.end("User");
        assert_eq!(
            out.finish(),
            r#"{"User":{"loginId":"2001","roles":{"role":["Agent"]},"reasonCodeId":-1,"x":true}}"#
        );
    }

    #[test]
    fn strings_are_escaped() {
        let mut out = JsonWriter::new();
        out.text("a", "\"\\\n\u{1}é");
        assert_eq!(out.finish(), "{\"a\":\"\\\"\\\\\\n\\u0001é\"}");
    }

    #[test]
    fn wrapped_and_bare_objects_are_the_same() {
        let wrapped = read(br#"{"User":{"state":"READY","reasonCodeId":16}}"#, "User").unwrap();
        let bare = read(br#"{"state":"READY","reasonCodeId":16}"#, "User").unwrap();
        assert_eq!(wrapped, bare);
        assert_eq!(bare.text_of("reasonCodeId"), Some("16"));
    }

    #[test]
    fn bad_json_is_refused() {
        for body in [
            "",
            "[]",
            "\"x\"",
            "{\"a\":",
            "{\"a\":[[1]]}",
            "nul",
            "{\"a b\":1}",
            "{\"a\":\"\\u0001\"}",
        ] {
            let answer = read(body.as_bytes(), "User");
            assert!(
                matches!(answer, Err(ReadError::Malformed(_))),
                "{body}: {answer:?}"
            );
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
        assert_eq!(read(deep.as_bytes(), "User"), Err(ReadError::TooDeep));
    }
}
