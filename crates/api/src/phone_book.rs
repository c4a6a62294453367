//! Phone books and their contacts (finesse-api.md 2.3 and 4).

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};

/// The phone books of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PhoneBooks {
    /// Global ones first.
    pub books: Vec<PhoneBook>,
}

/// A phone book; its contacts are behind a URI of their own, or inside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PhoneBook {
    /// URI of the contacts.
    pub contacts: String,
    /// The contacts themselves, as a team's resource shows them; `None` leaves the element out.
    pub inside: Option<Contacts>,
    /// At most 64 characters.
    pub name: String,
    /// `GLOBAL` or `TEAM`.
    pub kind: String,
    /// URI of the book.
    pub uri: String,
}

/// The contacts of a phone book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contacts {
    /// In the book's order.
    pub contacts: Vec<Contact>,
}

/// An entry of a phone book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// At most 128 characters.
    pub description: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// 1 to 32 characters.
    pub phone_number: String,
    /// URI of the contact.
    pub uri: String,
}

impl Document for PhoneBooks {
    const NAME: &'static str = "PhoneBooks";

    fn write(&self, out: &mut dyn Writer) {
        out.list("PhoneBook");
        for book in &self.books {
            book.write_as("PhoneBook", out);
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<PhoneBooks, ReadError> {
        let books = root.children("PhoneBook").map(PhoneBook::read);
        Ok(PhoneBooks {
            books: books.collect::<Result<_, _>>()?,
        })
    }
}

impl Document for PhoneBook {
    const NAME: &'static str = "PhoneBook";

    fn write(&self, out: &mut dyn Writer) {
        if let Some(inside) = &self.inside {
            inside.write_as("Contacts", out);
        }
        out.text("contacts", &self.contacts);
        out.text("name", &self.name);
        out.text("type", &self.kind);
        out.text("uri", &self.uri);
    }

    fn read(root: &Element) -> Result<PhoneBook, ReadError> {
        Ok(PhoneBook {
            contacts: root.string_of("contacts"),
            inside: root.child("Contacts").map(Contacts::read).transpose()?,
            name: root.string_of("name"),
            kind: root.string_of("type"),
            uri: root.string_of("uri"),
        })
    }
}

impl Document for Contacts {
    const NAME: &'static str = "Contacts";

    fn write(&self, out: &mut dyn Writer) {
        out.list("Contact");
        for contact in &self.contacts {
            contact.write_as("Contact", out);
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<Contacts, ReadError> {
        let contacts = root.children("Contact").map(Contact::read);
        Ok(Contacts {
            contacts: contacts.collect::<Result<_, _>>()?,
        })
    }
}

impl Document for Contact {
    const NAME: &'static str = "Contact";

    fn write(&self, out: &mut dyn Writer) {
        out.text("description", &self.description);
        out.text("firstName", &self.first_name);
        out.text("lastName", &self.last_name);
        out.text("phoneNumber", &self.phone_number);
        out.text("uri", &self.uri);
    }

    fn read(root: &Element) -> Result<Contact, ReadError> {
        Ok(Contact {
            description: root.string_of("description"),
            first_name: root.string_of("firstName"),
            last_name: root.string_of("lastName"),
            phone_number: root.string_of("phoneNumber"),
            uri: root.string_of("uri"),
        })
    }
}
