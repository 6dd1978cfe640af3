#!/usr/bin/env bash
# Copies baked images from one stage to the next: infra/bakery/promote.sh --help says it all.
set -euo pipefail

usage() {
  cat <<'HELP'
infra/bakery/promote.sh DIGESTS FROM TO [IMAGE...]     copies images by their digests, and builds nothing

  DIGESTS   a file of bake.sh, digests-VERSION.txt: lines of name, tag and digest
  FROM, TO  REGISTRY[/PATH], such as registry.example/dev and registry.example/staging
  IMAGE     these alone; else all in DIGESTS, bases too

Each image is asked for by its digest in FROM, copied as it is, and asked for in TO by its tag: it must be the same
digest. A tag that stands for another image in TO is left alone and is a fault. Credentials: skopeo login,
or Docker's own.

Exit codes: 0 copied, 1 a registry could not be asked, or a copy failed or came out with another digest, 2 the command makes no sense or there is no
skopeo, 3 an image or digest that nobody knows, 4 a tag stands for another image already.
HELP
}

# shellcheck source=infra/bakery/digests.sh
. "$(dirname "${BASH_SOURCE[0]}")/digests.sh"

case ${1:-} in
  --help | -h | help | '')
    usage
    [ -n "${1:-}" ] && exit 0
    exit 2
    ;;
esac
[ $# -ge 3 ] || refuse "promote.sh wants DIGESTS, FROM and TO. infra/bakery/promote.sh --help tells more."
digests=$1
from=${2%/}
to=${3%/}
shift 3
[ "$from" != "$to" ] || refuse "FROM and TO are the same."
command -v skopeo >/dev/null || refuse "There is no skopeo. Remedy: install it (Debian: apt-get install skopeo)."
lines=$(digests_of "$digests" 3 "$@")

tls() {
  if is_this_machine "$1"; then echo false; else echo true; fi
}

log=$(mktemp "${TMPDIR:-/tmp}/promote.XXXXXX")
trap 'rm -f "$log"' EXIT

# Sets there to the digest of image $1, to nothing if the registry knows of none. Only what the registry says so is
# that: one that cannot be asked may well have it.
ask() {
  there=''
  if there=$(skopeo inspect --no-tags --tls-verify="$(tls "$1")" --format '{{.Digest}}' "docker://$1" 2>"$log"); then
    return 0
  fi
  case $(cat "$log") in
    *'executable file not found'*) ;;
    *'manifest unknown'* | *'name unknown'* | *'not found'*) return 0 ;;
  esac
  refuse "$1 could not be looked up: $(tail -n 1 "$log")" 1
}

while read -r name tag digest; do
  ask "$from/quadrille/$name@$digest"
  [ "$there" = "$digest" ] ||
    refuse "$from has no $name with $digest. Remedy: see what was pushed there; what was not baked is not promoted" 3
  ask "$to/quadrille/$name:$tag"
  if [ "$there" = "$digest" ]; then
    printf '  %-16s %s is there already\n' "$name" "$tag"
    continue
  fi
  [ -z "$there" ] || refuse "$to/quadrille/$name:$tag is $there already, and not $digest. Remedy: a tag stays what it is" 4
  if ! skopeo copy --quiet --preserve-digests --src-tls-verify="$(tls "$from")" --dest-tls-verify="$(tls "$to")" \
    "docker://$from/quadrille/$name@$digest" "docker://$to/quadrille/$name:$tag" >"$log" 2>&1 </dev/null; then
    refuse "$name could not be copied: $(tail -n 1 "$log")" 1
  fi
  ask "$to/quadrille/$name:$tag"
  [ "$there" = "$digest" ] || refuse "$to/quadrille/$name:$tag is ${there:-not there} after copying $digest." 1
  printf '  %-16s %s %s\n' "$name" "$tag" "$digest"
done <<END
$lines
END
echo "Promoted to $to. What is deployed is the digest, as it was in $from."
