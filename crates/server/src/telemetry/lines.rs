//! Placeholder until the writers of `logline` land: names the line, nothing more.
use tact_logline::{access, ctisvr, notification, realm, webservices};

pub(super) fn access(entry: &access::Access<'_>, _: i32, out: &mut String) {
    out.push_str(&format!("{entry:?}\n"));
}
pub(super) fn webservices(
    sequence: u64,
    host: &str,
    at: i64,
    _: i32,
    thread: &str,
    event: &webservices::Event<'_>,
    out: &mut String,
) {
    out.push_str(&format!("{sequence} {host} {at} {thread} {event:?}\n"));
}
pub(super) fn realm(line: &realm::Realm<'_>, _: i32, out: &mut String) {
    out.push_str(&format!("{line:?}\n"));
}
pub(super) fn notification(line: &notification::Notification<'_>, _: i32, out: &mut String) {
    out.push_str(&format!("{line:?}\n"));
}
pub(super) fn ctisvr(entry: &ctisvr::Entry<'_>, _: i32, out: &mut String) {
    out.push_str(&format!("{entry:?}\n"));
}
