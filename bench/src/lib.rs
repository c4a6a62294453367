//! What is measured, against what: single parts in `benches/`, the whole server in `src/bin/figures/`.
//! `docs/benchmarks.md` says how, and what the figures were.
