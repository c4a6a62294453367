//! The log files, laid out as on the real server, written through `logline`, redacted, rotated by size.
