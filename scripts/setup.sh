#!/usr/bin/env bash
# What a bare Debian 12 machine with Rust and Node 20 lacks: installs it where root may, else says what to install.
# usage: scripts/setup.sh run|test|bench
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'setup: %s\n' "$1" >&2; exit 1; }

command -v cargo >/dev/null || fail 'cargo is missing: install Rust 1.95 or later (https://rustup.rs)'
command -v node >/dev/null || fail 'node is missing: install Node.js 20 or later'
command -v npm >/dev/null || fail 'npm is missing: install it with Node.js'
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "Node.js 20 or later is needed, this is $(node --version)"

# Each line: a test that is true when nothing is missing, then the Debian package that provides it.
packages=()
need() { eval "$1" >/dev/null 2>&1 || packages+=("$2"); }
need 'command -v cc' build-essential
if [ "$1" = test ]; then
    need 'command -v chromium' chromium
    need 'fc-list | grep -qi dejavu' fonts-dejavu-core
    need 'ls /usr/lib/postgresql/*/bin/initdb' postgresql
    need 'command -v setpriv' util-linux
    need 'command -v python3' python3
    need 'python3 -m venv --help && python3 -c "import ensurepip"' python3-venv
    need 'command -v afl-fuzz' afl++
    need 'command -v tsung' tsung
fi
# The servers that the notification service is measured beside. Their packages start them where systemd runs; the bench
# starts its own, on other ports.
if [ "$1" = bench ]; then
    need 'test -x /usr/sbin/ejabberdctl' ejabberd
    need 'command -v prosody' prosody
    need 'command -v setpriv' util-linux
fi
if [ ${#packages[@]} -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        fail "missing packages; install them with: sudo apt-get install ${packages[*]}"
    fi
    printf 'setup: installing %s\n' "${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null || fail 'apt-get update failed'
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null || fail 'apt-get install failed'
fi

if [ "$1" = test ]; then
    # Clients that nobody here wrote, at the versions the tests were made with.
    (cd tests/clients && npm ci --no-audit --no-fund --loglevel=error >/dev/null) || fail 'npm ci failed in tests/clients'
    stamp=tests/clients/.venv/.installed
    if ! cmp -s tests/clients/requirements.txt "$stamp"; then
        python3 -m venv --clear tests/clients/.venv
        tests/clients/.venv/bin/pip install --quiet --disable-pip-version-check -r tests/clients/requirements.txt ||
            fail 'pip install failed in tests/clients'
        cp tests/clients/requirements.txt "$stamp"
    fi
fi
