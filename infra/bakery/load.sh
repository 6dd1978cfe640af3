#!/usr/bin/env bash
# Hands what was baked here to a container engine: infra/bakery/load.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'HELP'
infra/bakery/load.sh [docker|podman]     loads the images in infra/bakery/target/images, without a registry

They get the names that docker-compose.yml wants: quadrille/NAME:TAG, the tags as in digests-VERSION.txt. For docker this
takes skopeo; podman (which says localhost/quadrille/NAME) reads the files itself. Without an argument: the one that answers.

  QUADRILLE_VERSION   of the images; else what version.sh says

Exit codes: 0 loaded, 1 an image could not be loaded, 2 the command makes no sense, nothing was baked of this version, or
there is no engine.
HELP
}

# shellcheck source=infra/bakery/digests.sh
. "$here/digests.sh"
case ${1:-} in
  --help | -h | help)
    usage
    exit 0
    ;;
  '' | docker | podman) engine=${1:-} ;;
  *) refuse "There is no engine '$1'. There are: docker podman." ;;
esac
[ $# -le 1 ] || refuse "load.sh takes one engine. infra/bakery/load.sh --help tells more."

for candidate in ${engine:-docker podman}; do
  if command -v "$candidate" >/dev/null && "$candidate" info >/dev/null 2>&1; then
    engine=$candidate
    break
  fi
  [ -z "$engine" ] || refuse "$engine does not answer. Remedy: start it"
done
[ -n "$engine" ] || refuse "Neither docker nor podman answers. Remedy: start one"
[ "$engine" = podman ] || command -v skopeo >/dev/null ||
  refuse "There is no skopeo, which makes them into what docker loads. Remedy: install it (Debian: apt-get install skopeo)."

version=$("$here/version.sh") || exit 2
lines=$(digests_of "$here/target/digests-$version.txt" 2)
archive=$here/target/images/loading
trap 'rm -f "$archive"' EXIT
loaded=0
while read -r name tag digest; do
  case $name in base | base-*) continue ;; esac
  file=$here/target/images/$name${tag#"$version"}.tar
  [ -e "$file" ] || refuse "There is no $file. Remedy: bake.sh bakes it"
  # The next bake writes over the file, whatever version it is of.
  case $(tar -xOf "$file" index.json) in
    *"$digest"*) ;;
    *) refuse "$file is not what $name $tag was, $digest. Remedy: bake.sh bakes it again" ;;
  esac
  if [ "$engine" = podman ]; then
    id=$(podman pull --quiet "oci-archive:$file" </dev/null) || refuse "podman could not load $file, see above." 1
    podman tag "$id" "localhost/quadrille/$name:$tag" || refuse "podman could not name $name, see above." 1
  else
    # By a file and not by its socket, where an older skopeo speaks what a newer docker no longer answers.
    rm -f "$archive"
    skopeo copy --quiet "oci-archive:$file" "docker-archive:$archive:quadrille/$name:$tag" </dev/null ||
      refuse "skopeo could not read $file, see above." 1
    docker load --quiet --input "$archive" </dev/null >/dev/null || refuse "docker could not load $file, see above." 1
  fi
  printf '  %-16s quadrille/%s:%s\n' "$name" "$name" "$tag"
  loaded=$((loaded + 1))
done <<END
$lines
END
[ "$loaded" -gt 0 ] || refuse "Nothing but bases was baked of $version. Remedy: infra/bakery/bake.sh"
echo "Loaded by $engine. For docker-compose.yml: export QUADRILLE_VERSION=$version"
