//! Whole-system tests, each named after what a person does.
