# shellcheck shell=bash
# Images: every folder of images/ with a Dockerfile is one, named after its folder. An image is tagged with a hash of all it is
# made from, so that it is built again only when that changed; `:latest` is the one this checkout uses.

IMAGES="$ROOT/images"

# What every start needs: builds, the languages that are run most, and .NET, which only this script can build: it takes the host's SDK.
# The others are built when they are first used, or by `./platform images all`.
HOT_IMAGES=(build-node sandbox-python sandbox-node sandbox-small sandbox-gcc sandbox-jvm sandbox-dotnet)

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
  if needs_dotnet "$id"; then text+=" $(dotnet --version 2>/dev/null || true)"; fi
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
image_context() { # image_context <id>
  local context="$ARTIFACTS/image-context"
  rm -rf "$context"
  mkdir -p "$context/host"
  cp -R "$IMAGES/." "$context/"
  if [[ -s "$CA_BUNDLE" ]]; then cp "$CA_BUNDLE" "$context/host/ca-bundle.crt"; else : >"$context/host/ca-bundle.crt"; fi
  if needs_dotnet "$1"; then dotnet_context "$context/dotnet"; fi
  printf '%s' "$context"
}

needs_dotnet() { grep -q '^COPY dotnet/' "$IMAGES/$1/Dockerfile"; }

# Debian 12 has no .NET: the image gets the compilers, the reference assemblies and the runtime of this host's SDK.
dotnet_context() { # dotnet_context <folder>
  local to="$1" version root sdk runtime
  version="$(dotnet --version)"
  root="$(dotnet --list-sdks | sed -nE "s#^$version \[(.*)/sdk\]\$#\1#p" | head -n 1)"
  sdk="$root/sdk/$version"
  runtime="$(jq -r '.runtimeOptions.framework.version // .runtimeOptions.frameworks[0].version' "$sdk/dotnet.runtimeconfig.json")"
  mkdir -p "$to/host/fxr" "$to/shared/Microsoft.NETCore.App" "$to/ref" "$to/roslyn" "$to/fsharp"
  cp "$root/dotnet" "$to/"
  cp -R "$root/host/fxr/$runtime" "$to/host/fxr/"
  cp -R "$root/shared/Microsoft.NETCore.App/$runtime" "$to/shared/Microsoft.NETCore.App/"
  cp "$root/packs/Microsoft.NETCore.App.Ref/$runtime/ref"/net*/*.dll "$to/ref/"
  # Not the translations of the compilers' messages.
  find "$sdk/Roslyn/bincore" -maxdepth 1 -type f -exec cp {} "$to/roslyn/" \;
  find "$sdk/FSharp" -maxdepth 1 -type f ! -name '*.xml' -exec cp {} "$to/fsharp/" \;
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
    context="$(image_context "$id")"
    docker build --tag "autostack/$id:$IMAGE_HASH" --label "autostack.image=$id" "${arguments[@]}" \
      --file "$context/$id/Dockerfile" "$context" 2>&1 | image_progress "$id"
  fi
  docker tag "autostack/$id:$IMAGE_HASH" "autostack/$id:latest"
  image_forget_older "$id" "$IMAGE_HASH"
}

# The build's output is the log of the step; each instruction that takes time is told to whoever waits, as it begins.
IMAGE_PROGRESS=''
image_progress() { # image_progress <id> <the output
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line"
    if [[ -z "$IMAGE_PROGRESS" ]]; then continue; fi
    # The two forms are the classic builder's and BuildKit's.
    if [[ "$line" =~ ^Step\ ([0-9]+/[0-9]+)\ :\ ((RUN|COPY).*)$ || "$line" =~ ^#[0-9]+\ \[([^]]*[0-9]+/[0-9]+)\]\ ((RUN|COPY).*)$ ]]; then
      printf '%s· %-26s %s %.80s%s\n' "$C_DIM" "image $1" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "$C_OFF" >&"$IMAGE_PROGRESS"
    fi
  done
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

# An image's id, or the id or an alias of a language that runs in it.
image_of() {
  local image
  if [[ -f "$IMAGES/$1/Dockerfile" ]]; then
    printf '%s' "$1"
    return
  fi
  image="$(awk -v wanted="$1" '
    $1 == "-" && $2 == "id:" { id = $3; named = id == wanted }
    $1 == "aliases:" { line = $0; gsub(/^ *aliases: *\[|\] *$/, "", line); count = split(line, names, / *, */)
      for (i = 1; i <= count; i++) if (names[i] == wanted) named = 1 }
    $1 == "image:" && named { print $2; exit }' "$IMAGES/languages.yaml")"
  [[ -n "$image" ]] || die "there is no image or language '$1'" "images: $(image_ids | tr '\n' ' ')"
  printf '%s' "$image"
}

setup_images() { # setup_images [id…|language…]: the hot ones without an argument
  local id image lock
  local -a ids=("$@")
  if ((${#ids[@]} == 0)); then ids=("${HOT_IMAGES[@]}"); fi
  # Two builds of one checkout at a time would take each other's context away.
  mkdir -p "$DATA"
  exec {lock}>"$DATA/images.lock"
  flock "$lock"
  exec {IMAGE_PROGRESS}>&1
  for id in "${ids[@]}"; do
    image="$(image_of "$id")"
    setup_image "$image"
  done
  exec {IMAGE_PROGRESS}>&- {lock}>&-
  IMAGE_PROGRESS=''
}

setup_all_images() {
  local -a ids
  mapfile -t ids < <(image_ids)
  setup_images "${ids[@]}"
}
