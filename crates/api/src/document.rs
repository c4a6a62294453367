//! What every document is: a name, a description of its content, and the way back from a tree.
//!
//! A document says what it holds, in wire order, to a [`Writer`]. It does not know which format comes out.

use crate::element::{Element, ReadError};
use crate::json::JsonWriter;
use crate::xml::XmlWriter;

/// Takes a document's content in wire order. The two writers are XML and JSON.
///
/// JSON shape: an element with children is an object, a [`list`](Writer::list) is an array under the name of its
/// items (also when it holds one or none), an attribute is a key like any other.
pub trait Writer {
    /// Opens an element that has children.
    fn start(&mut self, name: &str);
    /// An attribute of the element just opened; before its first child.
    fn attribute(&mut self, name: &str, value: &str);
    /// Closes the element opened with this name.
    fn end(&mut self, name: &str);
    /// From here to [`list_end`](Writer::list_end) come items that are all called `name`.
    fn list(&mut self, name: &str);
    /// Ends the items.
    fn list_end(&mut self);
    /// An element that holds text; empty text gives an empty element.
    fn text(&mut self, name: &str, value: &str);
    /// An element that holds a number.
    fn number(&mut self, name: &str, value: i64);
    /// An element that holds `true` or `false`.
    fn boolean(&mut self, name: &str, value: bool);
    /// An element that holds a number, or is empty.
    fn number_or_empty(&mut self, name: &str, value: Option<u32>) {
        match value {
            Some(value) => self.number(name, value.into()),
            None => self.text(name, ""),
        }
    }
}

/// A document of the wire: written as XML or JSON, read from either.
pub trait Document: Sized {
    /// The root element of an HTTP body, such as `User`. Events use the lower-camel form.
    const NAME: &'static str;

    /// Describes the content of the root element, in wire order.
    fn write(&self, out: &mut dyn Writer);

    /// Takes the document from its root element. Unknown children are ignored; of duplicates the last wins.
    ///
    /// # Errors
    /// A known child holds what its type forbids.
    fn read(root: &Element) -> Result<Self, ReadError>;

    /// The document under another root name.
    fn write_as(&self, name: &str, out: &mut dyn Writer) {
        out.start(name);
        self.write(out);
        out.end(name);
    }

    /// The document as XML, without declaration or white space between elements.
    fn to_xml(&self) -> String {
        let mut out = XmlWriter::new();
        self.write_as(Self::NAME, &mut out);
        out.finish()
    }

    /// The document as JSON: one key, the root's name.
    fn to_json(&self) -> String {
        let mut out = JsonWriter::new();
        self.write_as(Self::NAME, &mut out);
        out.finish()
    }

    /// Reads an XML body. The root may also be spelt with a small first letter.
    ///
    /// # Errors
    /// Not well-formed, over a limit, a document type or an entity, another root, a bad value.
    fn from_xml(body: &[u8]) -> Result<Self, ReadError> {
        let root = crate::xml::read(body)?;
        root.expect_name(Self::NAME)?;
        Self::read(&root)
    }

    /// Reads a JSON body: `{"User":{...}}`, or the bare inner object.
    ///
    /// # Errors
    /// Not JSON, not an object, over a limit, a bad value.
    fn from_json(body: &[u8]) -> Result<Self, ReadError> {
        Self::read(&crate::json::read(body, Self::NAME)?)
    }
}
