//! The desktop's client log, 9.x and 10.5+ (logs.md 2.4).
