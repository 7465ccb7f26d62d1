#!/usr/bin/env bash
# Builds everything once, runs every test project and prints the sum as the last line.
#   eng/test.sh             all test projects
#   eng/test.sh Core Nats   only these
# A test project that crashes, hangs or runs no test is a failure. When for a minute or two no test has begun or ended, those that run are named.
set -uo pipefail
cd "$(dirname "$0")/.."

limit=${BOWLINE_TEST_LIMIT:-420}   # seconds for one test project; the longest takes about a third of it
results=artifacts/test-results
mkdir -p "$results"
rm -f "$results"/*.xml "$results"/*.log

dotnet build Bowline.slnx -c Release --nologo -v quiet || { echo "the build failed" >&2; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

names=("$@")
if [ "${#names[@]}" = 0 ]; then
  for folder in tests/Bowline.*.Tests; do
    name=${folder#tests/Bowline.}
    names+=("${name%.Tests}")
  done
fi

passed=0 failed=0 skipped=0 failures=()
attribute() { sed -n "s/.*<assembly [^>]*[[:space:]]$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -1; }
for name in "${names[@]}"; do
  project=Bowline.$name.Tests
  binary=artifacts/bin/$project/release/$project
  xml=$results/$project.xml log=$results/$project.log
  started=$(date +%s)
  timeout --kill-after=10 "$limit" "$binary" -noColor -noLogo -longRunning 60 -xml "$xml" >"$log" 2>&1 </dev/null
  code=$?
  p=$(attribute "$xml" passed 2>/dev/null) f=$(attribute "$xml" failed 2>/dev/null) s=$(attribute "$xml" skipped 2>/dev/null) e=$(attribute "$xml" errors 2>/dev/null)
  p=${p:-0} f=${f:-0} s=${s:-0} e=${e:-0}
  f=$((f + e))
  if [ "$code" != 0 ] && [ "$f" = 0 ]; then f=1; echo "$project ended with exit code $code (124: over ${limit} s)" >>"$log"; fi
  if [ "$((p + f))" = 0 ]; then f=1; echo "$project ran no test" >>"$log"; fi
  printf '%-32s %4d passed, %d failed, %d skipped  (%d s)\n' "$project" "$p" "$f" "$s" "$(($(date +%s) - started))"
  if [ "$f" != 0 ]; then
    grep -vE '^\s*$' "$log" | tail -n 120
    telling='\[FAIL\]| ended with exit code | ran no test'
    [ "$code" != 124 ] || telling+='|\[Long Running Test\]'   # Who it was that did not end.
    mapfile -t -O "${#failures[@]}" failures < <(grep -E -A2 "$telling" "$log" | grep -vE '^(--|\s*)$' | cut -c1-300)
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

# Said again at the end, where a shortened log still has it.
[ "${#failures[@]}" = 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
