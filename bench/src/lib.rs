//! What is measured, against what: single parts in `benches/`, the whole server in `src/bin/figures/`,
//! its notification service beside two others in `src/bin/side_by_side/`, the contact centre
//! and its CTI clients at scale in `src/bin/acd_load/` and `src/bin/cti_load/`, the tracer over a large log in
//! `src/bin/trace_speed/`.
//! `docs/benchmarks.md` says how, and what the figures were.

pub mod floor;
pub mod logs;
pub mod server;

/// What `tact` has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
