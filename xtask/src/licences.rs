//! The licences of everything that is linked, against an allow-list.

use serde_json::Value;

use crate::layers::{packages, text};

/// Licences that a dependency may offer. One of an `OR` is enough; every part of an `AND` is needed.
const ALLOWED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "MIT-0",
    "Unlicense",
    "CC0-1.0",
    "BSL-1.0",
    "MPL-2.0",
    "Unicode-3.0",
    "CDLA-Permissive-2.0",
];

pub(crate) fn check(metadata: &Value) -> Vec<String> {
    packages(metadata)
        .filter_map(|package| {
            let expression = text(package, "license");
            (!permitted(expression)).then(|| {
                format!(
                    "{} {}: licence {expression:?} is not on the list in xtask/src/licences.rs",
                    text(package, "name"),
                    text(package, "version"),
                )
            })
        })
        .collect()
}

/// Reads the small part of SPDX that registries hold: `A OR B`, `A/B`, `(A OR B) AND C`.
fn permitted(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    !expression.trim().is_empty()
        && split_outside(&expression, " AND ").iter().all(|part| {
            let part = unwrap_parentheses(part.trim());
            split_outside(part, " OR ").iter().any(|choice| {
                let choice = choice.trim();
                ALLOWED.contains(&choice)
                    || (choice != expression
                        && choice.contains([' ', '('])
                        && permitted(unwrap_parentheses(choice)))
            })
        })
}

fn unwrap_parentheses(text: &str) -> &str {
    text.strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .unwrap_or(text)
}

fn split_outside<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0
                && at >= start
                && text
                    .get(at..)
                    .is_some_and(|rest| rest.starts_with(separator)) =>
            {
                parts.extend(text.get(start..at));
                start = at + separator.len();
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}

#[cfg(test)]
mod tests {
    use super::permitted;

    #[test]
    fn expressions_are_read_as_registries_write_them() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR MIT",
            "Apache-2.0 AND ISC",
            "GPL-3.0 OR MIT",
        ] {
            assert!(permitted(good), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(GPL-3.0 OR AGPL-3.0) AND MIT",
        ] {
            assert!(!permitted(bad), "{bad}");
        }
    }
}
