//! Who may know whom: the house of DESIGN, as a table.

use serde_json::Value;

/// Each crate of ours and the crates of ours that it may depend on. Benches and whole-system tests may know all.
const ALLOWED: &[(&str, &[&str])] = &[
    ("tact-ged188", &[]),
    ("tact-xmpp", &[]),
    ("tact-api", &[]),
    ("tact-logline", &[]),
    ("tact-desk", &["tact-ged188"]),
    ("tact-acd", &["tact-ged188"]),
    (
        "tact-server",
        &[
            "tact-ged188",
            "tact-xmpp",
            "tact-api",
            "tact-logline",
            "tact-desk",
            "tact-acd",
        ],
    ),
    (
        "tact-tracer",
        &["tact-ged188", "tact-xmpp", "tact-api", "tact-logline"],
    ),
    (
        "tact-load",
        &["tact-xmpp", "tact-api", "tact-logline", "tact-ged188"],
    ),
    (
        "tact",
        &[
            "tact-server",
            "tact-tracer",
            "tact-load",
            "tact-ged188",
            "tact-acd",
            "tact-logline",
        ],
    ),
];

/// Crates that nobody depends on and that may know all.
const LEAVES: &[&str] = &["tact-bench", "tact-fuzz", "tact-tests", "tact-xtask"];

pub(crate) fn check(metadata: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages(metadata) {
        let name = text(package, "name");
        if !name.starts_with("tact") || LEAVES.contains(&name) {
            continue;
        }
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
            findings.push(format!(
                "{name}: a new crate needs a place in xtask/src/layers.rs and a reason in ARCHITECTURE.md"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let other = text(dependency, "name");
            let ours = other == "tact" || other.starts_with("tact-");
            if ours && !allowed.contains(&other) {
                findings.push(format!("{name} must not know {other}"));
            }
        }
    }
    findings
}

pub(crate) fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_forbidden_edge_and_an_unknown_crate_are_found() {
        let metadata = json!({"packages": [
            {"name": "tact-desk", "dependencies": [{"name": "tact-server"}, {"name": "tact-ged188"}]},
            {"name": "tact-utils", "dependencies": []},
            {"name": "serde", "dependencies": []},
        ]});
        let findings = super::check(&metadata);
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert_eq!(findings[0], "tact-desk must not know tact-server");
    }
}
