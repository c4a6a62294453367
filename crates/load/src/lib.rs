//! A headless desktop, one or ten thousand of them, and what they measured.
