# shellcheck shell=bash
# What is present, missing or wrong, one line each, with the way to mend it. Changes nothing.

DOCTOR_FAILED=0

good() { printf '%s✓%s %-18s %s\n' "$C_GOOD" "$C_OFF" "$1" "$2"; }
note() { printf '%s!%s %-18s %s %s→ %s%s\n' "$C_WARN" "$C_OFF" "$1" "$2" "$C_DIM" "$3" "$C_OFF"; }
bad() {
  DOCTOR_FAILED=$((DOCTOR_FAILED + 1))
  printf '%s✗%s %-18s %s %s→ %s%s\n' "$C_BAD" "$C_OFF" "$1" "$2" "$C_DIM" "$3" "$C_OFF"
}

examine_system() {
  if is_linux; then good system "$(uname -sr)"; else bad system "$(uname -s)" "the platform runs on Linux; ./platform up tells how"; fi
  if is_root; then good user root; else note user "$(id -un), not root" "nothing can be installed or started that needs root; sudo ./platform setup does"; fi
  local memory disk
  memory="$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)"
  if ((memory >= 3500)); then good memory "$memory MB"; else note memory "$memory MB" "builds get 2048 MB each; 4096 MB or more is advised"; fi
  disk="$(df -Pm "$ROOT" | awk 'NR == 2 { print $4 }')"
  if ((disk >= 5000)); then good disk "$disk MB free"; else bad disk "$disk MB free" "5000 MB are needed: docker system prune, or a larger disk"; fi
}

examine_tools() {
  local version
  if version="$(dotnet --version 2>/dev/null)"; then good dotnet "$version"; else
    bad dotnet "no SDK that satisfies global.json" "https://dot.net/download"; fi
  version="$(node --version 2>/dev/null || printf none)"
  version="${version#v}"
  if [[ "$version" =~ ^[0-9] ]] && ((${version%%.*} >= 20)); then good node "$version"; else
    bad node "$version" "version 20 or newer: https://nodejs.org/en/download"; fi
  case "$(package_set)" in
    '') note "package set" "not decided yet" "the first build finds out" ;;
    *) good "package set" "$(package_set) (forget it: rm artifacts/package-set.props)" ;;
  esac
}

examine_packages() {
  local -a missing
  mapfile -t missing < <(missing_packages "${PACKAGES_BASE[@]}")
  if ((${#missing[@]} == 0)); then good packages "all that is needed"; else
    bad packages "missing: ${missing[*]}" "./platform setup, or: $(install_hint "${missing[@]}")"; fi
  if [[ -z "$(missing_packages "${PACKAGES_E2E[@]}")" ]]; then good chromium "present"; else
    note chromium "missing; only the end-to-end tests need it" "./platform test e2e installs it"; fi
  local postgres
  postgres="$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -n | tail -n 1)"
  if [[ -z "$postgres" ]]; then return; fi
  if ((postgres >= 15)); then good postgresql "version $postgres"; else bad postgresql "version $postgres" "15 or newer is needed"; fi
}

examine_engine() {
  if ! have docker; then bad docker "no client" "./platform setup"; return; fi
  if ! engine_is_ready; then
    bad docker "no engine answers" "./platform setup starts one; its log: .data/logs/dockerd.log"
    return
  fi
  good docker "engine $(docker version --format '{{.Server.Version}} (API {{.Server.APIVersion}})')"
  local warnings
  warnings="$(docker info --format '{{range .Warnings}}{{println .}}{{end}}' 2>/dev/null | grep -iE 'no (memory|swap|cpu|pids)' || true)"
  if [[ -z "$warnings" ]]; then good limits "memory, CPU and process limits work"; else
    bad limits "$(paste -sd';' <<<"$warnings")" "boot the kernel with cgroup_enable=memory swapaccount=1"; fi
  if docker info --format '{{range $name, $_ := .Runtimes}}{{println $name}}{{end}}' 2>/dev/null | grep '^runsc' >/dev/null; then good gvisor "the engine knows runsc"; else
    note gvisor "the engine knows no runsc; only Execution:Runtime=runsc needs it" "docs/operations.md, gVisor"; fi
  if build_network_is_ready; then
    if is_root; then good "build network" "bridge and firewall rules in place"; else good "build network" "there; its rules can be read by root only"; fi
  else
    bad "build network" "missing, or its firewall rules were changed" "sudo eng/platform/build-network.sh up"
  fi
}

examine_images() {
  local id
  engine_is_ready || return 0
  if ! base_image_exists; then bad "base image" "$BASE_IMAGE is missing" "./platform images"; return; fi
  good "base image" "$BASE_IMAGE"
  for id in "${HOT_IMAGES[@]}"; do
    if image_is_current "$id"; then good "image $id" "up to date"; else bad "image $id" "missing or out of date" "./platform images $id"; fi
  done
  examine_cold_images
}

# Languages whose image is built at their first use.
examine_cold_images() {
  local id count=0
  local -a missing=()
  for id in $(image_ids); do
    if [[ "$id" != sandbox-* || " ${HOT_IMAGES[*]} " == *" $id "* ]]; then continue; fi
    count=$((count + 1))
    image_is_current "$id" || missing+=("${id#sandbox-}")
  done
  if ((${#missing[@]} == 0)); then good "other languages" "all $count images are up to date"; else
    note "other languages" "$((count - ${#missing[@]})) of $count images are up to date; not: ${missing[*]}" "./platform images all"; fi
}

examine_network() {
  export_host_settings
  if [[ -s "$CA_BUNDLE" ]]; then good certificates "$(grep -c 'BEGIN CERT' "$CA_BUNDLE") authorities are passed into builds"; else
    note certificates "this host has no bundle" "images use their own"; fi
  if curl --silent --fail --output /dev/null --max-time 8 "${PLATFORM_NPM_REGISTRY}is-number"; then good "npm registry" "$PLATFORM_NPM_REGISTRY answers"; else
    bad "npm registry" "$PLATFORM_NPM_REGISTRY does not answer" "npm config set registry <address>; a proxy's certificate: NODE_EXTRA_CA_CERTS=<file>"; fi
}

examine_checkout() {
  # shellcheck disable=SC2034  # read by dotnet_is_built
  BUILD_TARGET=AppHost/AppHost.csproj
  if client_is_built; then good "web client" "built"; else note "web client" "not built from these sources" "./platform up does"; fi
  if dotnet_is_built; then good build "up to date"; else note build "not built from these sources" "./platform up does"; fi
  if apphost_pid >/dev/null; then
    if platform_is_healthy; then good platform "runs, everything is healthy (process $(apphost_pid))"; else
      bad platform "runs, but not everything is healthy" "./platform status; log: .data/logs/apphost.log"; fi
    return
  fi
  note platform "does not run" "./platform up"
  local entry
  for entry in "$WEB_PORT WEB_PORT" "$API_PORT API_PORT" "$DASHBOARD_PORT DASHBOARD_PORT"; do
    if port_is_open "${entry% *}"; then bad "port ${entry% *}" "taken by another program" "${entry#* }=<another port> ./platform up"; fi
  done
  if ! nothing_is_left; then bad leftovers "processes $(leftovers | tr '\n' ' ')run without their AppHost" "./platform down"; fi
}

command_doctor() {
  use_running_ports
  examine_system
  examine_tools
  examine_packages
  examine_engine
  examine_images
  examine_network
  examine_checkout
  if ((DOCTOR_FAILED == 0)); then say "nothing is wrong"; return; fi
  say "$DOCTOR_FAILED to mend"
  return 1
}
