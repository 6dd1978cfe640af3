#!/usr/bin/env bash
# Signs what was baked and pushed: infra/bakery/sign.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'HELP'
infra/bakery/sign.sh DIGESTS REGISTRY [IMAGE...]     signs images by their digests, with cosign

  DIGESTS    a file of bake.sh, digests-VERSION.txt
  REGISTRY   REGISTRY[/PATH] that they were pushed to
  IMAGE      these alone; else all in DIGESTS

  QUADRILLE_COSIGN_KEY   a key (a file, or a KMS address such as awskms:///alias/quadrille); without it, cosign
                         signs as who runs this is known to an identity provider (keyless)

The list of what a service is made of (SBOM, CycloneDX), which is in its image as /app/sbom.json too, is attested
beside it: infra/bakery/target/sbom-VERSION/NAME-FLAVOUR.json. promote.sh copies images; sign again where they arrive.

Exit codes: 0 signed, 1 a signature failed, 2 the command makes no sense, 3 there is no cosign, and nothing was
signed.
HELP
}

case ${1:-} in
  --help | -h | help)
    usage
    exit 0
    ;;
esac
if [ $# -lt 2 ] || [ ! -r "$1" ]; then
  echo "sign.sh wants DIGESTS, which is a file of bake.sh, and REGISTRY. infra/bakery/sign.sh --help tells more." >&2
  exit 2
fi
digests=$1
registry=${2%/}
shift 2
if ! command -v cosign >/dev/null; then
  echo "Not signed: there is no cosign here. Remedy: install cosign." >&2
  exit 3
fi
options=(--yes)
[ -z "${QUADRILLE_COSIGN_KEY:-}" ] || options+=(--key "$QUADRILLE_COSIGN_KEY")
case $registry in localhost* | 127.0.0.1*) options+=(--allow-insecure-registry) ;; esac
version=$(basename "$digests" .txt)
version=${version#digests-}

wanted=" $* "
while read -r name tag digest; do
  case $wanted in *" $name "* | '  ') ;; *) continue ;; esac
  echo "$name $tag"
  cosign sign "${options[@]}" "$registry/quadrille/$name@$digest" </dev/null
  sbom=$here/target/sbom-$version/$name-${tag##*-}.json
  if [ -e "$sbom" ]; then
    cosign attest "${options[@]}" --type cyclonedx --predicate "$sbom" "$registry/quadrille/$name@$digest" </dev/null
  fi
done <"$digests"
