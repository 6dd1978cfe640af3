#!/usr/bin/env bash
# Looks for known vulnerabilities in what was baked: infra/bakery/scan.sh --help says it all.
set -euo pipefail

usage() {
  cat <<'HELP'
infra/bakery/scan.sh DIGESTS REGISTRY [IMAGE...]     scans images by their digests, with Trivy

  DIGESTS    a file of bake.sh, digests-VERSION.txt
  REGISTRY   REGISTRY[/PATH] that they were pushed to
  IMAGE      these alone; else all in DIGESTS

  QUADRILLE_SCAN_SEVERITY   what counts    HIGH,CRITICAL

Only what has a remedy counts (--ignore-unfixed): the locks of the bases are renewed by lock.sh.

Exit codes: 0 nothing found, 1 something found or a scan failed, 2 the command makes no sense or DIGESTS has no such
image, 3 there is no trivy, and nothing was scanned.
HELP
}

case ${1:-} in
  --help | -h | help)
    usage
    exit 0
    ;;
esac
# shellcheck source=infra/bakery/digests.sh
. "$(dirname "${BASH_SOURCE[0]}")/digests.sh"
[ $# -ge 2 ] || refuse "scan.sh wants DIGESTS, which is a file of bake.sh, and REGISTRY. infra/bakery/scan.sh --help tells more."
digests=$1
registry=${2%/}
shift 2
lines=$(digests_of "$digests" 2 "$@")
if ! command -v trivy >/dev/null; then
  echo "Not scanned: there is no trivy here. Remedy: install Trivy." >&2
  exit 3
fi
insecure=''
if is_this_machine "$registry"; then insecure=--insecure; fi

found=0
while read -r name tag digest; do
  echo "$name $tag"
  trivy image --quiet ${insecure:+"$insecure"} --ignore-unfixed --severity "${QUADRILLE_SCAN_SEVERITY:-HIGH,CRITICAL}" \
    --exit-code 1 "$registry/quadrille/$name@$digest" </dev/null || found=1
done <<END
$lines
END
exit "$found"
