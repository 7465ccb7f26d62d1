#!/usr/bin/env bash
# Installs what this machine lacks to build, run and test Bowline; quiet and quick when there is nothing to do.
#   eng/setup.sh            what `make up` needs
#   eng/setup.sh --test     also what the tests need (a browser, PostgreSQL's programs, networks of their own, a TURN server)
#   eng/setup.sh --bench    also what the benchmarks compare with (the C client of NATS, an SSH server)
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

packages=(nats-server libssl3 libsqlite3-0 libsecp256k1-1 libnice10 libusrsctp2)
for option in "$@"; do
  case "$option" in
    --test) packages+=(chromium openssl postgresql util-linux iproute2 nftables coturn) ;;
    --bench) packages+=(libnats-dev openssh-server openssh-client gcc libc6-dev iproute2) ;;
    *) fail "unknown option $option (known: --test, --bench)" ;;
  esac
done

command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing. Install it from https://dot.net (or your distribution) and run this again."
dotnet --version >/dev/null 2>&1 || fail "the .NET SDK here does not satisfy global.json: $(dotnet --version 2>&1 | head -1)"

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
  done
else
  command -v nats-server >/dev/null || fail "nats-server is missing. macOS: brew install nats-server; otherwise https://github.com/nats-io/nats-server/releases"
fi

if [ "${#missing[@]}" -gt 0 ]; then
  say "installing ${missing[*]}"
  root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  {
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 || { cat "$log" >&2; fail "could not install ${missing[*]}. Run: apt-get install ${missing[*]}"; }
  # The packages start services of their own; Bowline runs its own children and wants none of them.
  case " ${missing[*]} " in *" postgresql "*)
    # Without systemd the package's script has started its cluster itself.
    if [ ! -d /run/systemd/system ] && command -v pg_lsclusters >/dev/null; then
      pg_lsclusters --no-header 2>/dev/null | while read -r version name _ status _; do
        case "$status" in online*) "${root[@]}" pg_ctlcluster "$version" "$name" stop >/dev/null 2>&1 || say "could not stop PostgreSQL's $name cluster" ;; esac
      done
    fi ;;
  esac
  if command -v systemctl >/dev/null && [ -d /run/systemd/system ]; then
    for unit in nats-server ssh postgresql coturn; do
      case " ${missing[*]} " in *" $unit"*) "${root[@]}" systemctl disable --now "$unit" >/dev/null 2>&1 || say "could not stop the $unit service" ;; esac
    done
  fi
fi

# What comes from npm is pinned by a lock file and installed beside it.
install_npm() {
  local folder=$1 what=$2
  [ -f "$folder/package-lock.json" ] || return 0
  cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock" && return 0
  command -v npm >/dev/null || fail "npm is missing. Run: apt-get install npm"
  say "installing $what"
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --silent) || fail "npm ci failed in $folder"
  cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
}

# The console's scripts are copied into wwwroot by the build.
install_npm src/Bowline.Hub/Console "the console's scripts"
if [[ " $* " == *" --test "* || " $* " == *" --bench "* ]]; then
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null \
    || fail "the tests and the benchmarks need node 20.19 or later; here is $(node --version 2>/dev/null || echo none). Install it from https://nodejs.org"
  install_npm tests/Bowline.WebRtc.Tests/Interop "the peers our data channels are tested with"
fi
if [[ " $* " == *" --test "* ]]; then
  install_npm tests/Bowline.Nostr.Tests/Interop "the Nostr library our tests compare with"
  install_npm tests/Bowline.Relay.Tests/Interop "the clients our relay is tested with"
fi
