# shellcheck shell=bash
# All set-up steps in their order. Each prints one line when it had to do something.

require_linux() {
  if is_linux; then return; fi
  case "$(uname -s)" in
    Darwin)
      die "the platform runs on Linux: sandboxes and the builds' firewall need its kernel. Install:" \
        "brew install lima" \
        "limactl start --name=platform --cpus=4 --memory=8 template://debian-12" \
        "limactl shell platform" \
        "then, in there, the .NET 10 SDK (https://dot.net/download), Node.js 20 or newer, and: sudo ./platform up"
      ;;
    *)
      die "the platform runs on Linux: sandboxes and the builds' firewall need its kernel. Install:" \
        "wsl --install -d Debian" \
        "then, in WSL, the .NET 10 SDK (https://dot.net/download), Node.js 20 or newer, and: sudo ./platform up"
      ;;
  esac
}

require_tools() {
  have dotnet || die "the .NET 10 SDK is missing" "https://dot.net/download, or: apt-get install dotnet-sdk-10.0"
  dotnet --version >/dev/null 2>&1 || die "no installed .NET SDK satisfies global.json" \
    "wanted: $(sed -nE 's/.*"version": "([^"]+)".*/\1/p' global.json)" "https://dot.net/download"
  have node || die "Node.js is missing" "install version 20 or newer: https://nodejs.org/en/download"
  local major
  major="$(node --version)"
  major="${major#v}"
  ((${major%%.*} >= 20)) || die "Node.js $(node --version) is too old" "install version 20 or newer: https://nodejs.org/en/download"
  have npm || die "npm is missing" "it comes with Node.js: https://nodejs.org/en/download"
}

require_engine() {
  if engine_is_ready || is_root; then return; fi
  die "no Docker engine answers, and without root none can be started" \
    "sudo systemctl start docker   (or: sudo dockerd &)" \
    "sudo usermod -aG docker $(id -un)   (then log in again)" \
    "or run this command with sudo"
}

build_network_is_ready() {
  if is_root; then
    "$ROOT/eng/platform/build-network.sh" check
  else
    docker network inspect autostack-build >/dev/null 2>&1
  fi
}

setup_build_network() {
  if ! build_network_is_ready && ! is_root; then
    die "the build network is missing, and without root its firewall rules cannot be set" "sudo eng/platform/build-network.sh up"
  fi
  step "build network" "bridge and firewall rules" build_network_is_ready "$ROOT/eng/platform/build-network.sh" up
}

setup_machine() {
  require_linux
  require_tools
  setup_packages "packages" "${PACKAGES_BASE[@]}"
  require_engine
  setup_engine
  export_host_settings
  setup_base_image
  setup_images
  setup_build_network
}

command_setup() {
  local started
  started="$(now_ms)"
  setup_machine
  setup_client
  setup_dotnet AppHost/AppHost.csproj
  report ✓ "setup" "everything is in place" "$started"
}

command_images() {
  local started
  started="$(now_ms)"
  require_linux
  setup_packages "packages" "${PACKAGES_BASE[@]}"
  require_engine
  setup_engine
  export_host_settings
  setup_base_image
  if [[ "${1:-}" == all ]]; then setup_all_images; else setup_images "$@"; fi
  report ✓ "images" "up to date" "$started"
}
