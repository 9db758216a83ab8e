# shellcheck shell=bash
# Debian packages. Presence is judged by the program each one brings: `dpkg -l` for a list takes longer than all other checks.

# package=program; what `up` needs.
# shellcheck disable=SC2034  # the commands choose among these lists
PACKAGES_BASE=(
  git=git curl=curl docker.io=dockerd iptables=iptables iproute2=ip debootstrap=debootstrap redis-server=redis-server
  postgresql=/usr/lib/postgresql/*/bin/initdb openssl=openssl jq=jq util-linux=setpriv bsdextrautils=column
)
# shellcheck disable=SC2034
PACKAGES_E2E=(chromium=chromium)
# shellcheck disable=SC2034
PACKAGES_BENCH=(nginx-light=nginx)

WANTED_PACKAGES=()

program_is_there() {
  # Debian keeps some of these in sbin, which an ordinary user's PATH lacks.
  case "$1" in
    # A pattern: the version is part of the path, and the client's package alone makes the directory.
    /*) compgen -G "$1" >/dev/null ;;
    *) have "$1" || [[ -x "/usr/sbin/$1" ]] ;;
  esac
}

missing_packages() { # missing_packages <package=program…>
  local entry
  for entry in "$@"; do
    # A Docker engine that answers needs no second one.
    if [[ "$entry" == docker.io=* || "$entry" == debootstrap=* ]] && engine_is_ready; then
      if [[ "$entry" == docker.io=* ]] || base_image_exists; then continue; fi
    fi
    program_is_there "${entry#*=}" || printf '%s\n' "${entry%%=*}"
  done
}

wanted_packages_are_there() { [[ -z "$(missing_packages "${WANTED_PACKAGES[@]}")" ]]; }

install_packages() {
  local -a missing
  mapfile -t missing < <(missing_packages "${WANTED_PACKAGES[@]}")
  if [[ -z "$(find /var/lib/apt/lists -name '*Packages*' -mtime -7 -print -quit)" ]]; then apt-get update; fi
  say "installing: ${missing[*]}"
  apt_install "${missing[@]}" || {
    apt-get update
    apt_install "${missing[@]}"
  }
}

# The packages bring services; this project starts its own processes, so theirs stay stopped. A policy-rc.d that was there
# before is put back.
apt_install() {
  local policy=/usr/sbin/policy-rc.d saved=''
  if [[ -e "$policy" ]]; then
    saved="$(mktemp)"
    cp -p "$policy" "$saved"
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 0755 "$policy"
  local status=0
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" || status=$?
  if [[ -n "$saved" ]]; then mv "$saved" "$policy"; else rm -f "$policy"; fi
  return "$status"
}

setup_packages() { # setup_packages <name> <package=program…>
  local name="$1"
  shift
  WANTED_PACKAGES=("$@")
  if wanted_packages_are_there; then return; fi
  if ! is_root || ! have apt-get; then
    local -a missing
    mapfile -t missing < <(missing_packages "$@")
    die "these packages are missing: ${missing[*]}" "$(install_hint "${missing[@]}")"
  fi
  step "$name" "installed" wanted_packages_are_there install_packages
}

install_hint() {
  if have apt-get; then
    printf 'run: sudo apt-get install %s' "$*"
  elif [[ "$(uname -s)" == Darwin ]]; then
    printf 'install Docker Desktop (https://docs.docker.com/desktop/), and: brew install postgresql@17 redis git bash'
  else
    printf 'install what provides them on this system: %s' "$*"
  fi
}
