//! One program for every fuzz target: reads bytes from stdin, panics on a broken invariant.
//!
//! Built with `--cfg afl` (scripts/fuzz.sh) it serves AFL++ from one process; built as usual it runs one input,
//! so `cargo run -p tact-fuzz TARGET < FILE` replays a finding.

mod targets;

use std::io::Read;
use std::process::ExitCode;

use targets::TARGETS;

fn main() -> ExitCode {
    // AFL++ takes over before main could look at arguments, so the list is asked for by the environment.
    if std::env::var_os("TACT_FUZZ_LIST").is_some() {
        for (name, _) in TARGETS {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    }
    let name = std::env::args().nth(1).unwrap_or_default();
    let Some((_, target)) = TARGETS.iter().find(|(known, _)| *known == name) else {
        eprintln!("usage: tact-fuzz TARGET < FILE; TACT_FUZZ_LIST=1 tact-fuzz lists the targets");
        return ExitCode::FAILURE;
    };
    let mut input = Vec::new();
    while driver::next() {
        input.clear();
        if std::io::stdin().lock().read_to_end(&mut input).is_err() {
            return ExitCode::FAILURE;
        }
        target(&input);
    }
    ExitCode::SUCCESS
}

#[cfg(not(afl))]
mod driver {
    use std::sync::atomic::{AtomicBool, Ordering};

    static DONE: AtomicBool = AtomicBool::new(false);

    /// True once.
    pub(super) fn next() -> bool {
        !DONE.swap(true, Ordering::Relaxed)
    }
}

/// AFL++'s persistent mode: 4,400 runs a second where a process each gave 930 (measured on a two-core machine).
#[cfg(afl)]
mod driver {
    /// Runs that one process serves before it is replaced.
    const RUNS: u32 = 10_000;

    // AFL++ looks for these texts in the program to know what it can do.
    #[used]
    static PERSISTENT: &[u8] = b"##SIG_AFL_PERSISTENT##\0";

    unsafe extern "C" {
        fn __afl_persistent_loop(runs: u32) -> i32;
    }

    /// True while AFL++ has another input on stdin.
    pub(super) fn next() -> bool {
        std::hint::black_box(PERSISTENT);
        // SAFETY: AFL++'s runtime is linked in by scripts/fuzz.sh; the function takes and returns plain integers.
        unsafe { __afl_persistent_loop(RUNS) != 0 }
    }
}
