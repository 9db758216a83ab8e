# shellcheck shell=bash
# The Docker engine: one that answers is used as it is; otherwise the distribution's own is started.

engine_answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

engine_is_ready() { have docker && engine_answers; }

engine_start() {
  if [[ "$(cat /proc/1/comm)" == systemd ]] && systemctl cat docker.service >/dev/null 2>&1; then
    systemctl start docker.service
    wait_until 60 "the Docker engine" engine_answers
  else
    engine_start_by_hand
  fi
}

# Without an init system the engine has to outlive this script and its terminal.
engine_start_by_hand() {
  have dockerd || die "dockerd is missing" "install it: apt-get install docker.io"
  mkdir -p "$DATA/logs"
  # After a crash of the machine the number may belong to anything; the engine would refuse to start beside it.
  if [[ -s /var/run/docker.pid ]] && [[ "$(command_line_of "$(cat /var/run/docker.pid)")" != *dockerd* ]]; then
    rm -f /var/run/docker.pid
  fi
  local pid
  setsid dockerd >>"$DATA/logs/dockerd.log" 2>&1 </dev/null &
  pid=$!
  disown
  wait_until 60 "the Docker engine" engine_answers_or_is_gone "$pid"
  if engine_answers; then return; fi
  tail -n 15 "$DATA/logs/dockerd.log"
  die "dockerd does not run" "whole log: $DATA/logs/dockerd.log"
}

engine_answers_or_is_gone() { engine_answers || ! process_is_alive "$1"; }

setup_engine() {
  step "docker engine" "started" engine_is_ready engine_start
}
