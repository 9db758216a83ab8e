# shellcheck shell=bash
# Images: every folder of images/ with a Dockerfile is one, named after its folder. An image is tagged with a hash of all it is
# made from, so that it is built again only when that changed; `:latest` is the one this checkout uses.

IMAGES="$ROOT/images"

image_ids() { (cd "$IMAGES" && for file in */Dockerfile; do dirname "$file"; done); }

# An image that takes files from another one, or starts from it, needs that one first.
image_needs() { { grep -oE 'autostack/[a-z0-9-]+' "$IMAGES/$1/Dockerfile" || true; } | cut -d/ -f2 | sort -u; }

declare -A IMAGE_HASHES=()
BASE_IMAGE_ID=''

# The answer is in $IMAGE_HASH: a subshell could not keep what it computed for the next image.
image_hash() {
  local id="$1" text need
  IMAGE_HASH="${IMAGE_HASHES[$id]:-}"
  [[ -z "$IMAGE_HASH" ]] || return 0
  [[ -n "$BASE_IMAGE_ID" ]] || BASE_IMAGE_ID="$(docker image inspect --format '{{.Id}}' "$BASE_IMAGE")"
  text="$BASE_IMAGE_ID $(hash_tree "$IMAGES/$id")"
  if grep -q 'COPY common/' "$IMAGES/$id/Dockerfile"; then text+=" $(hash_tree "$IMAGES/common")"; fi
  for need in $(image_needs "$id"); do
    image_hash "$need"
    text+=" $need:$IMAGE_HASH"
  done
  IMAGE_HASH="$(sha256sum <<<"$text" | cut -c1-12)"
  IMAGE_HASHES[$id]="$IMAGE_HASH"
}

# Both names of one image have one id; a single call asks for both.
image_is_current() {
  local ids
  image_hash "$1"
  ids="$(docker image inspect --format '{{.Id}}' "autostack/$1:$IMAGE_HASH" "autostack/$1:latest" 2>/dev/null)" || return 1
  [[ "$(sort -u <<<"$ids" | wc -l)" == 1 ]]
}

# The host's certificates are needed while an image downloads. They travel in the build context, are copied only into a stage
# whose files are left behind, and are no part of the hash.
image_context() {
  local context="$ARTIFACTS/image-context"
  rm -rf "$context"
  mkdir -p "$context/host"
  cp -R "$IMAGES/." "$context/"
  if [[ -s "$CA_BUNDLE" ]]; then cp "$CA_BUNDLE" "$context/host/ca-bundle.crt"; else : >"$context/host/ca-bundle.crt"; fi
  printf '%s' "$context"
}

image_build() {
  local id="$1" context name
  local -a arguments=(--build-arg "NPM_REGISTRY=$(npm_registry)")
  for name in HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy; do
    if [[ -n "${!name:-}" ]]; then arguments+=(--build-arg "$name"); fi
  done
  docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
  image_hash "$id"
  if ! docker image inspect "autostack/$id:$IMAGE_HASH" >/dev/null 2>&1; then
    write_ca_bundle
    context="$(image_context)"
    docker build --tag "autostack/$id:$IMAGE_HASH" --label "autostack.image=$id" "${arguments[@]}" \
      --file "$context/$id/Dockerfile" "$context"
  fi
  docker tag "autostack/$id:$IMAGE_HASH" "autostack/$id:latest"
  image_forget_older "$id" "$IMAGE_HASH"
}

# Older builds of an image go, unless a container still runs on one.
image_forget_older() {
  local id="$1" keep="$2" tag
  while read -r tag; do
    if [[ "$tag" == "$keep" || "$tag" == latest ]]; then continue; fi
    docker rmi "autostack/$id:$tag" >/dev/null 2>&1 || say "autostack/$id:$tag is in use and stays"
  done < <(docker image ls --format '{{.Tag}}' "autostack/$id")
}

setup_image() {
  local id="$1" need
  for need in $(image_needs "$id"); do setup_image "$need"; done
  IMAGE_CHECKED="$id"
  step "image $id" "autostack/$id" image_checked_is_current image_build "$id"
}

image_checked_is_current() { image_is_current "$IMAGE_CHECKED"; }

setup_images() { # setup_images [id…]: all of them without an argument
  local id
  local -a ids=("$@")
  if ((${#ids[@]} == 0)); then mapfile -t ids < <(image_ids); fi
  for id in "${ids[@]}"; do
    [[ -f "$IMAGES/$id/Dockerfile" ]] || die "there is no image '$id'" "known: $(image_ids | tr '\n' ' ')"
    setup_image "$id"
  done
}
