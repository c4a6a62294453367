//! The start-up list, top to bottom.
