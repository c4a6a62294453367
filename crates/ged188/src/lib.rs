//! The GED-188 CTI wire: bytes to typed messages and back, protocol versions 9 to 25.
