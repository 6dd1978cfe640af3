#!/usr/bin/env bash
# Lays out the files of the base images: infra/bakery/roots.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
locks=$here

refuse() {
  echo "$1" >&2
  exit 2
}

case ${1:-} in
  '') ;;
  --help | -h | help)
    cat <<'HELP'
infra/bakery/roots.sh [--locks FOLDER]     lays out what the base images hold, in infra/bakery/target/roots

  base          of Debian's packages, what base/keep names; users, the bundle of CA certificates, /tmp
  base-native   what base-native/keep names, upon that
  base-jvm      a JRE in /opt/java, linked of the modules in base-jvm/modules, upon base

  --locks FOLDER   takes the locks from there (lock.sh --to FOLDER)

Exit codes: 0 done, 1 a package could not be fetched, 2 this machine has no apt or no JDK.
HELP
    exit 0
    ;;
  --locks)
    [ -n "${2:-}" ] || refuse "--locks wants a folder. infra/bakery/roots.sh --help tells more."
    locks=$2
    ;;
  *) refuse "There is no option '$1'. infra/bakery/roots.sh --help lists them." ;;
esac

# shellcheck source=infra/bakery/debian.sh
. "$here/debian.sh"
# shellcheck source=infra/local/jdk.sh
. "$here/../local/jdk.sh"
debian_needed
export LC_ALL=C

roots=$here/target/roots
rm -rf "$roots"
mkdir -p "$roots"

# Of the folder $1, what the patterns in file $2 name, into the folder $3. A line may have several patterns.
keep() {
  local pattern found
  while read -r pattern; do
    # shellcheck disable=SC2086 # The pattern is to match many.
    found=$(cd "$1" && { ls -d $pattern 2>/dev/null || true; })
    [ -n "$found" ] || continue
    (cd "$1" && printf '%s\n' "$found" | tar -cf - -T -) | tar -xf - -C "$3"
    echo "$pattern" >>"$roots/kept"
  done <"$2"
}

# Refuses programs and libraries below folder $1 that want a library which the image has not, as the base's own loader
# finds them: what is found on this machine alone would not be there. Further folders are looked in too.
linked() {
  local folder=$1 loader path file said
  loader=$(find "$roots/base/lib" -name 'ld-linux-*.so.*' -type f | head -n 1)
  [ -n "$loader" ] || refuse "base has no loader. Remedy: see base/keep"
  path=$(find "$@" "$roots/base/lib" -name '*.so*' -exec dirname {} + | sort -u | paste -sd : -)
  while read -r file; do
    said=$("$loader" --inhibit-cache --library-path "$path" --list "$file" 2>&1) || refuse "${file#"$roots"/} cannot be loaded: $said"
    said=$(printf '%s\n' "$said" | awk -v roots="$roots/" '/=>/ && index($3, roots) != 1 { print $1; exit }')
    [ -z "$said" ] ||
      refuse "${file#"$roots"/} wants $said, which the image has not. Remedy: a JDK that brings its own (Temurin), or a package more in the lock"
  done <<END
$(find "$folder" -type f \( -name '*.so' -o -path '*/bin/java' \))
END
}

# Image $1: what its locked packages hold.
unpack() {
  local image=$1 lock=$locks/$1/packages.lock root=$roots/$1 pattern package version sum unpacked lines
  lines=$(grep "^$debian_architecture " "$lock" || true)
  [ -n "$lines" ] ||
    refuse "$image has no packages for $debian_architecture in its lock. Remedy: infra/bakery/lock.sh adds them"
  mkdir -p "$root/var/lib/dpkg/status.d"
  printf '%s\n' "$lines" | while read -r _ package version sum; do
    debian_fetch "$package" "$version" "$sum" >/dev/null
    unpacked=$(mktemp -d "$here/target/unpacked.XXXXXX")
    dpkg-deb -x "$debian_cache/$sum.deb" "$unpacked"
    keep "$unpacked" "$here/$image/keep" "$root"
    rm -rf "$unpacked"
    # Where scanners look for what an image without dpkg is made of.
    dpkg-deb -f "$debian_cache/$sum.deb" >"$root/var/lib/dpkg/status.d/$package"
    dpkg-deb --ctrl-tarfile "$debian_cache/$sum.deb" | tar -xOf - ./md5sums \
      >"$root/var/lib/dpkg/status.d/$package.md5sums" 2>/dev/null || rm -f "$root/var/lib/dpkg/status.d/$package.md5sums"
  done
  while read -r pattern; do
    grep -qxF -- "$pattern" "$roots/kept" ||
      refuse "$image/keep names what no package has: $pattern. Remedy: take it out, or find where it went"
  done <"$here/$image/keep"
  rm -f "$roots/kept"
}

echo "  base: Debian's packages for $debian_architecture"
unpack base
root=$roots/base
mkdir -p "$root/etc/ssl/certs" "$root/tmp" "$root/app" "$root/root"
find "$root/usr/share/ca-certificates" -name '*.crt' | sort | while read -r certificate; do
  cat "$certificate"
  echo
done >"$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root/usr/share/ca-certificates" "$root/usr/share/zoneinfo/posix" "$root/usr/share/zoneinfo/right"
ln -s /usr/share/zoneinfo/Etc/UTC "$root/etc/localtime"
cat >"$root/etc/passwd" <<'END'
root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin
END
cat >"$root/etc/group" <<'END'
root:x:0:
nobody:x:65534:
nonroot:x:65532:
END
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

echo "  base-native: what a native image is linked with"
unpack base-native

echo "  base-jvm: a JRE of $(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")"
mkdir -p "$roots/base-jvm/opt"
if ! "$JAVA_HOME/bin/jlink" --add-modules "$(paste -sd , "$here/base-jvm/modules")" --strip-debug \
  --no-header-files --no-man-pages --output "$roots/base-jvm/opt/java" >"$here/target/jlink.log" 2>&1; then
  refuse "jlink could not link a JRE: $(head -n 1 "$here/target/jlink.log"). Remedy: set JAVA_HOME to a JDK $quadrille_jdk_wanted with all its modules"
fi
while read -r file; do
  rm -f "$roots/base-jvm/opt/java/$file"
done <"$here/base-jvm/left-out"
linked "$roots/base-jvm/opt/java"
while read -r file; do
  case $(readlink -f "$file") in
    "$roots"/*) ;;
    *) refuse "${file#"$roots"/} is a link to this machine. Remedy: a JDK that brings its own (Temurin)" ;;
  esac
done <<END
$(find "$roots/base-jvm/opt/java" -name cacerts)
END
# A JVM takes an AOT cache only if its own files have the times that they had when the cache was recorded.
find "$roots/base-jvm/opt/java" -exec touch -h -d "@$(debian_epoch "$locks")" {} +
