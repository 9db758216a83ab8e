#!/usr/bin/env bash
# Throw-away PostgreSQL and Redis for tests, beside whatever else runs on this machine.
#   eng/platform/stores.sh test-up      starts both (again: does nothing), prints the two exports
#   eng/platform/stores.sh test-down    stops both and deletes their data
#   eval "$(eng/platform/stores.sh test-up)"
# TEST_POSTGRES_PORT and TEST_REDIS_PORT choose other ports; each pair of ports has its own data.
set -euo pipefail
# shellcheck source=eng/platform/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PG_PORT="${TEST_POSTGRES_PORT:-25432}"
REDIS_PORT="${TEST_REDIS_PORT:-25379}"
# Loopback only, data deleted afterwards: the password guards nothing, it only makes the connection like a real one.
PG_PASSWORD="test"
HOME_DIR="$(store_home)/test-$PG_PORT-$REDIS_PORT"

pg_bin() {
  local found
  found="$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/postgres' 2>/dev/null | sort -V | tail -n 1)"
  [[ -n "$found" ]] || found="$(command -v postgres || true)"
  [[ -n "$found" ]] || die "PostgreSQL is not installed" "run: ./platform setup"
  dirname "$found"
}

as_store_user() { # as_store_user <user> <command…>
  local user="$1"
  shift
  if is_root; then setpriv --reuid "$user" --regid "$user" --init-groups -- "$@"; else "$@"; fi
}

own() { if is_root; then chown "$1:" "$2"; fi; }

postgres_is_up() { "$(pg_bin)/pg_isready" -q -h 127.0.0.1 -p "$PG_PORT"; }

postgres_up() {
  local data="$HOME_DIR/postgres" bin
  if postgres_is_up; then return; fi
  bin="$(pg_bin)"
  mkdir -p "$data"
  own postgres "$data"
  cd /
  if [[ ! -f "$data/PG_VERSION" ]]; then
    printf '%s\n' "$PG_PASSWORD" >"$HOME_DIR/initial-password"
    as_store_user postgres "$bin/initdb" -D "$data" -U postgres --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 \
      --no-sync --pwfile="$HOME_DIR/initial-password" >"$HOME_DIR/initdb.log"
  fi
  # pg_ctl hands these to a shell together with its redirections: they have to stay on one line.
  local -a settings=(
    "port=$PG_PORT" listen_addresses=127.0.0.1 "unix_socket_directories=''" max_connections=400 shared_buffers=256MB
    fsync=off synchronous_commit=off full_page_writes=off
  )
  # After a kill -9 the old server's children need a moment to notice; until then they hold its shared memory.
  wait_until 20 "PostgreSQL (log: $data/server.log)" \
    as_store_user postgres "$bin/pg_ctl" -D "$data" -s -w -t 60 -l "$data/server.log" -o "${settings[*]/#/-c }" start 2>>"$data/start.log"
}

redis_is_up() { [[ "$(redis-cli -h 127.0.0.1 -p "$REDIS_PORT" ping 2>/dev/null)" == PONG ]]; }

redis_up() {
  local data="$HOME_DIR/redis"
  if redis_is_up; then return; fi
  have redis-server || die "Redis is not installed" "run: ./platform setup"
  mkdir -p "$data"
  own redis "$data"
  cd /
  as_store_user redis redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$data" \
    --daemonize yes --pidfile "$data/redis.pid" --logfile "$data/redis.log" >&2
  wait_until 20 "Redis" redis_is_up
}

test_up() {
  mkdir -p "$HOME_DIR"
  chmod 0711 "$HOME_DIR" "$(dirname "$HOME_DIR")"
  (postgres_up)
  (redis_up)
  printf 'export PLATFORM_TEST_POSTGRES=%q\n' \
    "Host=127.0.0.1;Port=$PG_PORT;Username=postgres;Password=$PG_PASSWORD;Database=postgres"
  printf 'export PLATFORM_TEST_REDIS=%q\n' "127.0.0.1:$REDIS_PORT"
}

# After a crash the file names a process that is gone, or is another program by now.
postgres_is_ours() {
  local pid
  pid="$(pid_in "$HOME_DIR/postgres/postmaster.pid")" && [[ "$(command_line_of "$pid")" == *postgres* ]]
}

test_down() {
  if postgres_is_ours; then (cd / && as_store_user postgres "$(pg_bin)/pg_ctl" -D "$HOME_DIR/postgres" -s -w -m immediate stop >&2); fi
  if [[ -d "$HOME_DIR/redis" ]] && redis_is_up; then
    redis-cli -h 127.0.0.1 -p "$REDIS_PORT" shutdown nosave >&2 || true
  fi
  rm -rf "$HOME_DIR"
}

case "${1:-}" in
  test-up) test_up ;;
  test-down) test_down ;;
  *) die "usage: eng/platform/stores.sh test-up | test-down" ;;
esac
