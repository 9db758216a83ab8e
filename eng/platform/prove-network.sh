#!/usr/bin/env bash
# Proves from inside a container of the build network what it reaches and what it does not. Every "closed" has a counterpart that
# shows the listener answers somebody else, or that the rule counted the packets it dropped.
set -euo pipefail
# shellcheck source=eng/platform/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=eng/platform/host-settings.sh
source "$(dirname "${BASH_SOURCE[0]}")/host-settings.sh"
PATH="$PATH:/usr/sbin:/sbin"

IMAGE=autostack/build-node:latest
PORT="${PROOF_PORT:-58731}"
RUN="autostack-proof-$$"
PASSED=0
FAILED=0

SERVER="require('http').createServer((q,s)=>s.end('hello')).listen($PORT,'0.0.0.0')"
# Connects to every argument at once; prints "open" or "closed" per target.
CLIENT='
const net = require("net");
for (const target of process.argv.slice(1)) {
  const [host, port] = target.split(":");
  const socket = net.connect({ host, port: Number(port) });
  const say = (word) => { console.log(target, word); socket.destroy(); clearTimeout(timer); };
  const timer = setTimeout(() => say("closed"), 3000);
  socket.on("connect", () => say("open")).on("error", () => say("closed"));
}'

cleanup() { docker ps -aq --filter "label=$RUN" | xargs -r docker rm -f >/dev/null; }
trap cleanup EXIT

listen() { # listen <network>: prints the container's id
  docker run -d --label "$RUN" --network "$1" "$IMAGE" node -e "$SERVER"
}

address_of() { docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"; }

ask() { # ask <network> <target…>
  local network="$1"
  shift
  docker run --rm --label "$RUN" --network "$network" "$IMAGE" node -e "$CLIENT" "$@"
}

expect() { # expect <what> <wanted> <got>
  if [[ "$2" == "$3" ]]; then
    PASSED=$((PASSED + 1))
    say "  passed: $1"
  else
    FAILED=$((FAILED + 1))
    say "  failed: $1: wanted '$2', got '$3'"
  fi
}

dropped_packets() { iptables -nvxL AUTOSTACK-BUILD | awk -v range="$1" '$3 == "DROP" && $0 ~ range { print $1 }'; }

says() { awk -v target="$2" '$1 == target { print $2 }' <<<"$1"; }

prove_closed() {
  local gateway host neighbour other answers before from_bridge
  listen host >/dev/null
  neighbour="$(address_of "$(listen autostack-build)")"
  other="$(address_of "$(listen bridge)")"
  gateway="$(docker network inspect --format '{{(index .IPAM.Config 0).Gateway}}' autostack-build)"
  [[ -n "$gateway" && "$gateway" != "<no value>" ]] || gateway="$(ip -4 -o addr show br-as-build | awk '{ sub("/.*", "", $4); print $4 }')"
  host="$(ip -4 route get 1.1.1.1 | sed -nE 's/.* src ([0-9.]+).*/\1/p')"
  wait_until 15 "the listeners" all_listen "$host" "$neighbour" "$other"

  from_bridge="$(ask bridge "$host:$PORT")"
  expect "counterpart: the host's listener answers an ordinary container" open "$(says "$from_bridge" "$host:$PORT")"
  before="$(dropped_packets 169.254.0.0/16)"
  answers="$(ask autostack-build "$gateway:$PORT" "$host:$PORT" "$neighbour:$PORT" "$other:$PORT" 169.254.169.254:80)"
  expect "the host, by the network's gateway" closed "$(says "$answers" "$gateway:$PORT")"
  expect "the host, by its own address" closed "$(says "$answers" "$host:$PORT")"
  expect "another container of the build network" closed "$(says "$answers" "$neighbour:$PORT")"
  expect "a container of another network" closed "$(says "$answers" "$other:$PORT")"
  expect "the metadata address" closed "$(says "$answers" 169.254.169.254:80)"
  expect "the firewall dropped packets to the metadata address" true \
    "$([[ "$(dropped_packets 169.254.0.0/16)" -gt "$before" ]] && printf true)"
}

# The host itself reaches all three: what stays closed below is closed by the rules.
all_listen() {
  local address
  for address in "$@"; do timeout 1 bash -c "exec 3<>/dev/tcp/$address/$PORT" 2>/dev/null || return 1; done
}

prove_registry() {
  local -a mounts=()
  write_ca_bundle
  if [[ -s "$CA_BUNDLE" ]]; then mounts=(-v "$CA_BUNDLE:/etc/platform/ca.crt:ro" -e NODE_EXTRA_CA_CERTS=/etc/platform/ca.crt); fi
  expect "the package registry answers" 7.0.0 "$(docker run --rm --label "$RUN" --network autostack-build "${mounts[@]}" \
    -e "NPM_CONFIG_REGISTRY=$(npm_registry)" "$IMAGE" npm view is-number@7.0.0 version 2>&1 | tail -n 1)"
}

prove_closed
prove_registry
say "$PASSED passed, $FAILED failed, 0 skipped"
((FAILED == 0))
