#!/bin/sh
# fetch-npm-package.sh <name> <version> <sha512, base64> <folder>: puts one package of the npm registry, checked against its
# hash, into a folder. For programs that the registry ships and Debian does not have in this version.
set -eu
name="$1" version="$2" expected="$3" folder="$4"
archive="$(mktemp)"
set --
if [ -s /host/ca-bundle.crt ]; then set -- --cacert /host/ca-bundle.crt; fi
curl --fail --silent --show-error --location --retry 3 "$@" --output "$archive" "${NPM_REGISTRY%/}/$name/-/${name##*/}-$version.tgz"
actual="$(openssl dgst -sha512 -binary "$archive" | base64 -w0)"
if [ "$actual" != "$expected" ]; then
  echo "$name $version: the archive's hash is $actual, expected $expected" >&2
  exit 1
fi
mkdir -p "$folder"
tar -xzf "$archive" -C "$folder" --strip-components=1 --no-same-owner
rm "$archive"
