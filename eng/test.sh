#!/usr/bin/env bash
# Builds everything once, runs every test project and prints the sum as the last line.
#   eng/test.sh             all test projects
#   eng/test.sh Core Nats   only these
# Two lanes of about the same length run beside each other: much of what tests do is to wait.
# A test project that crashes, hangs or runs no test is a failure. When for a minute or two no test has begun or ended, those that run are named.
set -uo pipefail
cd "$(dirname "$0")/.."

limit=${BOWLINE_TEST_LIMIT:-600}   # seconds for one test project; the longest takes less than half of it
results=artifacts/test-results
mkdir -p "$results"
rm -f "$results"/*

dotnet build Bowline.slnx -c Release --nologo -v quiet || { echo "the build failed" >&2; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

names=("$@")
if [ "${#names[@]}" = 0 ]; then
  for folder in tests/Bowline.*.Tests; do
    name=${folder#tests/Bowline.}
    names+=("${name%.Tests}")
  done
fi

# Sets the counts of a project from its report; what there is none of is 0.
count() {
  local attribute
  for attribute in passed failed skipped errors; do
    local value
    value=$(sed -n "s/.*<assembly [^>]*[[:space:]]$attribute=\"\([0-9]*\)\".*/\1/p" "$1" 2>/dev/null | head -1)
    printf -v "$attribute" %s "${value:-0}"
  done
  failed=$((failed + errors))
}

# Runs one project and leaves its counts in a file.
run() {
  local project=Bowline.$1.Tests passed failed skipped errors code started
  local xml=$results/$project.xml log=$results/$project.log
  started=$(date +%s)
  timeout --kill-after=10 "$limit" "artifacts/bin/$project/release/$project" -noColor -noLogo -longRunning 60 -xml "$xml" >"$log" 2>&1 </dev/null &
  child=$!
  wait "$child"
  code=$?
  count "$xml"
  if [ "$code" != 0 ] && [ "$failed" = 0 ]; then failed=1; echo "$project ended with exit code $code (124: over $limit s)" >>"$log"; fi
  if [ "$((passed + failed))" = 0 ]; then failed=1; echo "$project ran no test" >>"$log"; fi
  echo "$passed $failed $skipped $code" >"$results/$project.counts"
  printf '%-32s %4d passed, %d failed, %d skipped  (%d s)\n' "$project" "$passed" "$failed" "$skipped" "$(($(date +%s) - started))"
}

lane() {
  local child='' name
  trap 'kill "$child" 2>/dev/null; exit 143' TERM
  for name in "$@"; do run "$name"; done
}

longest=() others=()
for name in "${names[@]}"; do
  case "$name" in WebRtc | EndToEnd) longest+=("$name") ;; *) others+=("$name") ;; esac
done
lane "${longest[@]}" & lanes=($!)
lane "${others[@]}" & lanes+=($!)
trap 'kill "${lanes[@]}" 2>/dev/null; wait; exit 130' INT TERM
wait

passed=0 failed=0 skipped=0 failures=()
for name in "${names[@]}"; do
  project=Bowline.$name.Tests log=$results/$project.log
  read -r p f s code <"$results/$project.counts" || { p=0 f=1 s=0 code=1; echo "$project was not run" >>"$log"; }
  if [ "$f" != 0 ]; then
    grep -vE '^\s*$' "$log" | tail -n 120
    telling='\[FAIL\]| ended with exit code | ran no test| was not run'
    [ "$code" != 124 ] || telling+='|\[Long Running Test\]'   # Who it was that did not end.
    mapfile -t -O "${#failures[@]}" failures < <(grep -E -A2 "$telling" "$log" | grep -vE '^(--|\s*)$' | cut -c1-300)
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

# Said again at the end, where a shortened log still has it.
[ "${#failures[@]}" = 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
