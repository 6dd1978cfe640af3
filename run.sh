#!/usr/bin/env bash
# Builds what is stale and starts Quadrille on this machine: ./run.sh help says it all.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lib=$root/infra/local/target/lib
home=${QUADRILLE_HOME:-$root/.quadrille}

# Which commands there are, and which of them are about a stack that may have to be built first.
case ${1:-up} in
  up | demo | record | --*) builds=yes ;;
  stop | status | logs | restart | migrate) builds='' ;;
  bench) builds=bench ;;
  help | -h) builds=help ;;
  *)
    echo "There is no command '$1'. ./run.sh help lists them." >&2
    exit 2
    ;;
esac
case " $* " in *' --help '*) builds=help ;; esac
help=$root/infra/local/src/main/resources/dev/quadrille/local/help.txt
if [ "${1:-}" = bench ]; then
  help=$root/infra/bench/src/main/resources/dev/quadrille/bench/help.txt
  case ${2:-help} in help | -h) builds=help ;; esac
fi

if [ "$builds" = help ]; then
  # Needs neither a JDK nor a build.
  cat "$help"
  exit 0
fi

# shellcheck source=infra/local/jdk.sh
. "$root/infra/local/jdk.sh"

# Which of the services are asked for, so that one that does not compile can be left out; the launcher
# itself reads the options again, and complains where they are wrong.
services() {
  local only='' without='' option value
  while [ $# -gt 0 ]; do
    option=${1%%=*}
    value=''
    case $1 in
      --only=* | --without=*) value=${1#*=} ;;
      --only | --without)
        value=${2:-}
        [ $# -gt 1 ] && shift
        ;;
    esac
    case $option in
      --only) only=$value ;;
      --without) without=$value ;;
    esac
    shift
  done
  for service in order inventory payment notification; do
    case ,${only:-$service}, in *,"$service",*) ;; *) continue ;; esac
    case ,$without, in *,"$service",*) continue ;; esac
    echo "$service"
  done
}

# Whether artefact $1 is there and newer than all of the inputs after it. A build that changed nothing
# leaves an artefact as it was; the stamp is the time of the last build, so that it counts too.
fresh() {
  local artefact=$1 newer
  shift
  [ -e "$artefact" ] || return 1
  newer=(-newer "$artefact")
  [ -e "$stamp" ] && newer+=(-newer "$stamp")
  [ -z "$(find "$@" -type f "${newer[@]}" -print 2>/dev/null | head -n 1)" ]
}

# Prints the modules that have to be built, for the services named.
stale() {
  local service shared=() module
  for module in shared-events/contract infra/migrations infra/topics infra/payment-sandbox infra/local; do
    shared+=("$module/pom.xml" "$module/src/main")
  done
  fresh "$lib" pom.xml "${shared[@]}" || echo infra/local
  shared=()
  for module in shared-events/* services/chassis; do
    [ -e "$module/pom.xml" ] && shared+=("$module/pom.xml" "$module/src/main")
  done
  for service in "$@"; do
    module=services/$service
    [ -e "$module/pom.xml" ] || continue
    fresh "$module/target/quarkus-app/quarkus-run.jar" pom.xml services/pom.xml "${shared[@]}" \
      "$module/pom.xml" "$module/src/main" || echo "$module"
  done
}

# Maven's output, made short: a line per module.
report() {
  local line fetching=''
  while IFS= read -r line; do
    case $line in
      '[INFO] Building '*'['*/*']')
        line=${line#'[INFO] Building '}
        # Without the version.
        echo "  building  ${line%% [0-9]*}  ${line##* }"
        fetching=''
        ;;
      *'Downloading from '*)
        [ -n "$fetching" ] || echo "            fetching libraries"
        fetching=yes
        ;;
    esac
  done
}

build() {
  local modules=$1 log=$home/logs/build.log begun=$SECONDS started
  if ! command -v mvn >/dev/null; then
    echo "Quadrille has to be built, and there is no Maven. Remedy: install Maven 3.8.6 or newer (mvn on the PATH)." >&2
    exit 2
  fi
  mkdir -p "$home/logs" "$root/infra/local/target"
  started=$root/infra/local/target/build-started
  : >"$started"
  echo "Building what has changed (log: $log)"
  if ! mvn -B -f "$root/pom.xml" -pl "$modules" -am install -Dmaven.test.skip=true -Dspotless.check.skip=true 2>&1 |
    tee "$log" | report; then
    echo "The build failed. Log: $log. It said:" >&2
    grep -E '^\[ERROR\]' "$log" | grep -vE 'Help 1|Re-run Maven|full stack trace|^\[ERROR\] *$|possible solutions' | head -n 12 >&2 || true
    exit 1
  fi
  # Not the present time: what was edited during the build may have missed it.
  mv "$started" "$stamp"
  echo "Built in $((SECONDS - begun)) s."
  echo
}

# Deleted by mvn clean, like what it is about.
stamp=$root/infra/local/target/built

# Whether a launcher lives in this home. Then nothing is built: its parts run from the files that a
# build would write anew.
runs() {
  local pid
  [ -e "$home/stack.properties" ] || return 1
  pid=$(sed -n 's/^launcher\.pid=//p' "$home/stack.properties")
  [ -n "$pid" ] && ps -p "$pid" -o args= 2>/dev/null | grep -q dev.quadrille.local
}

# It mostly waits: small heap.
launcher=("$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss512k -Xmx48m
  --enable-native-access=ALL-UNNAMED -cp "$lib/*" dev.quadrille.local.Quadrille)

# Whether the AOT caches of this build are still to be recorded: once, when all four services are there.
unrecorded() {
  local service recorded=yes
  [ "${QUADRILLE_AOT:-on}" != off ] || return 1
  for service in order inventory payment notification; do
    [ -e "$root/services/$service/target/quarkus-app/quarkus-run.jar" ] || return 1
    [ -e "$root/services/$service/target/quarkus-app/app.aot" ] || recorded=''
  done
  [ -z "$recorded" ]
}

record() {
  "${launcher[@]}" record || echo "Going on without AOT caches: the services start more slowly." >&2
}

if [ "$builds" = bench ]; then
  if runs; then
    echo "A stack runs in $home and would be measured along. Remedy: ./run.sh stop" >&2
    exit 1
  fi
  modules=$(cd "$root" && {
    stale order inventory payment notification
    fresh infra/bench/target/lib pom.xml infra/bench/pom.xml infra/bench/src/main shared-events/contract/src/main \
      infra/local/src/main || echo infra/bench
  })
  [ -z "$modules" ] || build "$(echo "$modules" | paste -sd , -)"
  if [ "$2" = cold-start ] && unrecorded; then record; fi
  shift
  exec "$JAVA_HOME/bin/java" -Xmx512m --enable-native-access=ALL-UNNAMED \
    -cp "$root/infra/bench/target/lib/*:$lib/*" dev.quadrille.bench.Bench "$@"
fi

if [ -n "$builds" ] && ! runs; then
  # shellcheck disable=SC2046 # One word for each service.
  modules=$(cd "$root" && stale $(services "$@"))
  [ -z "$modules" ] || build "$(echo "$modules" | paste -sd , -)"
elif [ ! -e "$lib" ]; then
  echo "Nothing runs in $home: nothing is built. ./run.sh builds and starts it."
  [ "$1" = stop ] || exit 3
  exit 0
fi

if [ -n "$builds" ] && [ "${1:-up}" != record ] && ! runs && unrecorded; then
  case " $* " in
    *' --no-aot '* | *' --native '* | *' --record '* | *' --only '* | *' --only='*) ;;
    *) record ;;
  esac
fi

# The launcher takes this script's process, so that a signal reaches it.
exec "${launcher[@]}" "$@"
