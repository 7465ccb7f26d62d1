#!/usr/bin/env bash
# The fuzz tests of every project, many times as long as in `make test` and with another seed each time. Prints the seed first,
# with which a run that failed can be repeated.
#   TIMES=50 SEED=7 eng/fuzz.sh
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build Bowline.slnx -c Release --nologo -v quiet
export BOWLINE_FUZZ_TIMES=${TIMES:-50} BOWLINE_FUZZ_SEED=${SEED:-$((RANDOM * 32768 + RANDOM))}
echo "seed $BOWLINE_FUZZ_SEED, $BOWLINE_FUZZ_TIMES times the usual rounds"
failed=0
for project in $(grep -rl --include='*.cs' 'FuzzRun.Kind' tests | cut -d/ -f2 | sort -u); do
  echo "$project"
  "artifacts/bin/$project/release/$project" -noColor -noLogo -trait kind=fuzz || failed=1
done
exit $failed
