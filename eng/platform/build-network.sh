#!/usr/bin/env bash
# The network of build containers: a bridge of its own, and firewall rules in the host's namespace. From there a build reaches the
# public internet, its DNS servers and the configured package registries; it does not reach this host, other containers, the
# metadata address of a cloud, or private and reserved ranges.
#   eng/platform/build-network.sh up       makes or repairs both (again: does nothing)
#   eng/platform/build-network.sh check    exit code 0 when both are as they should be
#   eng/platform/build-network.sh down     removes both
# BUILD_NETWORK_SUBNET   default 10.213.77.0/24
# BUILD_ALLOWED_HOSTS    host[:port],… reachable even at private addresses; default: the npm registry's host
set -euo pipefail
# shellcheck source=eng/platform/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=eng/platform/host-settings.sh
source "$(dirname "${BASH_SOURCE[0]}")/host-settings.sh"
PATH="$PATH:/usr/sbin:/sbin"

NETWORK=autostack-build
BRIDGE=br-as-build
SUBNET="${BUILD_NETWORK_SUBNET:-10.213.77.0/24}"
FORWARD_CHAIN=AUTOSTACK-BUILD
INPUT_CHAIN=AUTOSTACK-BUILD-IN

# RFC 6890: everything that is not the public internet.
CLOSED_RANGES=(
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
)

# The engine gives containers the host's name servers; one on loopback is asked by the engine itself, and where there is none
# it falls back to Google's.
name_servers() {
  local found
  found="$(awk '$1 == "nameserver" && $2 !~ /:/ && $2 !~ /^127\./ { print $2 }' /etc/resolv.conf)"
  if [[ -n "$found" ]]; then printf '%s\n' "$found"; else printf '8.8.8.8\n8.8.4.4\n'; fi
}

allowed_hosts() {
  local list="${BUILD_ALLOWED_HOSTS:-}"
  if [[ -z "$list" ]]; then
    list="$(npm_registry)"
    [[ "$list" == http://* ]] && list="${list%/}:80"
    list="$(sed -E 's#^https?://##; s#/.*(:80)?$#\1#; s#^([^:]+):([0-9]+):80$#\1:\2#' <<<"$list")"
  fi
  tr ',' '\n' <<<"$list" | sed '/^[[:space:]]*$/d; s/[[:space:]]//g'
}

# Prints "address port", one line each.
allowed_endpoints() {
  local entry host port address
  while read -r entry; do
    host="${entry%%:*}" port=443
    if [[ "$entry" == *:* ]]; then port="${entry##*:}"; fi
    while read -r address; do printf '%s %s\n' "$address" "$port"; done < <(getent ahostsv4 "$host" | awk '{ print $1 }' | sort -u)
  done < <(allowed_hosts)
}

# RETURN, not ACCEPT: the administrator's own rules and the engine's isolation of bridges still apply.
forward_rules() {
  local server address port range
  printf -- '-A %s -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN\n' "$FORWARD_CHAIN"
  for server in $(name_servers); do
    printf -- '-A %s -d %s -p udp --dport 53 -j RETURN\n' "$FORWARD_CHAIN" "$server"
    printf -- '-A %s -d %s -p tcp --dport 53 -j RETURN\n' "$FORWARD_CHAIN" "$server"
  done
  while read -r address port; do
    printf -- '-A %s -d %s -p tcp --dport %s -j RETURN\n' "$FORWARD_CHAIN" "$address" "$port"
  done < <(allowed_endpoints | sort -u)
  for range in "${CLOSED_RANGES[@]}"; do printf -- '-A %s -d %s -j DROP\n' "$FORWARD_CHAIN" "$range"; done
}

# What is addressed to this host, by whichever of its addresses. A name server that runs on it is the one exception.
input_rules() {
  local server
  # Answers to what this host itself began.
  printf -- '-A %s -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN\n' "$INPUT_CHAIN"
  for server in $(name_servers); do
    printf -- '-A %s -d %s -p udp --dport 53 -j RETURN\n' "$INPUT_CHAIN" "$server"
    printf -- '-A %s -d %s -p tcp --dport 53 -j RETURN\n' "$INPUT_CHAIN" "$server"
  done
  printf -- '-A %s -j DROP\n' "$INPUT_CHAIN"
}

wanted_rules() {
  forward_rules
  input_rules
}

# A comment in the chain tells which rules it holds, so that a check is one listing.
rules_name() { sha256sum <<<"$1" | cut -c1-16; }

network_is_right() {
  local actual
  actual="$(docker network inspect --format \
    '{{(index .IPAM.Config 0).Subnet}} {{index .Options "com.docker.network.bridge.name"}} {{index .Options "com.docker.network.bridge.enable_icc"}}' \
    "$NETWORK" 2>/dev/null)" || return 1
  [[ "$actual" == "$SUBNET $BRIDGE false" ]]
}

rules_are_right() { # rules_are_right <rules>
  # The jump has to be the first rule: nothing may be accepted before it.
  [[ "$(iptables -S DOCKER-USER 2>/dev/null | sed -n 2p)" == "-A DOCKER-USER -i $BRIDGE -j $FORWARD_CHAIN" ]] &&
    [[ "$(iptables -S INPUT | sed -n 2p)" == "-A INPUT -i $BRIDGE -j $INPUT_CHAIN" ]] &&
    iptables -S "$FORWARD_CHAIN" 2>/dev/null | grep -q "autostack:$(rules_name "$1")" &&
    [[ "$(iptables -S "$FORWARD_CHAIN" | grep -c -e ' -j ')" == "$(grep -c -e "^-A $FORWARD_CHAIN " <<<"$1")" ]] &&
    [[ "$(iptables -S "$INPUT_CHAIN" | grep -c -e ' -j ')" == "$(grep -c -e "^-A $INPUT_CHAIN " <<<"$1")" ]]
}

apply_rules() { # apply_rules <rules>
  local chain parent
  # One transaction: there is no moment with half of the rules.
  iptables-restore --noflush --wait 10 <<RULES
*filter
:$FORWARD_CHAIN - [0:0]
:$INPUT_CHAIN - [0:0]
-A $FORWARD_CHAIN -m comment --comment autostack:$(rules_name "$1")
$1
COMMIT
RULES
  for parent in DOCKER-USER INPUT; do
    chain="$FORWARD_CHAIN"
    if [[ "$parent" == INPUT ]]; then chain="$INPUT_CHAIN"; fi
    while iptables --wait 10 -D "$parent" -i "$BRIDGE" -j "$chain" 2>/dev/null; do :; done
    iptables --wait 10 -I "$parent" 1 -i "$BRIDGE" -j "$chain"
  done
  close_ipv6
}

# Builds have no IPv6; a link-local address of the bridge would still lead to this host.
close_ipv6() {
  if ! ip6tables -S INPUT >/dev/null 2>&1; then return 0; fi
  ip6tables --wait 10 -C INPUT -i "$BRIDGE" -j DROP 2>/dev/null || ip6tables --wait 10 -I INPUT 1 -i "$BRIDGE" -j DROP
  ip6tables --wait 10 -C FORWARD -i "$BRIDGE" -j DROP 2>/dev/null || ip6tables --wait 10 -I FORWARD 1 -i "$BRIDGE" -j DROP
}

# Two containers on one bridge are kept apart by a firewall rule, which sees their packets only with this switch on.
filter_bridged_packets() {
  local switch=/proc/sys/net/bridge/bridge-nf-call-iptables
  if [[ ! -e "$switch" ]] && have modprobe; then modprobe br_netfilter 2>/dev/null || true; fi
  if [[ -e "$switch" ]]; then
    [[ "$(<"$switch")" == 1 ]] || printf 1 >"$switch"
  else
    warn "br_netfilter is missing in this kernel: containers on one bridge are not kept apart by the firewall"
  fi
}

make_network() {
  if docker network inspect "$NETWORK" >/dev/null 2>&1; then
    docker network rm "$NETWORK" >/dev/null || die "network $NETWORK has other settings and is in use" "stop the builds, then run this again"
  fi
  docker network create --driver bridge --subnet "$SUBNET" \
    --opt "com.docker.network.bridge.name=$BRIDGE" --opt com.docker.network.bridge.enable_icc=false \
    --label autostack.network=build "$NETWORK" >/dev/null
}

up() {
  local rules
  rules="$(wanted_rules)"
  # Rules first: there is no moment in which the network exists without them.
  rules_are_right "$rules" || apply_rules "$rules"
  network_is_right || make_network
  filter_bridged_packets
}

check() { network_is_right && rules_are_right "$(wanted_rules)"; }

down() {
  local chain
  docker network rm "$NETWORK" >/dev/null 2>&1 || true
  while iptables -D DOCKER-USER -i "$BRIDGE" -j "$FORWARD_CHAIN" 2>/dev/null; do :; done
  while iptables -D INPUT -i "$BRIDGE" -j "$INPUT_CHAIN" 2>/dev/null; do :; done
  for chain in "$FORWARD_CHAIN" "$INPUT_CHAIN"; do
    if iptables -F "$chain" 2>/dev/null; then iptables -X "$chain"; fi
  done
}

case "${1:-}" in
  up) up ;;
  check) check ;;
  down) down ;;
  *) die "usage: eng/platform/build-network.sh up | check | down" ;;
esac
