//! TCP, byte by byte.
