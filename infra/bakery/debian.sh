# What the bakery needs of Debian: packages, fetched by version and checked by sha256. To be sourced, in bash:
#
#   . infra/bakery/debian.sh
#
# Sets debian_architecture; debian_needed ends the script with exit code 2 where there is no apt.
# shellcheck shell=bash

debian_cache=${QUADRILLE_BAKERY_CACHE:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/target/packages}
debian_architecture=''

debian_needed() {
  local tool
  for tool in apt-get apt-cache dpkg-deb dpkg; do
    if ! command -v "$tool" >/dev/null; then
      echo "The base images are made of Debian's packages, and there is no $tool here. Remedy: bake on Debian (the stable that the lock names), or take bases that somebody has pushed: bake.sh --bases digests-VERSION.txt" >&2
      exit 2
    fi
  done
  # shellcheck disable=SC2034 # For who sources this.
  debian_architecture=$(dpkg --print-architecture)
}

debian_sum() {
  sha256sum "$1" | cut -d ' ' -f 1
}

# The newest version of package $1.
debian_newest() {
  local version
  version=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  if [ -z "$version" ] || [ "$version" = '(none)' ]; then
    echo "apt knows no package $1. Remedy: apt-get update" >&2
    return 1
  fi
  echo "$version"
}

# Fetches package $1 in version $2 and prints its sha256; does nothing if one with the sum $3 is there.
debian_fetch() {
  local sum=$3 fetching file
  if [ -n "$sum" ] && [ -e "$debian_cache/$sum.deb" ] && [ "$(debian_sum "$debian_cache/$sum.deb")" = "$sum" ]; then
    echo "$sum"
    return 0
  fi
  mkdir -p "$debian_cache"
  fetching=$(mktemp -d "$debian_cache/fetching.XXXXXX")
  # apt fetches as a user of its own where it can.
  chmod 755 "$fetching"
  if ! (cd "$fetching" && apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$1=$2") >"$debian_cache/apt.log" 2>&1; then
    echo "apt could not fetch $1 $2: $(grep '^E:' "$debian_cache/apt.log" | head -n 1). Remedy: apt-get update; if Debian has a newer one by now, infra/bakery/lock.sh takes that into the lock" >&2
    rm -rf "$fetching"
    return 1
  fi
  file=$(find "$fetching" -name '*.deb' | head -n 1)
  if [ -n "$sum" ] && [ "$(debian_sum "$file")" != "$sum" ]; then
    echo "$1 $2 is not what the lock says: sha256 $(debian_sum "$file"), and not $sum. Remedy: find out why before anything is baked" >&2
    rm -rf "$fetching"
    return 1
  fi
  sum=$(debian_sum "$file")
  mv "$file" "$debian_cache/$sum.deb"
  rm -rf "$fetching"
  echo "$sum"
}

# When the newest of the locks in folder $1 was written, in seconds: the time that the bases say they were made.
debian_epoch() {
  cat "$1"/base*/packages.lock | sed -n 's/^epoch //p' | sort -n | tail -n 1
}

debian_time() {
  date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ
}
