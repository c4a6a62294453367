//! The XML of documents: the writer, and the reader into the tree.
//!
//! The reader resolves character references and the five entities of XML and nothing else: a document type or
//! any other entity is an error, so nothing can be expanded.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::document::Writer;
use crate::element::{Element, MAX_BODY_BYTES, MAX_DEPTH, MAX_ELEMENTS, ReadError};

/// Writes XML without declaration and without white space; empty elements as a start and an end tag.
#[derive(Debug, Default)]
pub struct XmlWriter {
    out: String,
    /// The start tag still lacks its `>`: attributes may come.
    tag_open: bool,
}

impl XmlWriter {
    /// An empty writer.
    pub fn new() -> XmlWriter {
        XmlWriter::default()
    }

    /// The XML.
    pub fn finish(self) -> String {
        self.out
    }

    fn close_tag(&mut self) {
        if std::mem::take(&mut self.tag_open) {
            self.out.push('>');
        }
    }

    fn leaf(&mut self, name: &str, value: &str) {
        self.start(name);
        self.close_tag();
        escape(value, &mut self.out);
        self.end(name);
    }
}

impl Writer for XmlWriter {
    fn start(&mut self, name: &str) {
        self.close_tag();
        self.out.push('<');
        self.out.push_str(name);
        self.tag_open = true;
    }

    fn attribute(&mut self, name: &str, value: &str) {
        debug_assert!(self.tag_open, "attributes come before children");
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        let mut escaped = String::new();
        escape(value, &mut escaped);
        // A reader turns white space in an attribute into blanks unless it is a reference.
        self.out
            .push_str(&escaped.replace('\n', "&#10;").replace('\t', "&#9;"));
        self.out.push('"');
    }

    fn end(&mut self, name: &str) {
        self.close_tag();
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// A list is only its items.
    fn list(&mut self, _name: &str) {}

    fn list_end(&mut self) {}

    fn text(&mut self, name: &str, value: &str) {
        self.leaf(name, value);
    }

    fn number(&mut self, name: &str, value: i64) {
        self.leaf(name, &value.to_string());
    }

    fn boolean(&mut self, name: &str, value: bool) {
        self.leaf(name, if value { "true" } else { "false" });
    }
}

/// Appends text so that it is safe between tags and in double quotes. Characters that XML 1.0 cannot carry become
/// U+FFFD; a carriage return is kept as a reference, because a reader would turn it into a line feed.
pub fn escape(text: &str, out: &mut String) {
    out.reserve(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            c if is_xml_char(c) => out.push(c),
            _ => out.push('\u{FFFD}'),
        }
    }
}

/// `Char` of XML 1.0.
fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Reads one XML document into a tree.
///
/// # Errors
/// Not UTF-8, not well-formed, over a limit, a document type, an entity.
pub fn read(body: &[u8]) -> Result<Element, ReadError> {
    if body.len() > MAX_BODY_BYTES {
        return Err(ReadError::TooLong);
    }
    let text = std::str::from_utf8(body).map_err(|_| ReadError::NotUtf8)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut tree = Tree::default();
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(malformed)? {
            Event::Start(tag) => tree.open(&tag)?,
            Event::Empty(tag) => {
                tree.open(&tag)?;
                tree.close();
            }
            Event::End(_) => tree.close(),
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => tree.reference(&reference)?,
            Event::DocType(_) => return Err(ReadError::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return tree.finish(),
        }
    }
}

/// Refuses a name that could not be written back as an element.
pub(crate) fn check_name(name: &str) -> Result<(), ReadError> {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if first && chars.all(|c| c.is_alphanumeric() || "_-.".contains(c)) {
        return Ok(());
    }
    Err(malformed(format_args!("{name:?} is no element name")))
}

/// Refuses text that XML cannot carry.
pub(crate) fn check_text(text: &str) -> Result<(), ReadError> {
    match text.chars().find(|c| !is_xml_char(*c)) {
        None => Ok(()),
        Some(bad) => Err(malformed(format_args!(
            "character U+{:04X}",
            u32::from(bad)
        ))),
    }
}

fn malformed(error: impl std::fmt::Display) -> ReadError {
    ReadError::Malformed(error.to_string())
}

/// The tree while it grows: the open elements, outermost first, and the finished root.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), ReadError> {
        if self.root.is_some() {
            return Err(malformed("more than one root element"));
        }
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(ReadError::TooManyElements);
        }
        if self.open.len() == MAX_DEPTH {
            return Err(ReadError::TooDeep);
        }
        let mut element = Element::new(tag.local_name().as_ref());
        check_name(&element.name)?;
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(malformed)?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(malformed)?;
            check_text(&value)?;
            let name = attribute.key.local_name().as_ref().to_owned();
            element.attributes.push((name, value.into_owned()));
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) {
        // The reader checks that end tags match, so there is one to close.
        let Some(element) = self.open.pop() else {
            return;
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        check_text(text)?;
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(malformed("text outside the root element")),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), ReadError> {
        if let Some(c) = reference.resolve_char_ref().map_err(malformed)? {
            return self.text(c.encode_utf8(&mut [0; 4]));
        }
        let name = reference.xml10_content();
        match resolve_xml_entity(&name) {
            Some(text) => self.text(text),
            None => Err(ReadError::Entity(name.into_owned())),
        }
    }

    fn finish(self) -> Result<Element, ReadError> {
        if let Some(element) = self.open.last() {
            return Err(malformed(format_args!("{} is not closed", element.name)));
        }
        self.root.ok_or_else(|| malformed("no root element"))
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, ReadError, XmlWriter, escape, read};
    use crate::document::Writer as _;

    #[test]
    fn empty_elements_are_expanded() {
        let mut out = XmlWriter::new();
        out.start("User");
        out.text("extension", "");
        out.end("User");
        assert_eq!(out.finish(), "<User><extension></extension></User>");
    }

    #[test]
    fn attributes_and_lists() {
        let mut out = XmlWriter::new();
        out.start("ReasonCodes");
        out.attribute("category", "NOT_READY");
        out.list("ReasonCode");
        out.list_end();
        out.end("ReasonCodes");
        assert_eq!(
            out.finish(),
            "<ReasonCodes category=\"NOT_READY\"></ReasonCodes>"
        );
    }

    #[test]
    fn what_xml_cannot_carry_is_replaced() {
        let mut out = String::new();
        escape("a<b>&\"\u{1}\r\n\u{FFFF}", &mut out);
        assert_eq!(out, "a&lt;b&gt;&amp;&quot;\u{FFFD}&#13;\n\u{FFFD}");
    }

    #[test]
    fn declaration_namespaces_comments_and_cdata_are_fine() {
        let root = read(
            b"\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- hello -->\n\
              <f:User xmlns:f=\"urn:x\">\r\n <f:state>R<![CDATA[EA]]>&#68;&#x59;</f:state> </f:User>\n",
        )
        .unwrap();
        assert_eq!(root.name, "User");
        assert_eq!(root.text_of("state"), Some("READY"));
    }

    #[test]
    fn nothing_is_expanded() {
        let bomb = b"<!DOCTYPE User [<!ENTITY a \"aaaa\">]><User><state>&a;</state></User>";
        assert_eq!(read(bomb), Err(ReadError::DocumentType));
        let entity = read(b"<User><state>&a;</state></User>");
        assert_eq!(entity, Err(ReadError::Entity("a".to_owned())));
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(read(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(
            read(nested(MAX_DEPTH + 1).as_bytes()),
            Err(ReadError::TooDeep)
        );
    }

    #[test]
    fn elements_are_limited() {
        let wide = format!("<a>{}</a>", "<b/>".repeat(super::MAX_ELEMENTS));
        assert_eq!(read(wide.as_bytes()), Err(ReadError::TooManyElements));
    }

    #[test]
    fn malformed_bodies_are_refused() {
        for body in [
            "",
            "   ",
            "hello",
            "<User>",
            "<User></user>",
            "</User>",
            "<User><state>READY</User>",
            "<User/><User/>",
            "<User/>trailing",
            "<User a=1/>",
            "<User a='1' a='2'/>",
            "<User>&#0;</User>",
            "<User>&#xD800;</User>",
            "<User>a & b</User>",
            "<User>\u{1}</User>",
            "< User/>",
            "<User",
            "<>x</>",
        ] {
            let answer = read(body.as_bytes());
            assert!(
                matches!(answer, Err(ReadError::Malformed(_))),
                "{body:?} gave {answer:?}"
            );
        }
        assert_eq!(read(b"<User>\xFF</User>"), Err(ReadError::NotUtf8));
    }
}
