#!/usr/bin/env bash
# Looks at images before anybody may have them: infra/bakery/structure.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

case ${1:-} in
  --help | -h | help)
    cat <<'HELP'
infra/bakery/structure.sh [FILE...]     looks at images (OCI layouts in one file); at all that bake.sh has left,
                                        if none is named. bake.sh does the same before it pushes anything

Held to: user 65532:65532, which /etc/passwd knows; no shell, no package manager, nothing that is setuid or
setgid; nothing but /tmp can be written; everything is root's; CA certificates that can be parsed; time zones;
os-release and the list of Debian's packages, for scanners; no link to nowhere. And images that run: an entry point
that is a program in the image, and the labels.

Exit codes: 0 all are as they should be, 1 one is not, 2 there is nothing to look at.
HELP
    exit 0
    ;;
esac

# shellcheck source=infra/local/jdk.sh
. "$here/../local/jdk.sh"

if [ $# -eq 0 ]; then
  for file in "$here"/target/images/*.tar; do
    [ ! -e "$file" ] || set -- "$@" "$file"
  done
fi
if [ $# -eq 0 ] || [ ! -e "$here/target/lib" ]; then
  echo "There is nothing to look at. Remedy: infra/bakery/bake.sh" >&2
  exit 2
fi
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$here/target/lib/*" \
  dev.quadrille.bakery.Bakery structure "$@"
