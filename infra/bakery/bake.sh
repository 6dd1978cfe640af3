#!/usr/bin/env bash
# Bakes the container images and pushes them once: infra/bakery/bake.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$here/target
services='order inventory payment notification'
programs='jobs payment-sandbox'

usage() {
  cat <<'HELP'
infra/bakery/bake.sh [options]     bakes the bases, then the images upon them, and pushes each once

  --registry REGISTRY[/PATH]   pushes to REGISTRY/PATH/quadrille/NAME; else the images are files alone,
                               in infra/bakery/target/images (load.sh hands them to docker or podman)
  --flavour jvm|native         of the four services; native takes what ./native-build.sh has built of the same sources.
                               Default: jvm. jobs and payment-sandbox run on the JVM, and are baked with either
  --no-aot                     JVM images without AOT caches: 150 MB less, and slower to start
  --record SERVICE,...         records the caches of these services alone, without orders, which is quicker
  --images NAME,...            these alone: order inventory payment notification jobs payment-sandbox
  --bases FILE                 the bases in this file (digests-VERSION.txt of another bake) and in the registry,
                               instead of baking them: for machines that are not Debian
  --locks FOLDER               bakes the bases of other packages than those locked (lock.sh --to FOLDER)
  --no-build                   takes the jars as they are

The bases are looked at (structure.sh) and pushed, then the images upon them: none before all of its kind are as they
should be. Which digest each image has: infra/bakery/target/digests-VERSION.txt, lines of name, tag and digest.
Credentials are Docker's own (docker login, or a credential helper).

  QUADRILLE_VERSION   of the images; else what version.sh says

Exit codes: 0 baked, 1 a build failed or an image is not as it should be, 2 the command makes no sense or
something is missing here, 4 a tag stands for another image already.
HELP
}

refuse() {
  echo "$1" >&2
  exit 2
}

registry=''
flavour=jvm
aot=yes
record=''
images=''
bases=''
locks=$here
build=yes
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --no-aot) aot='' ;;
    --no-build) build='' ;;
    --registry | --flavour | --record | --images | --bases | --locks)
      [ -n "${2:-}" ] || refuse "$1 wants a value. infra/bakery/bake.sh --help tells more."
      case $1 in
        --registry) registry=${2%/} ;;
        --flavour) flavour=$2 ;;
        --record) record=$2 ;;
        --images) images=$2 ;;
        --bases) bases=$2 ;;
        --locks) locks=$2 ;;
      esac
      shift
      ;;
    *) refuse "There is no option '$1'. infra/bakery/bake.sh --help lists them." ;;
  esac
  shift
done
case $flavour in jvm | native) ;; *) refuse "There is no flavour '$flavour'. There are: jvm native." ;; esac
case $registry in
  *://* | *[[:space:]]*) refuse "--registry is a host and a path, as in an image's name, not $registry" ;;
esac
if [ -n "$bases" ]; then
  [ -r "$bases" ] || refuse "There is no file $bases."
  [ -n "$registry" ] || refuse "--bases are those of a registry. Remedy: name it with --registry"
fi
for name in $(echo "$record" | tr , ' '); do
  case " $services " in
    *" $name "*) ;;
    *) refuse "There is no service '$name' to record. There are: $services." ;;
  esac
done
for name in $(echo "$images" | tr , ' '); do
  case " $services $programs " in
    *" $name "*) ;;
    *) refuse "There is no image '$name'. There are: $services $programs." ;;
  esac
done

# shellcheck source=infra/local/jdk.sh
. "$root/infra/local/jdk.sh"
# shellcheck source=infra/bakery/debian.sh
. "$here/debian.sh"

version=$("$here/version.sh") || exit 2
revision=$(git -C "$root" rev-parse HEAD 2>/dev/null || echo unknown)
created=$(TZ=UTC git -C "$root" log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null ||
  echo 1970-01-01T00:00:01Z)
# Only an address that others can follow, and none with a password in it.
source=$(git -C "$root" config --get remote.origin.url 2>/dev/null | grep -E '^https://[^@]*$' || true)
architecture=$(uname -m | sed -e 's/x86_64/amd64/' -e 's/aarch64/arm64/')
mkdir -p "$work"
echo "Version $version"
case $version in
  *.dirty) echo "There are changes that are in no commit: these images are for this machine alone." ;;
esac

# Which sources a binary is of, no label tells afterwards but ours.
if [ "$flavour" = native ] && [ "$revision" != unknown ]; then
  for service in $services; do
    case ",$images," in *",$service,"* | ,,) ;; *) continue ;; esac
    built=$(cat "$root/services/$service/target/native-revision" 2>/dev/null || true)
    git -C "$root" diff --quiet "${built:-none}" HEAD -- pom.xml services shared-events 2>/dev/null ||
      refuse "$service's native image is of other sources (commit ${built:-unknown}) than this commit's. Remedy: ./native-build.sh $service"
  done
fi

# --- The jars.

if [ -n "$build" ]; then
  command -v mvn >/dev/null || refuse "There is no Maven. Remedy: install Maven 3.8.6 or newer (mvn on the PATH)."
  modules=infra/bakery,infra/jobs,infra/payment-sandbox
  if [ "$flavour" = jvm ]; then
    modules=$modules,infra/local
    for service in $services; do modules=$modules,services/$service; done
  fi
  echo "Building (log: ${work#"$root"/}/build.log)"
  if ! mvn -B -f "$root/pom.xml" -pl "$modules" -am install -Dmaven.test.skip=true -Dspotless.check.skip=true >"$work/build.log" 2>&1; then
    grep -E '^\[ERROR\]' "$work/build.log" | head -n 12 >&2 || true
    exit 1
  fi
fi
[ -e "$work/lib" ] || refuse "The bakery is not built. Remedy: bake.sh without --no-build"

bakery() {
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m -cp "$work/lib/*" \
    dev.quadrille.bakery.Bakery "$@"
}

bake() {
  local kind=$1
  shift
  bakery "$kind" --root "$root" --work "$work" --version "$version" --revision "$revision" \
    --architecture "$architecture" --registry "$registry" --source "$source" --images "$images" "$@"
}

# --- The bases.

if [ -n "$bases" ]; then
  echo "Bases as in $bases"
  while read -r name _ digest; do
    case $name in base*) echo "$name $version $digest" ;; esac
  done <"$bases" >"$work/digests-$version.txt"
else
  debian_needed
  # All that the files of the bases depend on: no need to lay them out again while it is the same.
  inputs=$(cat "$locks"/base*/packages.lock "$here"/base*/keep "$here"/base-jvm/* "$here"/{roots,debian}.sh "$JAVA_HOME/release" |
    sha256sum)
  if [ "$(cat "$work/roots/inputs" 2>/dev/null)" != "$inputs" ]; then
    echo "Laying out the bases' files"
    "$here/roots.sh" --locks "$locks"
    echo "$inputs" >"$work/roots/inputs"
  fi
  echo "Baking the bases"
  bake bases --created "$(debian_time "$(debian_epoch "$locks")")"
fi

# --- The AOT caches.

# What a cache depends on: the jars, by their bytes, and the JVM.
cache_inputs() {
  (cd "$root" && find services/*/target/quarkus-app -name '*.jar' -type f | LC_ALL=C sort | xargs sha256sum)
  cat "$work/roots/inputs"
  grep '^quarkus.jib.jvm-entrypoint' "$root/services/chassis/src/main/resources/META-INF/microprofile-config.properties"
}

# The JVM takes a cache only with jars of the same names, sizes and times, and only if it is the very one that wrote
# it. So the recording is made by the JRE of the image, on copies that have the times of the image's files.
record() {
  local recording=$work/recording whole=yes service
  local launcher=("$work/roots/base-jvm/opt/java/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss512k -Xmx64m
    --enable-native-access=ALL-UNNAMED -cp "$root/infra/local/target/lib/*" dev.quadrille.local.Quadrille)
  cache_inputs >"$work/cache-inputs"
  if cmp -s "$work/cache-inputs" "$recording/inputs"; then
    for service in $(echo "${record:-$services}" | tr , ' '); do
      [ -e "$recording/services/$service/target/quarkus-app/app.aot" ] || whole=''
    done
    if [ -n "$whole" ]; then
      echo "AOT caches: those recorded of the same jars"
      return 0
    fi
  fi
  rm -rf "$recording"
  mkdir -p "$recording/services/chassis"
  ln -s "$root/shared-events" "$recording/shared-events"
  ln -s "$root/services/chassis/src" "$recording/services/chassis/src"
  for service in $services; do
    mkdir -p "$recording/services/$service/target"
    ln -s "$root/services/$service/src" "$recording/services/$service/src"
    cp -R "$root/services/$service/target/quarkus-app" "$recording/services/$service/target/quarkus-app"
    rm -f "$recording/services/$service/target/quarkus-app/app.aot"
  done
  bakery touch "$recording/services"
  export QUADRILLE_ROOT=$recording QUADRILLE_HOME=$recording/home
  export QUADRILLE_CACHE=${QUADRILLE_CACHE:-$root/.quadrille/cache}
  # The last of two says it: in a cluster the optimizing compiler is wanted, and so is what a recording knows for it.
  export QUADRILLE_JAVA_OPTS=-XX:TieredStopAtLevel=4
  export QUADRILLE_START_TIMEOUT=${QUADRILLE_START_TIMEOUT:-240}
  if [ -z "$record" ]; then
    "${launcher[@]}" record || return 1
  else
    echo "Recording AOT caches: $record (log: ${recording#"$root"/}.log)"
    "${launcher[@]}" up --only "postgres,kafka,mail,payment-sandbox,$record" --free-ports --record --detach >"$recording.log" 2>&1 || return 1
    "${launcher[@]}" stop >>"$recording.log" 2>&1 || return 1
    for service in $(echo "$record" | tr , ' '); do
      [ -e "$recording/services/$service/target/quarkus-app/app.aot" ] || return 1
    done
  fi
  unset QUADRILLE_ROOT QUADRILLE_HOME QUADRILLE_JAVA_OPTS
  rm -rf "${recording:?}/home"
  mv "$work/cache-inputs" "$recording/inputs"
}

recorded=''
if [ "$flavour" = jvm ]; then
  if [ -z "$aot" ]; then
    echo "Without AOT caches, as asked for"
  elif [ -n "$bases" ]; then
    echo "Without AOT caches: they are recorded by the JRE of a base that is baked here"
  else
    # In no condition: there bash would go on after whatever fails.
    set +e
    (set -e; record)
    code=$?
    set -e
    if [ "$code" = 0 ]; then
      recorded=$work/recording
    else
      echo "There are no AOT caches, since they could not be recorded: the services are baked without, and start more slowly." >&2
    fi
  fi
fi

# --- The images.

echo "Baking the images ($flavour)"
bake "$flavour" --created "$created" --recording "$recorded"

# Beside the images, for who has no registry that could hold it: see sign.sh.
mkdir -p "$work/sbom-$version"
for image in $services $programs; do
  case ",$images," in *",$image,"* | ,,) ;; *) continue ;; esac
  case " $programs " in
    *" $image "*)
      sbom=$root/infra/$image/target/sbom.json
      kept=$image.json
      ;;
    *)
      kept=$image-$flavour.json
      case $flavour in
        jvm) sbom=$root/services/$image/target/quarkus-run-cyclonedx.json ;;
        native) sbom=$(find "$root/services/$image/target" -maxdepth 1 -name "$image-*-runner-cyclonedx.json" 2>/dev/null | head -n 1 || true) ;;
      esac
      ;;
  esac
  [ -s "$sbom" ] || refuse "$image has no SBOM. Remedy: build it ($flavour), which writes one; with Maven online, where it is jobs or payment-sandbox"
  cp "$sbom" "$work/sbom-$version/$kept"
done
echo "Digests: ${work#"$root"/}/digests-$version.txt"
