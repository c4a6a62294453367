//! Reads one whole piece: tags, attributes, text, namespaces (XML 1.0; Namespaces in XML 1.0).

use std::borrow::Cow;

use super::characters::{begins_name, continues_name, is_character, is_space};
use super::{Limits, XmlError};
use crate::element::{Attribute, Element, Node};
use crate::ns;

/// The namespace of `xmlns` itself, which nobody may bind.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Prefixes and what they stand for; the last one counts. The default namespace has the empty prefix.
#[derive(Debug, Clone, Default)]
pub(super) struct Bindings<'a>(Vec<(Cow<'a, str>, Cow<'static, str>)>);

impl Bindings<'_> {
    fn find(&self, prefix: &str) -> Option<&Cow<'static, str>> {
        let mut bound = self.0.iter().rev();
        bound
            .find(|(name, _)| name == prefix)
            .map(|(_, namespace)| namespace)
    }
}

/// A reader of text whose characters were checked.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    limits: Limits,
    outer: &'a Bindings<'static>,
    bindings: Bindings<'a>,
}

/// A start tag.
struct Start<'a> {
    element: Element,
    /// Its name as it was written.
    name: &'a str,
    /// True for `<a/>`.
    empty: bool,
    /// How many bindings there were before it.
    bindings: usize,
}

type Result<T> = std::result::Result<T, XmlError>;

fn wrong<T>(what: &'static str) -> Result<T> {
    Err(XmlError::NotWellFormed(what))
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, limits: Limits, outer: &'a Bindings<'static>) -> Reader<'a> {
        Reader {
            text,
            at: 0,
            limits,
            outer,
            bindings: Bindings::default(),
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    /// Everything before `end`, which is taken too.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, _) = self.rest().split_once(end)?;
        self.at += before.len() + end.len();
        Some(before)
    }

    /// Takes white space; true when there was some.
    pub(super) fn space(&mut self) -> bool {
        let white = self.rest().bytes().take_while(|byte| is_space(*byte));
        let white = white.count();
        self.at += white;
        white > 0
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<()> {
        if self.rest().is_empty() {
            return Ok(());
        }
        if self.rest().starts_with("<!") || self.rest().starts_with("<?") {
            return Err(XmlError::Restricted("something behind the document"));
        }
        wrong("something behind the document")
    }

    /// The XML declaration, where there is one.
    pub(super) fn declaration(&mut self) -> Result<()> {
        if !self.rest().starts_with("<?") {
            return Ok(());
        }
        let Some(inside) = self.until("?>") else {
            return wrong("the end is missing");
        };
        let Some(inside) = inside.strip_prefix("<?xml") else {
            return Err(XmlError::Restricted("a processing instruction"));
        };
        let mut inner = Reader::new(inside, self.limits, self.outer);
        let mut told = Vec::new();
        while inner.space() && !inner.rest().is_empty() {
            let name = inner.name()?;
            told.push((name, inner.value()?));
        }
        inner.end()?;
        let mut told = told.into_iter().peekable();
        match told.next() {
            Some(("version", "1.0")) => {}
            _ => return wrong("a declaration of another version"),
        }
        if let Some((_, encoding)) = told.next_if(|(name, _)| *name == "encoding")
            && !encoding.eq_ignore_ascii_case("utf-8")
        {
            return Err(XmlError::Restricted("another encoding"));
        }
        let standalone = told.next_if(|(name, _)| *name == "standalone");
        if standalone.is_some_and(|(_, value)| !matches!(value, "yes" | "no"))
            || told.next().is_some()
        {
            return wrong("the declaration");
        }
        Ok(())
    }

    /// The start tag of a stream, its name as written, and what it declares.
    pub(super) fn header(&mut self) -> Result<(Element, &'a str, Bindings<'static>)> {
        let start = self.start()?;
        self.end()?;
        let bindings = self.bindings.0.drain(..);
        let bindings = bindings
            .map(|(prefix, namespace)| (Cow::Owned(prefix.into_owned()), namespace))
            .collect();
        Ok((start.element, start.name, Bindings(bindings)))
    }

    /// The end tag of a stream; nothing for one that its start tag ended.
    pub(super) fn close(&mut self, root: &str) -> Result<()> {
        if !self.rest().is_empty() {
            self.end_tag(root)?;
        }
        self.end()
    }

    /// One element with everything inside it.
    pub(super) fn element(&mut self) -> Result<Element> {
        let mut open: Vec<Start<'a>> = Vec::new();
        loop {
            let done = if self.rest().starts_with("</") {
                let Some(start) = open.pop() else {
                    return wrong("an end without a start");
                };
                self.end_tag(start.name)?;
                start
            } else {
                if open.len() >= self.limits.depth {
                    return Err(XmlError::TooLarge("depth"));
                }
                let start = self.start()?;
                if !start.empty {
                    open.push(start);
                    self.content(&mut open)?;
                    continue;
                }
                start
            };
            self.bindings.0.truncate(done.bindings);
            let Some(parent) = open.last_mut() else {
                return Ok(done.element);
            };
            parent.element.nodes.push(Node::Element(done.element));
            self.content(&mut open)?;
        }
    }

    /// Text and CDATA sections up to the next tag.
    fn content(&mut self, open: &mut [Start<'a>]) -> Result<()> {
        let Some(parent) = open.last_mut() else {
            return Ok(());
        };
        loop {
            let rest = self.rest();
            let Some(length) = memchr::memchr(b'<', rest.as_bytes()) else {
                return wrong("the end is missing");
            };
            let raw = rest.get(..length).unwrap_or_default();
            if raw.contains("]]>") {
                return wrong("`]]>` in text");
            }
            if !raw.is_empty() {
                parent.element.push_text(unescape(raw, Place::Text)?);
            }
            self.at += length;
            if !self.skip("<![CDATA[") {
                return if self.rest().starts_with("<!") || self.rest().starts_with("<?") {
                    Err(XmlError::Restricted(
                        "a comment, a document type or a processing instruction",
                    ))
                } else {
                    Ok(())
                };
            }
            let Some(section) = self.until("]]>") else {
                return wrong("the end is missing");
            };
            parent.element.push_text(lines(section));
        }
    }

    fn end_tag(&mut self, name: &str) -> Result<()> {
        if !self.skip("</") || !self.skip(name) {
            return wrong("an end tag of another name");
        }
        self.space();
        if self.skip(">") {
            Ok(())
        } else {
            wrong("an end tag of another name")
        }
    }

    fn start(&mut self) -> Result<Start<'a>> {
        if !self.skip("<") {
            return wrong("no element");
        }
        if matches!(self.peek(), Some(b'!' | b'?')) {
            return Err(XmlError::Restricted(
                "a comment, a document type or a processing instruction",
            ));
        }
        let name = self.name()?;
        let before = self.bindings.0.len();
        let mut attributes: Vec<(&'a str, &'a str, String)> = Vec::new();
        let empty = loop {
            let space = self.space();
            if self.skip(">") {
                break false;
            }
            if self.skip("/>") {
                break true;
            }
            if !space {
                return wrong("a tag");
            }
            let (prefix, local) = self.qualified()?;
            let value = unescape(self.value()?, Place::Attribute)?;
            match (prefix, local) {
                ("", "xmlns") => self.bind("", value, before)?,
                ("xmlns", prefix) => self.bind(prefix, value, before)?,
                _ => attributes.push((prefix, local, value)),
            }
            let declared = self.bindings.0.len() - before;
            if attributes.len().max(declared) > self.limits.attributes {
                return Err(XmlError::TooLarge("attributes"));
            }
        };
        let (prefix, local) = split(name)?;
        let namespace = match prefix {
            "" => self.find("").unwrap_or(Cow::Borrowed("")),
            "xmlns" => return wrong("the prefix xmlns"),
            _ => self.resolve(prefix)?,
        };
        let mut element = Element {
            name: local.to_owned(),
            ns: namespace,
            attributes: Vec::with_capacity(attributes.len()),
            nodes: Vec::new(),
        };
        for (prefix, local, value) in attributes {
            // The default namespace is not that of attributes.
            let namespace = match prefix {
                "" => Cow::Borrowed(""),
                _ => self.resolve(prefix)?,
            };
            if element.attribute_in(&namespace, local).is_some() {
                return wrong("an attribute twice");
            }
            element.attributes.push(Attribute {
                ns: namespace,
                name: local.to_owned(),
                value,
            });
        }
        Ok(Start {
            element,
            name,
            empty,
            bindings: before,
        })
    }

    fn find(&self, prefix: &str) -> Option<Cow<'static, str>> {
        let found = self.bindings.find(prefix);
        found.or_else(|| self.outer.find(prefix)).cloned()
    }

    fn resolve(&self, prefix: &str) -> Result<Cow<'static, str>> {
        if prefix == "xml" {
            return Ok(Cow::Borrowed(ns::XML));
        }
        self.find(prefix)
            .map_or_else(|| wrong("a prefix that is not declared"), Ok)
    }

    /// Declares a namespace; `since` is where those of this element begin.
    fn bind(&mut self, prefix: &'a str, namespace: String, since: usize) -> Result<()> {
        let own = self.bindings.0.get(since..).unwrap_or_default();
        if own.iter().any(|(name, _)| name == prefix) {
            return wrong("an attribute twice");
        }
        let reserved = match prefix {
            "xml" => namespace != ns::XML,
            "xmlns" => true,
            "" => false,
            _ => namespace.is_empty(),
        };
        let foreign = namespace == XMLNS || (namespace == ns::XML && prefix != "xml");
        if reserved || foreign {
            return wrong("a namespace that cannot be declared so");
        }
        let namespace = ns::intern(&namespace);
        self.bindings.0.push((Cow::Borrowed(prefix), namespace));
        Ok(())
    }

    /// What may be a name, colons included; [`split`] judges.
    fn name(&mut self) -> Result<&'a str> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c == ':' || continues_name(c)));
        let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.at += name.len();
        if name.len() > self.limits.name {
            return Err(XmlError::TooLarge("name"));
        }
        Ok(name)
    }

    fn qualified(&mut self) -> Result<(&'a str, &'a str)> {
        split(self.name()?)
    }

    /// `= "value"`, as it was written.
    fn value(&mut self) -> Result<&'a str> {
        self.space();
        if !self.skip("=") {
            return wrong("an attribute without a value");
        }
        self.space();
        let quote = match self.peek() {
            Some(b'"') => "\"",
            Some(b'\'') => "'",
            _ => return wrong("a value without quotes"),
        };
        self.at += 1;
        match self.until(quote) {
            Some(value) if value.contains('<') => wrong("`<` in an attribute"),
            Some(value) => Ok(value),
            None => wrong("the end is missing"),
        }
    }
}

/// Prefix and local name.
fn split(name: &str) -> Result<(&str, &str)> {
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) if begins(prefix) => (prefix, local),
        Some(_) => return wrong("a name"),
        None => ("", name),
    };
    if begins(local) && !local.contains(':') {
        Ok((prefix, local))
    } else {
        wrong("a name")
    }
}

fn begins(name: &str) -> bool {
    name.starts_with(begins_name)
}

/// Where text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Attribute,
}

/// Text with its references replaced and its white space as XML wants it (2.11, 3.3.3).
fn unescape(raw: &str, place: Place) -> Result<String> {
    let special = |c: char| match place {
        Place::Text => matches!(c, '&' | '\r'),
        Place::Attribute => matches!(c, '&' | '\r' | '\n' | '\t'),
    };
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(special) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = tail.chars();
        rest = if characters.next() == Some('&') {
            let Some((reference, behind)) = characters.as_str().split_once(';') else {
                return wrong("a reference without an end");
            };
            out.push(referred(reference)?);
            behind
        } else {
            out.push(if place == Place::Text { '\n' } else { ' ' });
            let tail = tail.strip_prefix("\r\n");
            tail.unwrap_or(characters.as_str())
        };
    }
    out.push_str(rest);
    Ok(out)
}

/// Line ends as XML wants them.
fn lines(raw: &str) -> String {
    if raw.contains('\r') {
        raw.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        raw.to_owned()
    }
}

fn referred(reference: &str) -> Result<char> {
    let number = match reference {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => reference.strip_prefix('#'),
    };
    let Some(number) = number else {
        return if begins(reference) && reference.chars().all(continues_name) {
            Err(XmlError::Restricted("an entity of its own"))
        } else {
            wrong("a reference")
        };
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` would take a sign.
    let code = digits
        .bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, radix).ok());
    let character = code.flatten().and_then(char::from_u32);
    match character.filter(|c| is_character(*c)) {
        Some(character) => Ok(character),
        None => wrong("a reference to no character"),
    }
}
