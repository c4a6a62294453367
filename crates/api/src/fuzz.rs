//! Fuzz targets: functions over bytes that must not panic; what could be read is written and read back equal.

use crate::client_log::ClientLog;
use crate::dialog_request::DialogRequest;
use crate::document::Document;
use crate::update::Update;
use crate::user::UserPut;

/// The body of `PUT User/{id}`, as XML and as JSON.
pub fn user_put(data: &[u8]) {
    stable::<UserPut>(data);
}

/// The bodies of `PUT Dialog/{id}` and `POST User/{id}/Dialogs`, as XML and as JSON.
pub fn dialog_request(data: &[u8]) {
    stable::<DialogRequest>(data);
}

/// The envelope of a notification, with every payload that it may hold.
pub fn update(data: &[u8]) {
    stable::<Update>(data);
}

/// The body of `POST User/{id}/ClientLog`.
pub fn client_log(data: &[u8]) {
    stable::<ClientLog>(data);
}

/// Reading either fails, or gives a document that survives its own XML and JSON.
fn stable<D: Document + PartialEq + std::fmt::Debug>(data: &[u8]) {
    for read in [D::from_xml(data), D::from_json(data)] {
        let Ok(document) = read else { continue };
        let xml = document.to_xml();
        let again = D::from_xml(xml.as_bytes());
        assert_eq!(again.as_ref(), Ok(&document), "through {xml}");
        let json: Result<serde_json::Value, _> = serde_json::from_str(&document.to_json());
        assert!(json.is_ok(), "{}", document.to_json());
    }
}
