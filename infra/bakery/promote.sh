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

Exit codes: 0 copied, 1 a copy failed or came out with another digest, 2 the command makes no sense or there is no
skopeo, 3 an image or digest that nobody knows, 4 a tag stands for another image already.
HELP
}

refuse() {
  echo "$1" >&2
  exit "${2:-2}"
}

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
[ -r "$digests" ] || refuse "There is no file $digests. Remedy: bake.sh writes it"
[ "$from" != "$to" ] || refuse "FROM and TO are the same."
command -v skopeo >/dev/null || refuse "There is no skopeo. Remedy: install it (Debian: apt-get install skopeo)."
for name in "$@"; do
  grep -q "^$name " "$digests" || refuse "$digests has no image $name." 3
done

# Plain HTTP is for registries of this machine alone.
tls() {
  case $1 in
    localhost* | 127.0.0.1*) echo false ;;
    *) echo true ;;
  esac
}

digest_of() {
  skopeo inspect --tls-verify="$(tls "$1")" --format '{{.Digest}}' "docker://$1" 2>/dev/null
}

wanted=" $* "
log=$(mktemp "${TMPDIR:-/tmp}/promote.XXXXXX")
trap 'rm -f "$log"' EXIT
while read -r name tag digest; do
  case $wanted in *" $name "* | '  ') ;; *) continue ;; esac
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || refuse "$name $tag has no digest in $digests." 3
  there=$(digest_of "$from/quadrille/$name@$digest" || true)
  [ "$there" = "$digest" ] ||
    refuse "$from has no $name with $digest. Remedy: see what was pushed there; what was not baked is not promoted" 3
  there=$(digest_of "$to/quadrille/$name:$tag" || true)
  if [ "$there" = "$digest" ]; then
    printf '  %-16s %s is there already\n' "$name" "$tag"
    continue
  fi
  [ -z "$there" ] || refuse "$to/quadrille/$name:$tag is $there already, and not $digest. Remedy: a tag stays what it is" 4
  if ! skopeo copy --quiet --preserve-digests --src-tls-verify="$(tls "$from")" --dest-tls-verify="$(tls "$to")" \
    "docker://$from/quadrille/$name@$digest" "docker://$to/quadrille/$name:$tag" >"$log" 2>&1; then
    refuse "$name could not be copied: $(tail -n 1 "$log")" 1
  fi
  there=$(digest_of "$to/quadrille/$name:$tag" || true)
  [ "$there" = "$digest" ] || refuse "$to/quadrille/$name:$tag is ${there:-not there} after copying $digest." 1
  printf '  %-16s %s %s\n' "$name" "$tag" "$digest"
done <"$digests"
echo "Promoted to $to. What is deployed is the digest, as it was in $from."
