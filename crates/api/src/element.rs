//! The tree that documents are read from: bounded, without namespaces, the same for XML and JSON.

/// A body longer than this many bytes is refused before it is looked at.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;
/// Elements may be nested this deep; the deepest document of the wire needs seven.
pub const MAX_DEPTH: usize = 16;
/// A body may hold this many elements; 1500 contacts need about nine thousand.
pub const MAX_ELEMENTS: usize = 65_536;

/// Why a body could not be read. REST answers `Bad Request` for each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Longer than [`MAX_BODY_BYTES`].
    #[error("the body is longer than {MAX_BODY_BYTES} bytes")]
    TooLong,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("elements are nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// More elements than [`MAX_ELEMENTS`].
    #[error("more than {MAX_ELEMENTS} elements")]
    TooManyElements,
    /// Not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// Not well-formed.
    #[error("not well-formed: {0}")]
    Malformed(String),
    /// A document type declaration; none is ever read.
    #[error("a document type is not allowed")]
    DocumentType,
    /// A reference to an entity other than the five of XML; none is ever expanded.
    #[error("entity {0} is not allowed")]
    Entity(String),
    /// Another root element than the resource asks for.
    #[error("root element {found} instead of {expected}")]
    WrongRoot {
        /// What the resource asks for.
        expected: &'static str,
        /// What the body holds.
        found: String,
    },
    /// A known element holds what its type forbids.
    #[error("{value:?} is no value for {element}")]
    BadValue {
        /// The element.
        element: &'static str,
        /// Its text.
        value: String,
    },
}

/// An element: its local name, its attributes, its text or its children.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// The name without its prefix.
    pub name: String,
    /// Attributes in document order, name without prefix.
    pub attributes: Vec<(String, String)>,
    /// The text directly inside, references resolved, white space kept.
    pub text: String,
    /// Child elements in document order.
    pub children: Vec<Element>,
}

impl Element {
    /// An empty element.
    pub fn new(name: impl Into<String>) -> Element {
        Element {
            name: name.into(),
            ..Element::default()
        }
    }

    /// The last child with this name: of duplicates the last wins.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().rev().find(|child| child.name == name)
    }

    /// All children with this name, in order.
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// An attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let named = self.attributes.iter().find(|(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The text without the white space around it.
    pub fn trimmed(&self) -> &str {
        self.text.trim()
    }

    /// The trimmed text of a child; `None` when it is absent or empty.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(Element::trimmed)
            .filter(|text| !text.is_empty())
    }

    /// The trimmed text of a child; empty when it is absent.
    pub fn string_of(&self, name: &str) -> String {
        self.text_of(name).unwrap_or_default().to_owned()
    }

    /// A child as a value of its type; `None` when it is absent or empty.
    ///
    /// # Errors
    /// The text is no such value.
    pub fn value_of<T: std::str::FromStr>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, ReadError> {
        let Some(text) = self.text_of(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| ReadError::BadValue {
            element: name,
            value: text.to_owned(),
        })
    }

    /// Checks the root's name; a small first letter is as good.
    ///
    /// # Errors
    /// It is another element.
    pub fn expect_name(&self, expected: &'static str) -> Result<(), ReadError> {
        if same_name(&self.name, expected) {
            return Ok(());
        }
        Err(ReadError::WrongRoot {
            expected,
            found: self.name.clone(),
        })
    }
}

/// `user` and `User` are the same root: HTTP and notifications spell the first letter differently.
pub(crate) fn same_name(found: &str, expected: &str) -> bool {
    let (mut found, mut expected) = (found.chars(), expected.chars());
    let first = match (found.next(), expected.next()) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(&b),
        (None, None) => true,
        _ => false,
    };
    first && found.as_str() == expected.as_str()
}

#[cfg(test)]
mod tests {
    use super::{Element, same_name};

    fn leaf(name: &str, text: &str) -> Element {
        Element {
            text: text.to_owned(),
            ..Element::new(name)
        }
    }

    #[test]
    fn the_last_of_duplicates_wins() {
        let root = Element {
            children: vec![leaf("state", "READY"), leaf("state", " NOT_READY\n")],
            ..Element::new("User")
        };
        assert_eq!(root.text_of("state"), Some("NOT_READY"));
    }

    #[test]
    fn only_the_first_letter_may_differ_in_case() {
        assert!(same_name("user", "User"));
        assert!(same_name("systemInfo", "SystemInfo"));
        assert!(!same_name("USER", "User"));
        assert!(!same_name("Users", "User"));
        assert!(!same_name("", "User"));
    }
}
