#!/usr/bin/env bash
# Runs the benchmarks: ours beside the peers, interleaved in one run. `make bench` calls this.
#   eng/bench.sh [options of Bowline.Bench.Load]     see --help
#   STRFRY=/path/to/strfry eng/bench.sh --filter relay   the relay beside strfry, which is left out otherwise
#   eng/bench.sh micro [options of BenchmarkDotNet]  the small ones, for example: micro --filter '*'
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v nats-server > /dev/null || missing+=(nats-server)
command -v gcc > /dev/null || missing+=(gcc)
command -v ssh > /dev/null || missing+=(openssh-client)
[ -x /usr/sbin/sshd ] || missing+=(openssh-server)
[ -e /usr/include/nats/nats.h ] || missing+=(libnats-dev)
command -v setpriv > /dev/null || missing+=(util-linux)
command -v ip > /dev/null || missing+=(iproute2)
command -v node > /dev/null || missing+=(nodejs)
if [ ${#missing[@]} -gt 0 ]; then
    echo "bench: the peers are missing. Install them with:" >&2
    echo "    apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
fi

if [ "${1:-}" = micro ]; then
    shift
    exec dotnet run -c Release --project bench/Bowline.Bench -- --artifacts artifacts/bench/micro "$@"
fi

mkdir -p artifacts/bench
gcc -O2 -Wall -Wextra -Werror -o artifacts/bench/libnats_bench bench/peers/libnats_bench.c -lnats -lpthread
for project in bench/Bowline.Bench.Load src/Bowline.Cli; do
    dotnet build -c Release -v quiet --nologo "$project" >&2
done
exec artifacts/bin/Bowline.Bench.Load/release/Bowline.Bench.Load "$@"
