#!/usr/bin/env bash
# Prints the version that images made of this checkout have: infra/bakery/version.sh --help says it all.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

case ${1:-} in
  '') ;;
  --help | -h | help)
    cat <<'HELP'
infra/bakery/version.sh     prints the semantic version of this checkout, as the images' tags have it

  1.2.3                         at a commit that has the git tag v1.2.3
  0.1.0-dev.412.g0123456789ab   elsewhere: the pom's version, the number of commits, the commit
  ....dirty                     with changes that are in no commit: such images are for this machine alone

  QUADRILLE_VERSION   printed instead: for a checkout without git, and for a release, whose steps change files
                      (export QUADRILLE_VERSION=$(infra/bakery/version.sh) before the first of them)

Exit codes: 0 printed, 2 there is no version.
HELP
    exit 0
    ;;
  *)
    echo "version.sh takes nothing. infra/bakery/version.sh --help tells more." >&2
    exit 2
    ;;
esac

semantic='^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$'

if [ -n "${QUADRILLE_VERSION:-}" ]; then
  if ! [[ $QUADRILLE_VERSION =~ $semantic ]]; then
    echo "QUADRILLE_VERSION is no semantic version that a tag could be: $QUADRILLE_VERSION. Remedy: such as 1.2.3 or 1.2.3-rc.1" >&2
    exit 2
  fi
  echo "$QUADRILLE_VERSION"
  exit 0
fi

if ! commit=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null); then
  echo "This is no git checkout with a commit, so there is no version. Remedy: set QUADRILLE_VERSION" >&2
  exit 2
fi
changed=$(git -C "$root" status --porcelain 2>/dev/null)
if [ -z "$changed" ]; then
  tag=$(git -C "$root" tag --points-at HEAD --list 'v*' --sort=-version:refname | sed 's/^v//' |
    grep -E "$semantic" | head -n 1 || true)
  if [ -n "$tag" ]; then
    echo "$tag"
    exit 0
  fi
fi
# The first version in the root pom is the project's own: it has no parent.
pom=$(sed -n 's|^  <version>\(.*\)</version>.*|\1|p' "$root/pom.xml" | head -n 1)
echo "${pom%-SNAPSHOT}-dev.$(git -C "$root" rev-list --count HEAD).g${commit:0:12}${changed:+.dirty}"
