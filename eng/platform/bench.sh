# shellcheck shell=bash
# Measurements: an optimised build, started for them when nothing runs, and the bench program against it.

# Floors are measured on the stores that run: the Api knows where they are.
use_running_stores() {
  local pid entry
  pid="$(pgrep --parent "$(apphost_pid)" --full 'Platform\.Api(\.dll)?( |$)' | head -n 1)" || return 0
  [[ -n "$pid" ]] || return 0
  while IFS= read -r -d '' entry; do
    if [[ "$entry" == ConnectionStrings__platform=* || "$entry" == ConnectionStrings__redis=* ]]; then
      export "${entry?}"
    fi
  done <"/proc/$pid/environ"
}

command_bench() {
  local -a names=("$@")
  local project="$ROOT/bench/Bench/Bench.csproj" started_here=false status=0
  CONFIGURATION="${PLATFORM_CONFIGURATION:-Release}"
  export PLATFORM_CONFIGURATION="$CONFIGURATION"
  setup_machine
  setup_packages "packages for bench" "${PACKAGES_BENCH[@]}"
  setup_client
  setup_dotnet AppHost/AppHost.csproj
  setup_dotnet "$project"
  if ! apphost_pid >/dev/null; then
    # What is measured is the work, not the refusal of more of it.
    local policy
    for policy in Auth General Deployments AnonymousRuns; do export "RateLimits__${policy}__PermitLimit=1000000"; done
    "$ROOT/platform" up --detach
    started_here=true
  elif [[ "$(command_line_of "$(apphost_pid)")" != */"${CONFIGURATION,,}"/* ]]; then
    warn "what runs is not a $CONFIGURATION build and keeps its rate limits: ./platform down first for honest figures"
  fi
  use_running_ports
  use_running_stores
  dotnet "$ARTIFACTS/$(package_set)/bin/Bench/${CONFIGURATION,,}/Platform.Bench.dll" "${names[@]}" \
    --api "http://localhost:$API_PORT" --web "http://localhost:$WEB_PORT" || status=$?
  if $started_here; then "$ROOT/platform" down; fi
  return "$status"
}
