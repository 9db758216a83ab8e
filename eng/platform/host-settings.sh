# shellcheck shell=bash
# What images, builds and workers must know about this host: its certificate authorities and its package registry.

CA_BUNDLE="$DATA/ca-bundle.crt"

# The host's own authorities (a company's proxy, a private registry) are trusted by what runs in containers, too.
# NODE_EXTRA_CA_CERTS adds to a bundle, SSL_CERT_FILE replaces it; one file for all programs is both together.
ca_sources() {
  local candidate
  for candidate in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    if [[ -r "$candidate" && -f "$candidate" ]]; then
      realpath "$candidate"
      break
    fi
  done
  if [[ -r "${NODE_EXTRA_CA_CERTS:-}" ]]; then realpath "$NODE_EXTRA_CA_CERTS"; fi
}

write_ca_bundle() {
  local -a sources
  mapfile -t sources < <(ca_sources | awk '!seen[$0]++')
  ((${#sources[@]} > 0)) || return 0
  local source fresh=true
  for source in "${sources[@]}"; do
    if [[ ! -s "$CA_BUNDLE" || "$source" -nt "$CA_BUNDLE" ]]; then fresh=false; fi
  done
  if $fresh; then return 0; fi
  mkdir -p "$DATA"
  # awk puts a newline between two files where the first lacks it.
  awk 1 "${sources[@]}" >"$CA_BUNDLE.new"
  chmod 0644 "$CA_BUNDLE.new"
  mv "$CA_BUNDLE.new" "$CA_BUNDLE"
}

# `npm config get registry` takes a third of a second, so a variable goes first. A password in the address stays here:
# images and builds get the bare address.
npm_registry() {
  local url="${PLATFORM_NPM_REGISTRY:-${NPM_CONFIG_REGISTRY:-${npm_config_registry:-}}}"
  if [[ -z "$url" ]] && have npm; then url="$(npm --prefix / config get registry 2>/dev/null)" || url=''; fi
  [[ "$url" == http*://* ]] || die "npm names no package registry" "npm config set registry <address>, or PLATFORM_NPM_REGISTRY=<address>"
  url="$(sed -E 's#^(https?://)[^/@]*@#\1#' <<<"$url")"
  printf '%s' "${url%/}/"
}

# The variables that AppHost and the workers read.
export_host_settings() {
  write_ca_bundle
  if [[ -s "$CA_BUNDLE" ]]; then export PLATFORM_CA_BUNDLE="${PLATFORM_CA_BUNDLE:-$CA_BUNDLE}"; fi
  PLATFORM_NPM_REGISTRY="$(npm_registry)"
  export PLATFORM_NPM_REGISTRY
}
