//! table: the name of each target; its seeds are in `crates/<crate>/testdata/fuzz/<target>/`.

/// A function over bytes that panics when an invariant is broken.
pub(crate) type Target = fn(&[u8]);

pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("acd/acd", tact_acd::fuzz::acd),
    ("api/client_log", tact_api::fuzz::client_log),
    ("api/dialog_request", tact_api::fuzz::dialog_request),
    ("api/update", tact_api::fuzz::update),
    ("api/user_put", tact_api::fuzz::user_put),
    ("desk/conversation", tact_desk::fuzz::conversation),
    ("ged188/capture", tact_ged188::fuzz::capture),
    (
        "ged188/decode_every_version",
        tact_ged188::fuzz::decode_every_version,
    ),
    ("ged188/split_frames", tact_ged188::fuzz::split_frames),
    ("logline/access", tact_logline::fuzz::access),
    ("logline/any", tact_logline::fuzz::any),
    ("logline/client", tact_logline::fuzz::client),
    ("logline/ctisvr", tact_logline::fuzz::ctisvr),
    ("logline/foreign", tact_logline::fuzz::foreign),
    ("logline/notification", tact_logline::fuzz::notification),
    ("logline/realm", tact_logline::fuzz::realm),
    ("logline/webservices", tact_logline::fuzz::webservices),
    ("logline/windows", tact_logline::fuzz::windows),
    ("xmpp/bosh_body", tact_xmpp::fuzz::bosh_body),
    ("xmpp/jid_and_sasl", tact_xmpp::fuzz::jid_and_sasl),
    ("xmpp/stream_parser", tact_xmpp::fuzz::stream_parser),
    ("xmpp/websocket_message", tact_xmpp::fuzz::websocket_message),
];
