//! What came of a run, as a table.

use std::fmt::Write as _;
use std::time::Duration;

use tokio::net::TcpStream;

use crate::book::Book;

/// Milliseconds that 99 of 100 events may take.
const ALLOWED_MS: f64 = 50.0;

/// Whether nothing was lost, nothing out of order, nobody cut off but who did not read, and the events in time.
pub(crate) fn is_good(book: &Book) -> bool {
    let state = book.state.borrow();
    let lost = state.order.lost(book.agents()) + state.order.open_calls() + book.open();
    let in_time = state
        .waits
        .iter()
        .all(|waits| waits.count() > 0 && waits.percentile_ms(99.0) <= ALLOWED_MS);
    lost == 0
        && state.order.wrong == 0
        && state.refused.is_empty()
        && state.ended.is_empty()
        && state.stalled.iter().all(|(_, stream)| is_closed(stream))
        && in_time
}

/// What there is to say of a run that took so long, of a server with this process id.
pub(crate) fn table(book: &Book, elapsed: Duration, calls: u64, server: u32) -> String {
    let state = book.state.borrow();
    let order = &state.order;
    let mut table = String::new();
    let mut line = |name: &str, value: String| {
        // Writing to a string does not fail.
        let _ = writeln!(table, "{name:<42} {value}");
    };
    let seconds = elapsed.as_secs_f64();
    let rate = |count: u64| format!("{count}, {:.1} a second", count as f64 / seconds);
    line("ALL_EVENTS sessions that read", book.all().to_string());
    line(
        "CLIENT_CONTROL sessions that read",
        book.agents().to_string(),
    );
    line("seconds", format!("{seconds:.1}"));
    line("requests that cause an event", rate(state.requests));
    line("calls made", rate(calls));
    line(
        "calls compared at caller and taker",
        order.compared.to_string(),
    );
    line("events at ALL_EVENTS sessions", rate(order.heard[0]));
    line("events at CLIENT_CONTROL sessions", rate(order.heard[1]));
    line("lost", order.lost(book.agents()).to_string());
    line("out of order or unexpected", order.wrong.to_string());
    line("requests without all their events", book.open().to_string());
    line(
        "calls that did not end for everyone",
        order.open_calls().to_string(),
    );
    line("refused", state.refused.len().to_string());
    line("sessions that ended early", state.ended.len().to_string());
    let [all, agents] = &state.waits;
    for (name, waits) in [
        ("request to event at ALL_EVENTS, ms", all),
        ("request to event at CLIENT_CONTROL, ms", agents),
        ("MAKE_CALL_REQ to TALKING anywhere, ms", &state.call_waits),
    ] {
        if waits.count() > 0 {
            let [p50, p99, p999, most] =
                [50.0, 99.0, 99.9, 100.0].map(|it| waits.percentile_ms(it));
            line(
                name,
                format!("p50 {p50:.2}  p99 {p99:.2}  p99.9 {p999:.2}  longest {most:.2}"),
            );
        }
    }
    for (kind, stream) in &state.stalled {
        let closed = is_closed(stream);
        let text = if closed {
            "cut off by the server"
        } else {
            "still connected"
        };
        line(&format!("the stalled {kind} session"), text.to_owned());
    }
    let status = std::fs::read_to_string(format!("/proc/{server}/status")).unwrap_or_default();
    for (name, key) in [
        ("server memory now", "VmRSS:"),
        ("server memory at most", "VmHWM:"),
    ] {
        let value = status.lines().find_map(|it| it.strip_prefix(key));
        line(name, value.unwrap_or("unknown").trim().to_owned());
    }
    for text in state.refused.iter().chain(&state.ended).take(5) {
        line("first of them", text.clone());
    }
    table
}

/// Reads what a stalled session left, until there is nothing more or the connection is gone.
fn is_closed(stream: &TcpStream) -> bool {
    let mut bytes = [0; 4096];
    loop {
        match stream.try_read(&mut bytes) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
        }
    }
}
