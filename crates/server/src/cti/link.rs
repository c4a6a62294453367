//! The link to a CTI server: connects, reconnects with back-off to side A then B, feeds the desk.
