//! Reason codes that only the system gives (ged188.md 4.15): nobody configures them, so their labels are here.
//!
//! Documents show them as `systemCode`, without a database id; without them a desktop could not tell an agent who was
//! signed out by a supervisor why the page is gone (finesse-api.md 2.2).

use tact_api::ReasonCode;

/// Code and label, by code. What stands for the same thing has the same label.
const RESERVED: [(u16, &str); 22] = [
    (255, "Connection lost"),
    (999, "By a supervisor"),
    (20_001, "By a supervisor"),
    (20_002, "By a supervisor"),
    (20_003, "Signing out"),
    (32_762, "Off hook"),
    (32_767, "Call not answered"),
    (50_001, "Client disconnected"),
    (50_002, "Connection lost"),
    (50_003, "Phone out of service"),
    (50_004, "Inactivity"),
    (50_005, "Line busy with another call"),
    (50_006, "Off hook"),
    (50_010, "Calls did not arrive"),
    (50_020, "Skill groups changed"),
    (50_030, "Phone in use elsewhere"),
    (50_040, "Mobile call failed"),
    (50_041, "Mobile call not answered"),
    (50_042, "Mobile line dropped"),
    (65_533, "Extension changed"),
    (65_534, "Contact centre restarted"),
    (65_535, "Contact centre restarted"),
];

/// The reserved code of that number; `None` for one that only a configuration can explain.
pub(super) fn reserved_reason(code: u16, category: &str) -> Option<ReasonCode> {
    let (_, label) = RESERVED.iter().find(|(reserved, _)| *reserved == code)?;
    Some(ReasonCode {
        category: category.to_owned(),
        code: code.into(),
        for_all: true,
        id: None,
        label: (*label).to_owned(),
        system_code: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_codes_have_labels_that_fit() {
        for (code, label) in RESERVED {
            assert!(label.chars().count() <= 40, "{label}");
            let found = reserved_reason(code, "LOGOUT").unwrap();
            assert_eq!((found.code, found.label.as_str()), (code.into(), label));
        }
        assert_eq!(reserved_reason(4711, "LOGOUT"), None);
    }
}
