#!/usr/bin/env bash
# Many kills instead of the two of `make test`: a process that adds events to a store, and a real `bowline relay` to which clients
# publish, are killed at random moments. Every event that was answered stored (`OK true`) must be there afterwards, in both stores.
# Prints a line for each, and the seed to repeat a run. Then a peer of a data channel is frozen for 300 s and goes on with the same
# channel, and 500 connections come and go.
#   KILLS=20 EVENTS=20000 SEED=7 eng/chaos.sh
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build tests/Bowline.Relay.Tests -c Release --nologo -v quiet
dotnet build tests/Bowline.WebRtc.Tests -c Release --nologo -v quiet
code=0
BOWLINE_CHAOS_KILLS=${KILLS:-20} BOWLINE_CHAOS_EVENTS=${EVENTS:-20000} BOWLINE_CHAOS_SEED=${SEED:-$((RANDOM))} \
  artifacts/bin/Bowline.Relay.Tests/release/Bowline.Relay.Tests -noColor -noLogo -diagnostics -class '*DurabilityTests' || code=$?
artifacts/bin/Bowline.WebRtc.Tests/release/Bowline.WebRtc.Tests -noColor -noLogo -showLiveOutput -explicit only -class '*FreezeTests' -class '*CycleTests' || code=$?
exit $code
