#!/usr/bin/env bash
# Writes down which Debian packages the base images are made of: infra/bakery/lock.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
into=$here

refuse() {
  echo "$1" >&2
  exit 2
}

case ${1:-} in
  '') ;;
  --help | -h | help)
    cat <<'HELP'
infra/bakery/lock.sh [--to FOLDER]     renews the locks: the newest version of each package, and its sha256

Reads base/packages and base-native/packages, asks apt for what is newest (run apt-get update before), and writes
base/packages.lock and base-native/packages.lock, which are committed. Lines of other architectures stay as they are.
A lock whose packages are the newest already stays as it is, and so does the digest of what is baked from it.

  --to FOLDER   writes the locks there instead, and leaves those of the checkout alone

Exit codes: 0 written, 1 a package could not be fetched, 2 this machine has no apt.
HELP
    exit 0
    ;;
  --to)
    [ -n "${2:-}" ] || refuse "--to wants a folder. infra/bakery/lock.sh --help tells more."
    mkdir -p "$2"
    into=$(cd "$2" && pwd)
    ;;
  *) refuse "There is no option '$1'. infra/bakery/lock.sh --help lists them." ;;
esac

# shellcheck source=infra/bakery/debian.sh
. "$here/debian.sh"
debian_needed

for image in base base-native; do
  lock=$into/$image/packages.lock
  old=$here/$image/packages.lock
  mkdir -p "$into/$image"
  echo "$image"
  lines=''
  while read -r package; do
    version=$(debian_newest "$package")
    sum=$(debian_fetch "$package" "$version" '')
    lines="$lines$debian_architecture $package $version $sum
"
    echo "  $package $version"
  done <"$here/$image/packages"
  if [ -e "$old" ] && [ "$lines" = "$(grep "^$debian_architecture " "$old" || true)
" ]; then
    [ "$lock" = "$old" ] || cp "$old" "$lock"
    echo "  newest already"
    continue
  fi
  others=$(grep -E '^[a-z0-9-]+ ' "$old" 2>/dev/null | grep -vE "^($debian_architecture|epoch) " || true)
  {
    echo "# Written by infra/bakery/lock.sh: architecture, package, version, sha256. The epoch is the time that the images say they were made."
    echo "epoch $(date +%s)"
    printf '%s%s' "$lines" "${others:+$others
}"
  } >"$lock.new"
  mv "$lock.new" "$lock"
done
