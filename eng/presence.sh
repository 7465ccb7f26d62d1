#!/usr/bin/env bash
# Measures how soon presence tells the truth, with real processes. `make presence` calls this.
#   RUNS=20 eng/presence.sh     runs per case; freezes of 30 s and 120 s are run a seventh as often (20: about 12 minutes in all)
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build -c Release -v quiet --nologo tests/Bowline.EndToEnd.Tests >&2
BOWLINE_PRESENCE_RUNS=${RUNS:-20} artifacts/bin/Bowline.EndToEnd.Tests/release/Bowline.EndToEnd.Tests -noColor -noLogo -explicit on -class '*PresenceTimings' && code=0 || code=$?
cat artifacts/presence/presence.txt
exit "$code"
