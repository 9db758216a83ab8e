# shellcheck shell=bash
# debian:bookworm-slim, on which every image builds: pulled where a registry answers, otherwise made from Debian's packages.

BASE_IMAGE=debian:bookworm-slim

# The mirrors that this host itself uses, when it is a Debian; otherwise debootstrap's own default.
host_mirror() { # host_mirror <pattern of the address>
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    grep -oE '^(deb |URIs:)[^#]*' | grep -oE 'https?://[^ ]+' | grep -E "$1" | head -n 1 | sed 's#/$##'
}

base_image_exists() { docker image inspect "$BASE_IMAGE" >/dev/null 2>&1; }

registry_answers() {
  [[ "$(docker info --format '{{len .RegistryConfig.Mirrors}}' 2>/dev/null)" != 0 ]] ||
    curl --silent --output /dev/null --max-time 5 https://registry-1.docker.io/v2/
}

base_image_get() {
  if registry_answers && timeout 180 docker pull "$BASE_IMAGE"; then return; fi
  base_image_make
}

base_image_make() {
  local work
  is_root || die "the base image can be neither pulled nor made" "debootstrap needs root; or: docker pull $BASE_IMAGE"
  # Not below .data/: a checkout may lie on a file system mounted nodev, where debootstrap cannot work.
  work="$(mktemp -d /var/tmp/platform-base.XXXXXX)"
  # shellcheck disable=SC2064  # the path is fixed now
  trap "rm -rf --one-file-system '$work'" EXIT
  local mirror="${DEBIAN_MIRROR:-$(host_mirror '/debian/?$' || true)}"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$work" ${mirror:+"$mirror"}
  # debootstrap has written down the mirror it took.
  mirror="${mirror:-$(grep -oE 'https?://[^ ]+' "$work/etc/apt/sources.list" | head -n 1)}"
  base_image_configure "$work" "${mirror%/}"
  base_image_slim "$work"
  tar --numeric-owner --xattrs -C "$work" -c . |
    docker import --change 'CMD ["bash"]' --change "LABEL autostack.image=base" - "$BASE_IMAGE"
}

base_image_configure() {
  local root="$1" mirror="$2"
  local security="${DEBIAN_SECURITY_MIRROR:-$(host_mirror '/debian-security/?$' || true)}"
  cat >"$root/etc/apt/sources.list" <<SOURCES
deb $mirror bookworm main
deb $mirror bookworm-updates main
deb ${security:-$mirror-security} bookworm-security main
SOURCES
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 0755 "$root/usr/sbin/policy-rc.d"
  printf 'force-unsafe-io\n' >"$root/etc/dpkg/dpkg.cfg.d/docker-unsafe-io"
  cat >"$root/etc/apt/apt.conf.d/docker" <<'APT'
Acquire::Languages "none";
Acquire::GzipIndexes "true";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
APT
  # Packages that a Dockerfile installs later leave their documentation out, too.
  cat >"$root/etc/dpkg/dpkg.cfg.d/docker-slim" <<'DPKG'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
path-exclude /usr/share/lintian/*
DPKG
}

base_image_slim() {
  local root="$1"
  find "$root/usr/share/doc" -type f ! -name copyright -delete
  find "$root/usr/share/doc" -depth -type d -empty -delete
  rm -rf "$root"/usr/share/{info,man,lintian}/* "$root"/usr/share/locale/* "$root"/var/lib/apt/lists/* \
    "$root"/var/cache/apt/* "$root"/var/log/*.log "$root"/var/log/apt "$root"/var/cache/debconf/*-old "$root"/tmp/*
  : >"$root/etc/machine-id"
  rm -f "$root/etc/resolv.conf" "$root/etc/hostname"
}

setup_base_image() {
  step "base image" "$BASE_IMAGE" base_image_exists base_image_get
}
