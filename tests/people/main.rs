//! What people do with the whole system. Every test starts its own servers on free ports with a folder of its own,
//! waits for conditions, and lets the tracer judge what happened.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, and says where"
)]

mod server;
mod tact;

mod asks_why;
mod asks_why_an_agent_is_gone;
mod closes_the_browser;
mod kills_the_server;
mod lets_another_site_in;
mod loads_the_server;
mod makes_a_mistake_at_sign_in;
mod opens_it_to_the_network;
mod reads_a_trace;
mod reads_events_as_json;
mod reads_the_logs;
mod runs_the_cti_server_apart;
mod sends_garbage;
mod signs_in_over_every_transport;
mod starts_it_wrongly;
mod takes_calls;
mod uses_another_client;
mod works_in_the_browser;
