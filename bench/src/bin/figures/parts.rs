//! What the benches of the parts measured last, from the files that they leave behind.

use std::path::Path;

use serde_json::Value;

/// A figure of one part.
pub(crate) struct Part {
    /// What was measured.
    pub(crate) name: &'static str,
    /// The figure.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// The figure to beat, and true where more is better.
    pub(crate) target: Option<(f64, bool)>,
}

/// How a bench's nanoseconds an iteration become a figure.
enum Measure {
    /// As they are.
    Nanoseconds,
    /// So many pieces of work an iteration.
    PerSecond(f64),
}

type Row = (
    &'static str,
    &'static str,
    Measure,
    &'static str,
    Option<(f64, bool)>,
);

/// The folder of each bench below `criterion/`, and what its figure is. 10,000 agents change state in an iteration of
/// the acd's.
const PARTS: [Row; 6] = [
    (
        "ged188_decode AGENT_STATE_EVENT",
        "GED-188 decode AGENT_STATE_EVENT",
        Measure::Nanoseconds,
        "ns",
        Some((250.0, false)),
    ),
    (
        "ged188_encode AGENT_STATE_EVENT",
        "GED-188 encode AGENT_STATE_EVENT",
        Measure::Nanoseconds,
        "ns",
        None,
    ),
    (
        "acd/state steps",
        "acd, agent state steps on one core",
        Measure::PerSecond(10_000.0),
        "/s",
        Some((500_000.0, true)),
    ),
    (
        "desk/agent_state_event",
        "desk, one AGENT_STATE_EVENT",
        Measure::Nanoseconds,
        "ns",
        None,
    ),
    (
        "xmpp_event rendered once",
        "XMPP, an event rendered and escaped once",
        Measure::Nanoseconds,
        "ns",
        None,
    ),
    (
        "xmpp/event addressed to a recipient",
        "XMPP, each session it is addressed to",
        Measure::Nanoseconds,
        "ns",
        Some((70.0, false)),
    ),
];

/// The figures that there are. `binary` is the measured program, below cargo's target folder.
pub(crate) fn read(binary: &Path) -> Vec<Part> {
    let Some(target) = binary.parent().and_then(Path::parent) else {
        return Vec::new();
    };
    PARTS
        .iter()
        .filter_map(|(folder, name, measure, unit, target_figure)| {
            let path = target
                .join("criterion")
                .join(folder)
                .join("new/estimates.json");
            let ns = nanoseconds(&std::fs::read_to_string(path).ok()?)?;
            Some(Part {
                name,
                value: match measure {
                    Measure::Nanoseconds => ns,
                    Measure::PerSecond(pieces) => pieces * 1e9 / ns,
                },
                unit,
                target: *target_figure,
            })
        })
        .collect()
}

/// The median of an iteration.
fn nanoseconds(estimates: &str) -> Option<f64> {
    let estimates: Value = serde_json::from_str(estimates).ok()?;
    estimates.pointer("/median/point_estimate")?.as_f64()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_median_is_read() {
        let json = r#"{"mean":{"point_estimate":9.0},"median":{"point_estimate":7.5}}"#;
        assert_eq!(super::nanoseconds(json), Some(7.5));
        assert_eq!(super::nanoseconds("{}"), None);
    }
}
