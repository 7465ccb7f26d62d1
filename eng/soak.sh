#!/usr/bin/env bash
# Four data channels between processes (bulk, pings, one whose ICE is restarted every minute, one that is nearly silent) beside processes
# that take all the processor. Every message must come back, whole and in order; a silence of more than 5 s keeps its evidence (figures,
# kernel counters, stacks when gdb is there) beside the test's executable, and fails it. A line for each minute.
#   MINUTES=60 HOGS=8 LINES_ONLY=ping,bulk eng/soak.sh
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build tests/Bowline.WebRtc.Tests -c Release --nologo -v quiet
export BOWLINE_SOAK_MINUTES=${MINUTES:-60} BOWLINE_SOAK_HOGS=${HOGS:-8}
[ -z "${LINES_ONLY:-}" ] || export BOWLINE_SOAK_LINES=$LINES_ONLY
exec artifacts/bin/Bowline.WebRtc.Tests/release/Bowline.WebRtc.Tests -noColor -noLogo -showLiveOutput -explicit only -class '*SoakTests'
