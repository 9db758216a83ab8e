# shellcheck shell=bash
# What CI runs. Every suite prints one line; the last line of all is "N passed, N failed, N skipped".

TEST_RESULTS="$ARTIFACTS/test-results"
ALL_SUITES=(format unit client integration network e2e)
# Run only when named.
NAMED_SUITES=(security languages engine frameworks)
TOTAL_PASSED=0
TOTAL_FAILED=0
TOTAL_SKIPPED=0
STORES_ARE_UP=false

count_results() { # count_results <passed> <failed> <skipped>
  TOTAL_PASSED=$((TOTAL_PASSED + $1))
  TOTAL_FAILED=$((TOTAL_FAILED + $2))
  TOTAL_SKIPPED=$((TOTAL_SKIPPED + $3))
}

suite_line() { # suite_line <name> <passed> <failed> <skipped> <started>
  local mark=✓
  if (($3 > 0)); then mark=✗; fi
  report "$mark" "$1" "$2 passed, $3 failed, $4 skipped" "$5"
}

test_projects() { (cd "$ROOT/tests" && for file in */*.Tests.csproj; do basename "$file" .csproj; done); }

attribute() { # attribute <name> <element>: 0 when it is not there
  local value
  value="$(sed -nE "s/.* $1=\"([0-9]+)\".*/\1/p" <<<"$2")"
  printf '%s' "${value:-0}"
}

run_project() { # run_project <suite> <project> <filter>
  local name="$1 $2" results="$TEST_RESULTS/$1-$2" started status=0 counters total passed failed
  started="$(now_ms)"
  mkdir -p "$results"
  # The built file instead of its project saves an evaluation of the project each time. A test that hangs is ended instead of
  # the whole run.
  dotnet test "$ARTIFACTS/$(package_set)/bin/$2/${CONFIGURATION,,}/Platform.$2.dll" --filter "$3" --results-directory "$results" \
    --logger "trx;LogFileName=results.trx" --logger "console;verbosity=minimal" \
    --blame-hang --blame-hang-timeout 8m --blame-hang-dump-type none >"$results/output.log" 2>&1 </dev/null || status=$?
  counters="$(grep -o '<Counters [^>]*>' "$results/results.trx" 2>/dev/null || true)"
  total="$(attribute total "$counters")" passed="$(attribute passed "$counters")"
  failed=$(($(attribute failed "$counters") + $(attribute error "$counters") + $(attribute timeout "$counters") + $(attribute aborted "$counters")))
  # A host that crashed has reported fewer failures than there are, perhaps none.
  if ((status != 0 && failed == 0)); then failed=1; fi
  if ((total == 0 && failed == 0)); then return 0; fi
  local skipped=$((total - passed - failed))
  if ((skipped < 0)); then skipped=0; fi
  count_results "$passed" "$failed" "$skipped"
  suite_line "$name" "$passed" "$failed" "$skipped" "$started"
  if ((failed > 0)); then show_failures "$results/output.log"; fi
}

show_failures() {
  grep -vE '^\s*$|^(Starting test execution|A total of)' "$1" | head -n "${TEST_FAILURE_LINES:-150}" | sed 's/^/    /'
  say "    whole output: $1"
}

run_command_suite() { # run_command_suite <name> <counter> <command…>
  local name="$1" counter="$2" started log status=0 counts
  shift 2
  started="$(now_ms)"
  mkdir -p "$TEST_RESULTS"
  log="$TEST_RESULTS/$name.log"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  read -r -a counts <<<"$("$counter" "$log")"
  if ((status != 0 && counts[1] == 0)); then counts[1]=1; fi
  count_results "${counts[@]}"
  suite_line "$name" "${counts[@]}" "$started"
  if ((counts[1] > 0)); then show_failures "$log"; fi
}

# vitest: "Tests  2 failed | 41 passed | 1 skipped (44)"
count_vitest() {
  local line word passed=0 failed=0 skipped=0
  line="$(sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -E '^ *Tests +[0-9]' | tail -n 1)"
  for word in passed failed skipped; do
    [[ "$line" =~ ([0-9]+)\ $word ]] && printf -v "$word" '%s' "${BASH_REMATCH[1]}"
  done
  printf '%s %s %s' "$passed" "$failed" "$skipped"
}

# The form of our own last line.
count_own() {
  local line
  line="$(tail -n 1 "$1")"
  if [[ "$line" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    printf '%s %s %s' "${BASH_REMATCH[@]:1}"
  else
    printf '0 0 0'
  fi
}

# A check without cases of its own is one test.
count_check() { if grep -q '^check passed$' "$1"; then printf '1 0 0'; else printf '0 1 0'; fi; }

format_check() {
  dotnet format "$ROOT/Platform.sln" --no-restore --verify-no-changes --verbosity minimal && say 'check passed'
}

client_lint() { (cd "$CLIENT" && npm run lint) && say 'check passed'; }

client_test() { (cd "$CLIENT" && CI=true NO_COLOR=1 npm test); }

# ── stores ──

# Beside a developer's own stores on the default ports, and beside another checkout's tests.
choose_store_ports() {
  local offset
  for offset in $(seq 0 2 98); do
    if ! port_is_open "$((25500 + offset))" && ! port_is_open "$((25501 + offset))"; then
      export TEST_POSTGRES_PORT="$((25500 + offset))" TEST_REDIS_PORT="$((25501 + offset))"
      return
    fi
  done
  die "no free ports between 25500 and 25599 for the test stores"
}

stop_test_stores() { # stop_test_stores <folder…>: what does not exist is skipped
  local dir ports
  for dir in "$@"; do
    [[ -d "$dir" ]] || continue
    ports="${dir##*/test-}"
    TEST_POSTGRES_PORT="${ports%-*}" TEST_REDIS_PORT="${ports#*-}" "$ROOT/eng/platform/stores.sh" test-down
  done
}

start_stores() {
  local exports started
  started="$(now_ms)"
  # What a run that was killed left behind; a developer's own pair on the default ports stays.
  stop_test_stores "$(store_home)"/test-555*
  choose_store_ports
  STORES_ARE_UP=true
  exports="$("$ROOT/eng/platform/stores.sh" test-up)"
  eval "$exports"
  report ✓ "test stores" "PostgreSQL $TEST_POSTGRES_PORT, Redis $TEST_REDIS_PORT" "$started"
}

# Whatever ends the run, a failed build included, its last line is the count.
finish_tests() {
  local status=$?
  if $STORES_ARE_UP; then "$ROOT/eng/platform/stores.sh" test-down || warn "the test stores did not stop"; fi
  if ((status != 0 && TOTAL_FAILED == 0)); then TOTAL_FAILED=1; fi
  say "$TOTAL_PASSED passed, $TOTAL_FAILED failed, $TOTAL_SKIPPED skipped"
}

# ── suites ──

# A container engine of a test's own takes root's rights.
integration_filter() { if is_root; then printf 'Category=Integration'; else printf 'Category=Integration&Requires!=Root'; fi; }

require_root_for_engines() { is_root || die "only root can start container engines of its own" "run it as root"; }

run_suite() {
  local project
  case "$1" in
    format)
      run_command_suite format count_check format_check
      run_command_suite lint count_check client_lint
      ;;
    client) run_command_suite client count_vitest client_test ;;
    network) run_command_suite network count_own "$ROOT/eng/platform/prove-network.sh" ;;
    unit)
      for project in $(test_projects); do
        if [[ "$project" != EndToEnd.Tests ]]; then run_project unit "$project" 'Category!=Integration&Category!=Security&Category!=Languages&Category!=Frameworks'; fi
      done
      ;;
    integration)
      for project in $(test_projects); do
        if [[ "$project" != EndToEnd.Tests ]]; then run_project integration "$project" "$(integration_filter)"; fi
      done
      ;;
    # Engines of their own, killed and started again; part of the integration tests, too.
    engine)
      require_root_for_engines
      for project in BuildWorker.Tests ExecutionWorker.Tests; do run_project engine "$project" 'FullyQualifiedName~EngineRestartTests'; done
      ;;
    # A framework may take minutes to install: its tests say themselves how long is too long.
    frameworks) run_project frameworks BuildWorker.Tests 'Category=Frameworks' ;;
    security) run_project security ExecutionWorker.Tests 'Category=Security' ;;
    languages) run_project languages ExecutionWorker.Tests 'Category=Languages' ;;
    e2e) run_project e2e EndToEnd.Tests 'FullyQualifiedName~.' ;;
    *) die "unknown suite: $1" "known: ${ALL_SUITES[*]} ${NAMED_SUITES[*]}" ;;
  esac
}

wants() { # wants <suite…>: whether any of them was asked for
  local wanted
  for wanted in "$@"; do
    if [[ " ${SUITES[*]} " == *" $wanted "* ]]; then return 0; fi
  done
  return 1
}

setup_for_tests() {
  if wants integration network e2e security languages engine frameworks; then
    setup_machine
  else
    require_tools
    export_host_settings
  fi
  if wants languages; then setup_all_images; fi
  if wants e2e; then
    setup_packages "packages for e2e" "${PACKAGES_E2E[@]}"
    setup_client
    PLATFORM_CHROMIUM="$(command -v chromium)"
    export PLATFORM_CHROMIUM
  elif wants client format; then
    step "web client packages" "npm ci" client_packages_are_there client_packages_install
  fi
  if wants format unit integration e2e security languages engine frameworks; then setup_dotnet Platform.sln; fi
  if wants integration e2e engine frameworks; then start_stores; fi
}

command_test() {
  local suite
  SUITES=("$@")
  if ((${#SUITES[@]} == 0)) || [[ "${SUITES[0]}" == all ]]; then SUITES=("${ALL_SUITES[@]}"); fi
  for suite in "${SUITES[@]}"; do
    [[ " ${ALL_SUITES[*]} ${NAMED_SUITES[*]} " == *" $suite "* ]] || die "unknown suite: $suite" "known: ${ALL_SUITES[*]} ${NAMED_SUITES[*]}"
  done
  mkdir -p "$DATA"
  exec 9>"$DATA/test.lock"
  flock --nonblock 9 || die "another test run of this checkout is under way"
  trap finish_tests EXIT
  setup_for_tests
  rm -rf "$TEST_RESULTS"
  for suite in "${SUITES[@]}"; do run_suite "$suite"; done
  if ((TOTAL_PASSED + TOTAL_FAILED == 0)); then die "no test ran"; fi
  ((TOTAL_FAILED == 0))
}
