//! What went wrong, counted and in words.

/// Causes that are kept in words.
const MAX_CAUSES: usize = 5;

/// Failures of many attempts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u64,
    /// Why: each cause once, the first few.
    pub causes: Vec<String>,
}

impl Failures {
    /// Adds one.
    pub fn add(&mut self, cause: impl ToString) {
        self.count += 1;
        let cause = cause.to_string();
        if self.causes.len() < MAX_CAUSES && !self.causes.contains(&cause) {
            self.causes.push(cause);
        }
    }

    /// The causes in one line.
    pub fn in_words(&self) -> String {
        self.causes.join("; ")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_failure_counts_and_each_cause_is_told_once() {
        let mut failures = super::Failures::default();
        for number in 0..20 {
            failures.add(format!("cause {}", number % 7));
        }
        assert_eq!((failures.count, failures.causes.len()), (20, 5));
        assert!(failures.in_words().starts_with("cause 0; cause 1; "));
    }
}
