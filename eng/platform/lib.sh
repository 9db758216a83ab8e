# shellcheck shell=bash
# What every part of ./platform shares: places, output, timed steps. Sourced, never run.

ROOT="${ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}"
# shellcheck disable=SC2034  # used by the parts that source this file
ARTIFACTS="$ROOT/artifacts"
DATA="$ROOT/.data"

if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then
  C_GOOD=$'\e[32m' C_BAD=$'\e[31m' C_WARN=$'\e[33m' C_DIM=$'\e[2m' C_OFF=$'\e[0m'
else
  C_GOOD='' C_BAD='' C_WARN='' C_DIM='' C_OFF=''
fi

say() { printf '%s\n' "$*"; }
warn() { printf '%s! %s%s\n' "$C_WARN" "$*" "$C_OFF" >&2; }
die() {
  printf '%s✗ %s%s\n' "$C_BAD" "$1" "$C_OFF" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [[ "$(id -u)" == 0 ]]; }
is_linux() { [[ "$(uname -s)" == Linux ]]; }

# Bash computes with whole numbers, so times are kept in milliseconds.
now_ms() {
  local t="${EPOCHREALTIME/[.,]/}"
  printf '%s' "$((t / 1000))"
}

seconds_since() {
  local ms=$(($(now_ms) - $1))
  printf '%d.%d s' "$((ms / 1000))" "$((ms % 1000 / 100))"
}

report() { # report <mark> <name> <what happened> <started at, ms>
  local colour="$C_GOOD"
  [[ "$1" == ✓ ]] || colour="$C_BAD"
  printf '%s%s%s %-26s %-46s %s%8s%s\n' "$colour" "$1" "$C_OFF" "$2" "$3" "$C_DIM" "$(seconds_since "$4")" "$C_OFF"
}

# step <name> <done-text> <check> <action…>: nothing is printed when the check passes. The action's output goes to a log
# that is shown only when it fails. The check is asked again afterwards: an action that changed nothing is a failure.
step() {
  local name="$1" outcome="$2" check="$3" started log
  shift 3
  if "$check"; then return 0; fi
  started="$(now_ms)"
  mkdir -p "$DATA/logs"
  log="$DATA/logs/setup-${name// /-}.log"
  # The action runs in a subshell with errexit; `if (…)` would switch errexit off inside it.
  local status=0
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  if ((status == 0)) && "$check"; then
    report ✓ "$name" "$outcome" "$started"
    return 0
  fi
  report ✗ "$name" "failed (exit code $status)" "$started"
  tail -n 40 "$log" | sed 's/^/    /' >&2
  die "$name failed" "whole log: $log"
}

# One hash for a set of files: names and contents.
hash_tree() { # hash_tree <dir> [path…]
  local dir="$1"
  shift
  (cd "$dir" && find "${@:-.}" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum | cut -c1-16
}

is_newer_than() { # is_newer_than <stamp> <path…>: true when any file below the paths is newer than the stamp
  local stamp="$1"
  shift
  [[ -e "$stamp" ]] || return 0
  [[ -n "$(find "$@" \( -name node_modules -o -name bin -o -name obj -o -name wwwroot \) -prune -o -newer "$stamp" -print -quit)" ]]
}

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_until <seconds> <what> <command…>
wait_until() {
  local limit=$(($(now_ms) + $1 * 1000)) what="$2"
  shift 2
  until "$@"; do
    if (($(now_ms) > limit)); then
      warn "gave up waiting for $what"
      return 1
    fi
    sleep 0.1
  done
}

# A process that ended but was not collected by its parent (a container's process 1 may never do so) still has a pid: its state
# tells. (Its command line would not: that of a live process is empty for a moment while it becomes another program.)
process_is_alive() {
  local state
  state="$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/${1:-none}/status" 2>/dev/null)" || return 1
  [[ -n "$state" && "$state" != [ZX] ]]
}

command_line_of() { { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || true; }

pid_in() { [[ -s "$1" ]] && head -n 1 "$1"; }

# The stores run as an unprivileged user, who cannot enter a checkout below a 0700 folder (/root, mktemp -d): as root their
# data lies under /var/lib, named after the checkout, with a link in .data/.
store_home() {
  local key
  if is_root; then
    key="$(printf '%s' "$ROOT" | sha256sum | cut -c1-12)"
    printf '/var/lib/platform/%s' "$key"
  else
    printf '%s' "$DATA"
  fi
}

# .env holds NAME=value lines, quoted or not; what the environment already says wins. It is read, not executed.
load_dotenv() {
  local line name value
  [[ -f "$ROOT/.env" ]] || return 0
  while IFS= read -r line || [[ -n "$line" ]]; do
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%$'\r'}"
    [[ "$line" =~ ^(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
    name="${BASH_REMATCH[2]}" value="${BASH_REMATCH[3]}"
    if [[ "$value" =~ ^\"(.*)\"[[:space:]]*$ || "$value" =~ ^\'(.*)\'[[:space:]]*$ ]]; then value="${BASH_REMATCH[1]}"; fi
    [[ -v "$name" ]] || export "$name=$value"
  done <"$ROOT/.env"
}
