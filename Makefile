# Two commands are enough: `make run` and `make test`. Both set the machine up themselves.

CARGO ?= cargo
# Dependencies of a test run are built once, in the profile that compiles fastest.
export CARGO_TERM_COLOR ?= auto

.PHONY: run test check bench web fuzz release setup-run setup-test setup-bench clean

## run: build what is needed and start the demo centre on loopback
run: setup-run web
	$(CARGO) build --workspace
	./target/debug/tact serve --set demo.calls_per_hour=30

## test: every test there is: Rust, pages, browser, foreign clients, end to end
test: setup-test web
	$(CARGO) build --workspace
	cd web && npm run --silent check && npm run --silent format:check && npm test --silent
	$(CARGO) test --workspace

## check: what CI checks besides the tests
check:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps

## bench: the figures of docs/benchmarks.md: of the parts, of the contact centre at scale, of the tracer, of the whole server, and of its
##        notification service beside ejabberd and prosody, which it installs where it may
# Where a run at scale is not good, it says so and the rest is measured all the same.
# The whole workspace each time: for one package alone cargo would build the dependencies with other features again.
bench: release setup-bench
	$(CARGO) bench --workspace --bench '*' -- --noplot --warm-up-time 1 --measurement-time 3 --sample-size 20
	-./target/release/acd_load
	-./target/release/cti_load --seconds 20
	-./target/release/cti_load --seconds 20 --rate 500 --all 2
	-./target/release/trace_speed
	./target/release/figures
	./target/release/side_by_side

## fuzz: coverage-guided fuzzing of every parser, FUZZ_SECONDS each (30)
fuzz:
	./scripts/fuzz.sh

## release: target/release/tact with the pages inside
release: setup-run web
	$(CARGO) build --release --workspace

## web: the desktop's pages, built only when they changed
web: crates/server/assets/web/.built

crates/server/assets/web/.built: web/package-lock.json $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/tests/*' 2>/dev/null)
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	touch $@

setup-run:
	@./scripts/setup.sh run

setup-test:
	@./scripts/setup.sh test

# Without them the rest is measured all the same.
setup-bench:
	-@./scripts/setup.sh bench

clean:
	rm -rf target web/node_modules crates/server/assets/web
