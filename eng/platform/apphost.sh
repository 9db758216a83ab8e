# shellcheck shell=bash
# Starting and stopping the platform itself: AppHost, and through it everything else.

WEB_PORT="${WEB_PORT:-8080}"
API_PORT="${API_PORT:-8081}"
DASHBOARD_PORT="${DASHBOARD_PORT:-18888}"
APPHOST_PID="$DATA/apphost.pid"
APPHOST_LOG="$DATA/logs/apphost.log"
DASHBOARD="http://localhost:$DASHBOARD_PORT"

# The file says which process runs, and on its second line at which ports, whatever the environment says now.
remember_apphost() { printf '%s\n%s %s %s\n' "$1" "$WEB_PORT" "$API_PORT" "$DASHBOARD_PORT" >"$APPHOST_PID"; }

use_running_ports() {
  if ! apphost_pid >/dev/null; then return 0; fi
  read -r WEB_PORT API_PORT DASHBOARD_PORT < <(sed -n 2p "$APPHOST_PID")
  DASHBOARD="http://localhost:$DASHBOARD_PORT"
}

# A number in a file may belong to another program by now.
apphost_pid() {
  local pid
  pid="$(pid_in "$APPHOST_PID")" || return 1
  [[ "$(command_line_of "$pid")" == *Platform.AppHost.dll* ]] || return 1
  printf '%s' "$pid"
}

apphost_environment() {
  export WEB_PORT API_PORT DASHBOARD_PORT
  export DOTNET_ENVIRONMENT="${DOTNET_ENVIRONMENT:-Development}"
  if [[ "$(package_set)" == full ]]; then
    # Aspire's host asks for these when it is not started by `dotnet run` with a launch profile.
    export ASPNETCORE_URLS="${ASPNETCORE_URLS:-$DASHBOARD}"
    export ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL="${ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL:-http://localhost:$((DASHBOARD_PORT + 1))}"
    export ASPIRE_ALLOW_UNSECURED_TRANSPORT="${ASPIRE_ALLOW_UNSECURED_TRANSPORT:-true}"
  fi
}

answers() { curl --silent --fail --output /dev/null --max-time 3 "$1"; }

resources() { curl --silent --fail --max-time 5 "$DASHBOARD/api/resources"; }

platform_is_healthy() {
  answers "http://localhost:$API_PORT/health" && answers "http://localhost:$WEB_PORT/health" || return 1
  # Aspire's own dashboard has no such list.
  [[ "$(package_set)" == full ]] || resources | jq --exit-status .healthy >/dev/null
}

print_addresses() { # print_addresses <demo?>
  say ''
  say "  Web         http://localhost:$WEB_PORT"
  say "  Api         http://localhost:$API_PORT        reference: http://localhost:$API_PORT/api/docs"
  say "  Dashboard   $DASHBOARD"
  say "  Sites       http://<name>.apps.localhost:$WEB_PORT"
  if [[ "${SEED_DEMO:-}" == true ]]; then
    say "  Demo login  demo@autostack.local   password: $DEMO_PASSWORD"
  fi
  say ''
}

# The demo's password is this checkout's own: generated once, kept beside the data it opens.
demo_settings() {
  local file="$DATA/demo-password"
  mkdir -p "$DATA"
  if [[ -z "${DEMO_PASSWORD:-}" ]]; then
    if [[ ! -s "$file" ]]; then (umask 077 && printf 'Demo-%s' "$(openssl rand -hex 6)" >"$file"); fi
    DEMO_PASSWORD="$(<"$file")"
  fi
  export SEED_DEMO=true DEMO_PASSWORD
}

refuse_taken_ports() {
  local entry
  for entry in "$WEB_PORT WEB_PORT" "$API_PORT API_PORT" "$DASHBOARD_PORT DASHBOARD_PORT"; do
    if port_is_open "${entry% *}"; then
      die "port ${entry% *} is taken by another program" "stop it, or choose another: ${entry#* }=<port> ./platform up"
    fi
  done
}

command_up() {
  local detach=false started
  started="$(now_ms)"
  while (($# > 0)); do
    case "$1" in
      --detach | -d) detach=true ;;
      --demo) demo_settings ;;
      *) die "up: unknown option $1" ;;
    esac
    shift
  done
  use_running_ports
  if apphost_pid >/dev/null; then
    say "already running (process $(apphost_pid)); stop it with: ./platform down"
    if [[ "${SEED_DEMO:-}" == true ]]; then warn "--demo takes effect at a start: ./platform down, then up --demo"; unset SEED_DEMO; fi
    print_addresses
    return
  fi
  setup_machine
  setup_client
  setup_dotnet AppHost/AppHost.csproj
  refuse_taken_ports
  apphost_environment
  if $detach; then start_detached "$started"; else start_attached "$started"; fi
}

start_attached() {
  (announce_when_healthy "$1" "$$") &
  remember_apphost "$$"
  # This process becomes AppHost, so Ctrl-C and signals reach it with nothing in between.
  exec dotnet "$(apphost_dll)"
}

announce_when_healthy() { # announce_when_healthy <started> <pid>
  while process_is_alive "$2"; do
    if platform_is_healthy; then
      report ✓ "platform" "everything is healthy" "$1"
      print_addresses
      return
    fi
    sleep 0.3
  done
}

start_detached() {
  local pid
  mkdir -p "$DATA/logs"
  setsid dotnet "$(apphost_dll)" >"$APPHOST_LOG" 2>&1 </dev/null &
  pid=$!
  disown
  remember_apphost "$pid"
  if wait_until "${PLATFORM_START_TIMEOUT:-180}" "the platform" healthy_or_gone "$pid" && process_is_alive "$pid"; then
    report ✓ "platform" "everything is healthy (process $pid)" "$1"
    print_addresses
    return
  fi
  tail -n 60 "$APPHOST_LOG" >&2
  if process_is_alive "$pid"; then command_status >&2 || true; fi
  stop_apphost
  die "the platform did not start" "whole log: $APPHOST_LOG"
}

healthy_or_gone() { ! process_is_alive "$1" || platform_is_healthy; }

stop_apphost() {
  local pid
  if ! pid="$(apphost_pid)"; then
    rm -f "$APPHOST_PID"
    return 1
  fi
  kill -TERM "$pid"
  if ! wait_until 45 "AppHost to stop" process_is_gone "$pid"; then
    warn "AppHost did not stop by itself; killing it"
    kill -KILL "$pid" 2>/dev/null || true
  fi
  rm -f "$APPHOST_PID"
}

process_is_gone() { ! process_is_alive "$1"; }

# Whatever of this checkout still runs: its programs and its stores, told by the paths in their command lines.
leftovers() {
  local ours
  ours="$ARTIFACTS/[a-z]+/bin/(AppHost|Api|Web|BuildWorker|ExecutionWorker)/|$(store_home)/(postgres|redis)"
  { grep --files-with-matches --text --no-messages --extended-regexp "$ours" /proc/[0-9]*/cmdline || true; } | cut -d/ -f3
}

nothing_is_left() { [[ -z "$(leftovers)" ]]; }

command_down() {
  local started
  started="$(now_ms)"
  if ! stop_apphost && nothing_is_left; then
    say "nothing runs"
    return
  fi
  if ! wait_until 15 "the last processes" nothing_is_left; then
    die "these processes are still there: $(leftovers | tr '\n' ' ')" "look: ps -fp $(leftovers | paste -sd, -)"
  fi
  report ✓ "platform" "stopped; the data stays in .data/" "$started"
}

command_restart() {
  use_running_ports
  local name="${1:-}"
  [[ -n "$name" ]] || die "usage: ./platform restart <name>" "names: ./platform status"
  apphost_pid >/dev/null || die "the platform does not run" "start it: ./platform up"
  [[ "$(package_set)" != full ]] || die "restart it on the dashboard: $DASHBOARD"
  curl --silent --show-error --fail --max-time 60 --request POST --header "Origin: $DASHBOARD" --header 'X-Dashboard-Request: 1' \
    --output /dev/null "$DASHBOARD/api/resources/$name/restart" ||
    die "could not restart '$name'" "known: $(resources | jq -r '[.resources[] | select(.commands != []) | .name] | join(" ")')"
  say "restarting $name"
}

command_status() {
  use_running_ports
  if ! apphost_pid >/dev/null; then
    say "the platform does not run; start it: ./platform up"
    return 1
  fi
  if [[ "$(package_set)" == full ]]; then
    say "running (process $(apphost_pid)); resources: $DASHBOARD"
    return
  fi
  resources | jq -r '["NAME", "TYPE", "STATE", "HEALTH", "RESTARTS", "URL"],
    (.resources[] | [.name, .type, .state, .health // "-", .restarts, (.urls | join(" "))]) | @tsv' | column -t -s "$(printf '\t')"
}

command_reset() {
  local answer home
  home="$(store_home)"
  if [[ "${1:-}" != --yes ]]; then
    [[ -t 0 ]] || die "reset deletes all data of this checkout" "say that you mean it: ./platform reset --yes"
    read -r -p "Delete all data of this checkout ($DATA$([[ "$home" == "$DATA" ]] || printf ' and %s' "$home"))? Type yes: " answer
    [[ "$answer" == yes ]] || die "nothing was deleted"
  fi
  if ! stop_apphost && ! nothing_is_left; then die "AppHost is gone, but these processes are still there: $(leftovers | tr '\n' ' ')"; fi
  wait_until 15 "the last processes" nothing_is_left
  stop_test_stores "$home"/test-*
  rm -rf --one-file-system "$DATA"
  if [[ "$home" != "$DATA" ]]; then rm -rf --one-file-system "$home"; fi
  say "all data of this checkout is deleted; images, packages and the Docker engine stay"
}
