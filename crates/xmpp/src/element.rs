//! The stanza tree: one element with its attributes and children, and how it is written.

use std::borrow::Cow;

use crate::{escape, ns};

/// An attribute. `ns` is empty for the usual unprefixed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Namespace name; empty without a prefix.
    pub ns: Cow<'static, str>,
    /// Local name.
    pub name: String,
    /// Unescaped value.
    pub value: String,
}

/// What stands inside an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A child element.
    Element(Element),
    /// Unescaped character data.
    Text(String),
}

/// An element and everything inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Local name.
    pub name: String,
    /// Namespace name.
    pub ns: Cow<'static, str>,
    /// Attributes in document order, namespace declarations left out.
    pub attributes: Vec<Attribute>,
    /// Children in document order.
    pub nodes: Vec<Node>,
}

/// Which namespaces the text around an element has declared already.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The default namespace.
    pub default: &'a str,
    /// True where the prefix `stream` is declared.
    pub stream: bool,
}

impl Scope<'_> {
    /// Nothing declared: a standalone document, as on WebSocket.
    pub const NONE: Scope<'static> = Scope {
        default: "",
        stream: false,
    };
    /// Inside a TCP stream's header.
    pub const STREAM: Scope<'static> = Scope {
        default: ns::CLIENT,
        stream: true,
    };
    /// Inside a BOSH body.
    pub const BODY: Scope<'static> = Scope {
        default: ns::HTTPBIND,
        stream: false,
    };
}

impl Element {
    /// An empty element.
    pub fn new(name: &str, ns: &str) -> Element {
        Element {
            name: name.to_owned(),
            ns: ns::intern(ns),
            attributes: Vec::new(),
            nodes: Vec::new(),
        }
    }

    /// The same with an attribute more.
    #[must_use]
    pub fn with_attribute(mut self, name: &str, value: impl Into<String>) -> Element {
        self.attributes.push(Attribute {
            ns: Cow::Borrowed(""),
            name: name.to_owned(),
            value: value.into(),
        });
        self
    }

    /// The same with `xml:lang`.
    #[must_use]
    pub fn with_language(mut self, language: &str) -> Element {
        self.attributes.push(Attribute {
            ns: Cow::Borrowed(ns::XML),
            name: "lang".to_owned(),
            value: language.to_owned(),
        });
        self
    }

    /// The same with a child more.
    #[must_use]
    pub fn with_child(mut self, child: Element) -> Element {
        self.nodes.push(Node::Element(child));
        self
    }

    /// The same with character data more.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Element {
        self.push_text(text.into());
        self
    }

    /// Appends character data. What stands together is one node, however it came.
    pub(crate) fn push_text(&mut self, text: String) {
        match self.nodes.last_mut() {
            Some(Node::Text(last)) => last.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.nodes.push(Node::Text(text)),
        }
    }

    /// True for this name in this namespace.
    pub fn is(&self, name: &str, ns: &str) -> bool {
        self.name == name && self.ns == ns
    }

    /// An unprefixed attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attribute_in("", name)
    }

    /// An attribute in a namespace.
    pub fn attribute_in(&self, ns: &str, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name && attribute.ns == ns)
            .map(|attribute| attribute.value.as_str())
    }

    /// The child elements.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child of this name and namespace.
    pub fn child(&self, name: &str, ns: &str) -> Option<&Element> {
        self.children().find(|child| child.is(name, ns))
    }

    /// The character data directly inside, joined.
    pub fn text(&self) -> Cow<'_, str> {
        let mut parts = self.nodes.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        let Some(first) = parts.next() else {
            return Cow::Borrowed("");
        };
        parts.fold(Cow::Borrowed(first), |joined, part| {
            Cow::Owned(joined.into_owned() + part)
        })
    }

    /// Moves the element and all inside it from one namespace to another: BOSH stanzas may come in the body's.
    pub fn move_namespace(&mut self, from: &str, to: &'static str) {
        if self.ns == from {
            self.ns = Cow::Borrowed(to);
        }
        for node in &mut self.nodes {
            if let Node::Element(child) = node {
                child.move_namespace(from, to);
            }
        }
    }

    /// The element as a document of its own.
    pub fn to_xml(&self) -> String {
        let mut out = String::new();
        self.write(Scope::NONE, &mut out);
        out
    }

    /// Appends the element, declaring what `scope` lacks.
    pub fn write(&self, scope: Scope<'_>, out: &mut String) {
        let prefixed = self.ns == ns::STREAMS;
        let mut inner = scope;
        let tag = if prefixed { "stream:" } else { "" };
        out.push('<');
        out.push_str(tag);
        out.push_str(&self.name);
        if prefixed {
            if !scope.stream {
                inner.stream = true;
                declare("xmlns:stream", ns::STREAMS, out);
            }
        } else if self.ns != scope.default {
            inner.default = &self.ns;
            declare("xmlns", &self.ns, out);
        }
        for (index, attribute) in self.attributes.iter().enumerate() {
            if attribute.ns.is_empty() {
                declare(&attribute.name, &attribute.value, out);
            } else if attribute.ns == ns::XML {
                declare(&format!("xml:{}", attribute.name), &attribute.value, out);
            } else {
                declare(&format!("xmlns:n{index}"), &attribute.ns, out);
                declare(
                    &format!("n{index}:{}", attribute.name),
                    &attribute.value,
                    out,
                );
            }
        }
        if self.nodes.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for node in &self.nodes {
            match node {
                Node::Element(child) => child.write(inner, out),
                Node::Text(text) => escape::text(text, out),
            }
        }
        out.push_str("</");
        out.push_str(tag);
        out.push_str(&self.name);
        out.push('>');
    }
}

/// Appends ` name="value"`.
pub(crate) fn declare(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape::attribute(value, out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declares_only_what_the_scope_lacks() {
        let features =
            Element::new("features", ns::STREAMS).with_child(Element::new("bind", ns::BIND));
        let mut out = String::new();
        features.write(Scope::STREAM, &mut out);
        assert_eq!(
            out,
            "<stream:features><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></stream:features>"
        );
        assert!(
            features
                .to_xml()
                .starts_with("<stream:features xmlns:stream=")
        );
    }

    #[test]
    fn joins_text_around_children() {
        let element = Element::new("a", "")
            .with_text("x")
            .with_child(Element::new("b", ""))
            .with_text("y");
        assert_eq!(element.text(), "xy");
    }
}
