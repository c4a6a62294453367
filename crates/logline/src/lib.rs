//! One grammar for each log line, used to write it and to read it; the twelve steps of a login.
