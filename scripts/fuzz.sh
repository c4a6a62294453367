#!/usr/bin/env bash
# Coverage-guided fuzzing on stable Rust: the compiler's own coverage pass, AFL++'s runtime and fuzzer from Debian.
# usage: scripts/fuzz.sh [TARGET...]   FUZZ_SECONDS=30
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-30}
runtime=$(ls /usr/lib/afl/afl-compiler-rt.o 2>/dev/null) || {
    echo 'fuzz: AFL++ is missing; apt-get install afl++' >&2
    exit 1
}
build=target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS="-C passes=sancov-module -C llvm-args=-sanitizer-coverage-level=3 \
-C llvm-args=-sanitizer-coverage-trace-pc-guard -C codegen-units=1 -C panic=abort \
-C link-arg=$runtime --cfg afl" \
    cargo build --quiet --package tact-fuzz --profile fuzz --target "$host" --target-dir "$build"
binary=$build/$host/fuzz/tact-fuzz
mapfile -t targets < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else TACT_FUZZ_LIST=1 "$binary"; fi)

export AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_QUIET=1
one() {
    local target=$1 out=$build/out/$1 seeds=crates/${1%%/*}/testdata/fuzz/${1#*/}
    rm -rf "$out"
    mkdir -p "$out"
    afl-fuzz -V "$seconds" -i "$seeds" -o "$out" -- "$binary" "$target" >"$out/log" 2>&1 || {
        tail -n 20 "$out/log"
        echo "fuzz: $target did not run" >&2
        return 1
    }
    local stats=$out/default/fuzzer_stats
    local execs crashes hangs
    execs=$(sed -n 's/^execs_done *: //p' "$stats")
    crashes=$(find "$out/default/crashes" -name 'id*' | wc -l)
    hangs=$(find "$out/default/hangs" -name 'id*' | wc -l)
    printf 'fuzz %-28s %10s runs, %s crashes, %s hangs\n' "$target" "$execs" "$crashes" "$hangs"
    if [ "$crashes" -gt 0 ]; then
        echo "fuzz: inputs in $out/default/crashes; replay: cargo run -p tact-fuzz $target < FILE; then make it a test" >&2
        return 1
    fi
}
export -f one
export build seconds binary
status=0
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one {}' || status=1
exit $status
