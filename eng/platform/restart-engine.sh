#!/usr/bin/env bash
# Stops the machine's Docker engine and starts it again, as a crash and an init system would. For the tests of what survives that.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
# shellcheck source=eng/platform/lib.sh
source "$ROOT/eng/platform/lib.sh"
# shellcheck source=eng/platform/engine.sh
source "$ROOT/eng/platform/engine.sh"

is_gone() { ! process_is_alive "$1"; }

if [[ "$(cat /proc/1/comm)" == systemd ]] && systemctl cat docker.service >/dev/null 2>&1; then
  systemctl restart docker.service
else
  pid="$(cat /var/run/docker.pid)"
  kill -9 "$pid"
  wait_until 30 "the end of the engine" is_gone "$pid"
  engine_start_by_hand
fi
