# shellcheck shell=bash
# Builds: the web client and the .NET projects. A stamp keeps the hash of the sources of the last good build, so that an unchanged
# tree costs one hash and no compiler.

CLIENT="$ROOT/Web/ClientApp"
CONFIGURATION="${PLATFORM_CONFIGURATION:-Debug}"
BUILD_TARGET=''

source_files() { # source_files <dir>: null-separated
  find "$1" \( -name .git -o -name node_modules -o -name artifacts -o -name bin -o -name obj -o -name .data \
    -o -name wwwroot -o -name dist -o -name TestResults -o -name test-results \) -prune -o -type f -print0
}

hash_files() { LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16; }

stamp_is() { [[ -f "$ARTIFACTS/stamps/$1" && "$(<"$ARTIFACTS/stamps/$1")" == "$2" ]]; }

set_stamp() {
  mkdir -p "$ARTIFACTS/stamps"
  printf '%s\n' "$2" >"$ARTIFACTS/stamps/$1"
}

# ── web client ──

client_hash() { source_files "$CLIENT" | hash_files; }
client_packages_hash() { sha256sum "$CLIENT/package-lock.json" "$CLIENT/package.json" | sha256sum | cut -c1-16; }

client_packages_are_there() { [[ -d "$CLIENT/node_modules" ]] && stamp_is client-packages "$(client_packages_hash)"; }

client_packages_install() {
  (cd "$CLIENT" && npm ci --no-audit --no-fund)
  set_stamp client-packages "$(client_packages_hash)"
}

client_is_built() { [[ -f "$ROOT/Web/wwwroot/index.html" ]] && stamp_is client "$(client_hash)"; }

client_build() {
  local hash
  # Taken before: a file that changes during the build must make the next one run.
  hash="$(client_hash)"
  (cd "$CLIENT" && npm run build)
  set_stamp client "$hash"
}

setup_client() {
  if client_is_built; then return; fi
  step "web client packages" "npm ci" client_packages_are_there client_packages_install
  step "web client" "built into Web/wwwroot" client_is_built client_build
}

# ── .NET ──

dotnet_hash() {
  {
    source_files "$ROOT" | grep -zE '\.(cs|csproj|props|targets|sln|json|resx|txt|editorconfig|razor|cshtml|html|css|js|svg|sql)$' |
      grep -zvE '/(samples|docs|deploy|ClientApp)/' | hash_files
    printf '%s %s' "$CONFIGURATION" "${PackageSet:-}"
  } | sha256sum | cut -c1-16
}

# Building the solution builds AppHost, too; the other way round it does not.
dotnet_is_built() {
  local hash
  hash="$(dotnet_hash)"
  [[ -f "$(apphost_dll)" ]] || return 1
  stamp_is "dotnet-$CONFIGURATION-Platform.sln" "$hash" || stamp_is "dotnet-$CONFIGURATION-$(basename "$BUILD_TARGET")" "$hash"
}

dotnet_build() {
  local hash
  hash="$(dotnet_hash)"
  # One compiler for all projects: starting one for each costs more than compiling.
  dotnet build "$BUILD_TARGET" --nologo -v quiet -clp:ErrorsOnly -c "$CONFIGURATION" -maxcpucount:2 -p:UseSharedCompilation=true
  # The first build of a clone settles the package set, and with it where the output lies; the sources are the same.
  set_stamp "dotnet-$CONFIGURATION-$(basename "$BUILD_TARGET")" "$hash"
}

package_set() {
  if [[ -n "${PackageSet:-}" ]]; then
    printf '%s' "$PackageSet"
  else
    sed -nE 's#.*<PackageSet>([a-z]+)</PackageSet>.*#\1#p' "$ARTIFACTS/package-set.props" 2>/dev/null || true
  fi
}

apphost_dll() {
  printf '%s/%s/bin/AppHost/%s/Platform.AppHost.dll' "$ARTIFACTS" "$(package_set)" "${CONFIGURATION,,}"
}

setup_dotnet() { # setup_dotnet <project or solution>
  BUILD_TARGET="$1"
  step "build" "dotnet build $(basename "$1")" dotnet_is_built dotnet_build
}
