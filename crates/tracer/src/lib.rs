//! Log files in, logins out: scan, correlate, bound the clocks, diagnose, draw.
