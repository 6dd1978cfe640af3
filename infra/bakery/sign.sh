#!/usr/bin/env bash
# Signs what was baked and pushed: infra/bakery/sign.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'HELP'
infra/bakery/sign.sh [--no-sbom] DIGESTS REGISTRY [IMAGE...]     signs images by their digests, with cosign

  --no-sbom  attests no SBOM; else an image without one is refused before anything is signed (a base needs none)
  DIGESTS    a file of bake.sh, digests-VERSION.txt
  REGISTRY   REGISTRY[/PATH] that they were pushed to
  IMAGE      these alone; else all in DIGESTS

  QUADRILLE_COSIGN_KEY   a key (a file, or a KMS address such as awskms:///alias/quadrille); without it, cosign
                         signs as who runs this is known to an identity provider (keyless)

The list of what an image is made of (SBOM, CycloneDX), which is in it as /app/sbom.json too, is attested beside it:
infra/bakery/target/sbom-VERSION/NAME-FLAVOUR.json, or NAME.json. promote.sh copies images; sign again where they arrive.

Exit codes: 0 signed, 1 a signature failed, 2 the command makes no sense, DIGESTS has no such image or an image has no
SBOM, 3 there is no cosign, and nothing was signed.
HELP
}

case ${1:-} in
  --help | -h | help)
    usage
    exit 0
    ;;
esac
# shellcheck source=infra/bakery/digests.sh
. "$here/digests.sh"
attested=yes
if [ "${1:-}" = --no-sbom ]; then
  attested=''
  shift
fi
[ $# -ge 2 ] || refuse "sign.sh wants DIGESTS, which is a file of bake.sh, and REGISTRY. infra/bakery/sign.sh --help tells more."
digests=$1
registry=${2%/}
shift 2
lines=$(digests_of "$digests" 2 "$@")
if ! command -v cosign >/dev/null; then
  echo "Not signed: there is no cosign here. Remedy: install cosign." >&2
  exit 3
fi
options=(--yes)
[ -z "${QUADRILLE_COSIGN_KEY:-}" ] || options+=(--key "$QUADRILLE_COSIGN_KEY")
if is_this_machine "$registry"; then options+=(--allow-insecure-registry); fi

# The tag of a service is its version and its flavour. A base has no SBOM: it tells scanners itself.
sbom_of() {
  case "$1 $2" in
    base\ * | base-*) ;;
    *-jvm | *-native) echo "$here/target/sbom-${2%-*}/$1-${2##*-}.json" ;;
    *) echo "$here/target/sbom-$2/$1.json" ;;
  esac
}

# All of them before the first signature: signed is not half of them.
if [ -n "$attested" ]; then
  while read -r name tag digest; do
    sbom=$(sbom_of "$name" "$tag")
    [ -z "$sbom" ] || [ -s "$sbom" ] ||
      refuse "$name $tag has no SBOM: there is no $sbom. Remedy: sign where it was baked, or have that folder from there; --no-sbom signs without"
  done <<END
$lines
END
fi

while read -r name tag digest; do
  echo "$name $tag"
  cosign sign "${options[@]}" "$registry/quadrille/$name@$digest" </dev/null
  sbom=$(sbom_of "$name" "$tag")
  if [ -n "$attested" ] && [ -n "$sbom" ]; then
    cosign attest "${options[@]}" --type cyclonedx --predicate "$sbom" "$registry/quadrille/$name@$digest" </dev/null
  fi
done <<END
$lines
END
