#!/usr/bin/env bash
# Builds the services as native images: ./native-build.sh --help says it all.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${QUADRILLE_HOME:-$root/.quadrille}
all='order inventory payment notification'
wanted=25

# Which image a container build takes. Quarkus names one for each of its versions, by a tag that moves;
# `mandrel` means that one. The first build writes down which digest the tag stood for, and from then on
# that file is what counts: commit it, and delete it to have a newer builder. (Nobody could look the
# digest up where this was written: there is none until somebody has built.)
builder_image=${QUADRILLE_BUILDER_IMAGE:-mandrel}
builder_lock=$root/infra/native/builder-image.lock

usage() {
  cat <<'HELP'
./native-build.sh [SERVICE...] [options]     builds the services named, or all four, as native images

  SERVICE            order, inventory, payment, notification
  --image            makes container images of them too, with Jib
  --push REGISTRY    pushes those images to REGISTRY[/GROUP]; needs no container engine. For a registry of
                     ECR it logs in by `aws`, else the credentials are Docker's own, or
                     QUARKUS_CONTAINER_IMAGE_USERNAME and _PASSWORD
  --tag TAG          of the images; else what infra/bakery/version.sh says, with -native
  --base IMAGE       that the images are built upon; else the base-native that infra/bakery/bake.sh has pushed to
                     REGISTRY in this version. bake.sh --flavour native makes images with labels, of what is built here
  --container        builds in a container even if there is a GraalVM
  --help             this

Builds with a GraalVM or Mandrel 25 or newer (GRAALVM_HOME, JAVA_HOME, or native-image on the PATH), else in
a builder container (docker or podman). The binaries are services/X/target/X-VERSION-runner, the logs
.quadrille/logs/native-X.log.

  QUADRILLE_BUILDER_IMAGE   the image of the builder container, best by digest (name@sha256:...)
  QUADRILLE_VERSION         the version that the images are of; else what infra/bakery/version.sh says. The first build
                            in a container writes infra/native/builder-image.lock, which makes a checkout dirty until
                            it is committed: export it before, if images are baked after
  QUADRILLE_NATIVE_MIB      memory that a build may count with, else what is there

Exit codes: 0 built, 1 a build failed, 2 the command makes no sense, 3 nothing to build with.
HELP
}

refuse() {
  echo "$1" >&2
  exit 2
}

services=''
image=''
registry=''
tag=''
base=''
container=''
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --image) image=yes ;;
    --container) container=yes ;;
    --push | --tag | --base)
      [ -n "${2:-}" ] || refuse "$1 wants a value. ./native-build.sh --help tells more."
      case $1 in
        --push) registry=$2 && image=yes ;;
        --tag) tag=$2 ;;
        --base) base=$2 ;;
      esac
      shift
      ;;
    -*) refuse "There is no option '$1'. ./native-build.sh --help lists them." ;;
    *)
      case " $all " in
        *" $1 "*) ;;
        *) refuse "There is no service '$1'. There are: $all." ;;
      esac
      case " $services " in *" $1 "*) ;; *) services="$services $1" ;; esac
      ;;
  esac
  shift
done
[ -n "$services" ] || services=$all

# --- With what: a local GraalVM, or a container.

# The feature release of a native-image, nothing if it does not say.
release() {
  "$1" --version 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9][0-9]*\).*/\1/p'
}

# Sets native_image to one that is new enough. What is found and not taken is said: whoever has set
# GRAALVM_HOME wants to know why.
find_native_image() {
  local from candidate version
  for from in GRAALVM_HOME JAVA_HOME PATH; do
    case $from in
      PATH) candidate=$(command -v native-image || true) ;;
      *) candidate=${!from:-} && candidate=${candidate:+$candidate/bin/native-image} ;;
    esac
    if [ -z "$candidate" ] || [ ! -x "$candidate" ]; then
      [ "$from" != GRAALVM_HOME ] || [ -z "$candidate" ] ||
        echo "GRAALVM_HOME has no bin/native-image: $GRAALVM_HOME"
      continue
    fi
    version=$(release "$candidate")
    if [ -n "$version" ] && [ "$version" -ge "$wanted" ]; then
      native_image=$candidate
      found="$from: $("$candidate" --version 2>/dev/null | head -n 1)"
      return 0
    fi
    echo "Not taken, since $wanted or newer is needed: $candidate, version ${version:-unknown} ($from)"
  done
  return 1
}

# Sets engine to a container engine that answers; a client without its server is none.
find_engine() {
  local candidate
  for candidate in docker podman; do
    command -v "$candidate" >/dev/null || continue
    if "$candidate" info >/dev/null 2>&1; then
      engine=$candidate
      return 0
    fi
    silent="$silent $candidate is installed and does not answer."
  done
  return 1
}

native_image=''
found=''
engine=''
silent=''
# Before jdk.sh, which may set another JAVA_HOME. A container runs on Linux: so must what is in it.
if [ -n "$container" ]; then
  why='as asked for'
elif [ -n "$image" ] && [ "$(uname -s)" != Linux ]; then
  why='images are for Linux'
elif find_native_image; then
  why=''
else
  why="there is no GraalVM or Mandrel $wanted here"
fi
if [ -n "$native_image" ]; then
  echo "Builds with $native_image ($found)"
elif find_engine; then
  echo "Builds in a container with $engine, since $why"
else
  echo "Nothing to build with.$silent Remedy: install Mandrel or GraalVM $wanted and set GRAALVM_HOME to it, or start docker or podman." >&2
  exit 3
fi
if [ -n "$image" ] && [ -z "$registry" ] && [ -z "$engine" ] && ! find_engine; then
  echo "--image hands the images to docker or podman.$silent Remedy: start one, or push to a registry with --push." >&2
  exit 3
fi

if [ -n "$image" ] && [ -n "$native_image" ]; then
  echo "The binaries want a C library as new as this machine's, and the base image may have an older one: if they do not start there, --container"
fi

# --- How much of the machine.

# In MiB. A container's engine may live in a machine of its own, which has less.
memory() {
  local bytes=''
  if [ -n "${QUADRILLE_NATIVE_MIB:-}" ]; then
    echo "$QUADRILLE_NATIVE_MIB"
    return
  fi
  if [ -z "$native_image" ]; then
    case $engine in
      docker) bytes=$(docker info --format '{{.MemTotal}}' 2>/dev/null || true) ;;
      podman) bytes=$(podman info --format '{{.Host.MemTotal}}' 2>/dev/null || true) ;;
    esac
  fi
  if [ -z "${bytes//[!0-9]/}" ]; then
    if [ -r /proc/meminfo ]; then
      bytes=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) * 1024))
    else
      bytes=$(sysctl -n hw.memsize)
    fi
  fi
  echo $((bytes / 1024 / 1024))
}

cores() {
  local count=''
  if [ -z "$native_image" ]; then
    case $engine in
      docker) count=$(docker info --format '{{.NCPU}}' 2>/dev/null || true) ;;
      podman) count=$(podman info --format '{{.Host.CPUs}}' 2>/dev/null || true) ;;
    esac
  fi
  if [ -z "${count//[!0-9]/}" ]; then
    count=$(getconf _NPROCESSORS_ONLN)
  fi
  echo "$count"
}

# The heap of native-image, in MiB: half of the memory, since what it takes beside its heap, Maven and
# whatever else runs here want some too; at least 3 GiB, below which the analysis of a service this
# large does little but collect garbage; at most 8, of which it uses no more.
heap() {
  local half=$(($1 / 2))
  if [ "$half" -lt 3072 ]; then half=3072; fi
  if [ "$half" -gt 8192 ]; then half=8192; fi
  echo "$half"
}

# Its threads: one for each core, and half a GiB of heap for each of them.
threads() {
  local most=$(($2 / 512))
  if [ "$1" -lt "$most" ]; then echo "$1"; else echo "$most"; fi
}

memory=$(memory)
heap=$(heap "$memory")
threads=$(threads "$(cores)" "$heap")
echo "One service after the other, each with a heap of $heap MiB of the $memory MiB there are, on $threads threads"
if [ "$memory" -lt 4096 ]; then
  echo "That is little: a build is likely to fail, or to take very long. 8 GiB are plenty." >&2
fi

# --- The tools that Maven needs.

# shellcheck source=infra/local/jdk.sh
. "$root/infra/local/jdk.sh"
if ! command -v mvn >/dev/null; then
  refuse "There is no Maven. Remedy: install Maven 3.8.6 or newer (mvn on the PATH)."
fi

settings=(-Dquarkus.native.enabled=true
  "-Dquarkus.native.native-image-xmx=${heap}m"
  "-Dquarkus.native.additional-build-args-append=--parallelism=$threads,-J-XX:ActiveProcessorCount=$threads")
if [ -n "$native_image" ]; then
  settings+=(-Dquarkus.native.container-build=false)
  # Quarkus looks there first. One of the PATH may be a link to anywhere: it finds that by itself.
  case $found in
    GRAALVM_HOME:* | JAVA_HOME:*) export GRAALVM_HOME="${native_image%/bin/native-image}" ;;
    *) unset GRAALVM_HOME ;;
  esac
else
  if [ -z "${QUADRILLE_BUILDER_IMAGE:-}" ] && [ -r "$builder_lock" ]; then
    builder_image=$(head -n 1 "$builder_lock")
  fi
  settings+=(-Dquarkus.native.container-build=true "-Dquarkus.native.container-runtime=$engine"
    "-Dquarkus.native.builder-image=$builder_image")
  case $builder_image in
    *@sha256:*)
      echo "Builder image: $builder_image"
      # What has a digest does not change: no need to ask the registry each time.
      settings+=(-Dquarkus.native.builder-image.pull=missing)
      ;;
    mandrel) echo "Builder image: the one that Quarkus names, not pinned yet" ;;
    *) echo "Builder image: $builder_image, which is not pinned by a digest" ;;
  esac
fi

if [ -n "$image" ]; then
  group=quadrille
  settings+=(-Dquarkus.container-image.build=true)
  version=$("$root/infra/bakery/version.sh") || exit 2
  [ -n "$tag" ] || tag=$version-native
  digests=$root/infra/bakery/target/digests-$version.txt
  if [ -z "$base" ] && [ -n "$registry" ] && [ -r "$digests" ]; then
    base=${registry%/} && base=${base%/quadrille}
    base=$(sed -n "s|^base-native $version |$base/quadrille/base-native@|p" "$digests")
  fi
  if [ -n "$base" ]; then
    echo "Base image: $base"
    settings+=("-Dquarkus.jib.base-native-image=$base")
  else
    echo "Base image: the one that Quarkus names. Remedy: infra/bakery/bake.sh makes one that is pinned, --base names it"
  fi
  settings+=("-Dquarkus.container-image.tag=$tag")
  if [ -n "$registry" ]; then
    case $registry in */*) group=${registry#*/} && registry=${registry%%/*} ;; esac
    settings+=(-Dquarkus.container-image.push=true "-Dquarkus.container-image.registry=$registry")
    case $registry in
      *.dkr.ecr.*)
        command -v aws >/dev/null ||
          refuse "$registry is a registry of ECR, and there is no aws to log in with. Remedy: install the AWS CLI."
        region=${registry#*.dkr.ecr.} && region=${region%%.*}
        # By the environment, since everybody may read a command line.
        if ! QUARKUS_CONTAINER_IMAGE_PASSWORD=$(aws ecr get-login-password --region "$region"); then
          refuse "aws could not log in to $registry, see above. Remedy: aws sts get-caller-identity shows who you are to it."
        fi
        export QUARKUS_CONTAINER_IMAGE_PASSWORD QUARKUS_CONTAINER_IMAGE_USERNAME=AWS
        # Quarkus pulls the base with credentials of its own, even from the registry that it pushes to.
        case $base in
          "$registry"/*)
            export QUARKUS_JIB_BASE_REGISTRY_PASSWORD=$QUARKUS_CONTAINER_IMAGE_PASSWORD QUARKUS_JIB_BASE_REGISTRY_USERNAME=AWS
            ;;
        esac
        ;;
    esac
  else
    settings+=("-Dquarkus.jib.docker-executable-name=$engine")
  fi
  settings+=("-Dquarkus.container-image.group=$group")
fi

# --- The builds.

# Maven's output, made short: a line for each phase of native-image.
report() {
  local line
  while IFS= read -r line; do
    case $line in
      '['[1-8]/8']'*) echo "  $line" ;;
      *'Pushed container image'* | *'Created container image'*) echo "  ${line#*] }" ;;
    esac
  done
}

build() {
  local log=$home/logs/$1.log
  shift
  if ! mvn -B -f "$root/pom.xml" "$@" -Dmaven.test.skip=true -Dspotless.check.skip=true 2>&1 | tee "$log" | report; then
    echo "The build failed. Log: $log. It said:" >&2
    grep -E '^\[ERROR\]|^Error:|^Fatal error:|OutOfMemoryError' "$log" |
      grep -vE 'Help 1|Re-run Maven|full stack trace|^\[ERROR\] *$|possible solutions' | head -n 12 >&2 || true
    exit 1
  fi
}

# Writes down what the tag of Quarkus' builder image stands for, now that the engine has it.
pin() {
  local digest
  digest=$("$engine" images --digests --format '{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}' 2>/dev/null |
    sed -n "s/^[^ ]*quarkus-mandrel-builder-image:jdk-$wanted \([^ ]*@sha256:[0-9a-f]*\)\$/\1/p" | head -n 1)
  if [ -n "$digest" ]; then
    mkdir -p "$(dirname "$builder_lock")"
    echo "$digest" >"$builder_lock"
    echo "Builder image: was $digest, and will be: commit ${builder_lock#"$root"/}"
  else
    echo "Builder image: $engine does not tell its digest. Remedy: set QUADRILLE_BUILDER_IMAGE to name@sha256:..." >&2
  fi
}

mkdir -p "$home/logs"
echo "Building what the services share (log: $home/logs/native-shared.log)"
build native-shared -pl services -am install

table=''
for service in $services; do
  begun=$SECONDS
  echo "$service (log: $home/logs/native-$service.log)"
  rm -f "$root/services/$service/target/$service"-*-runner "$root/services/$service/target/native-revision"
  build "native-$service" -pl "services/$service" package "${settings[@]}"
  took=$((SECONDS - begun))
  binary=$(find "$root/services/$service/target" -maxdepth 1 -name "$service-*-runner" -type f | head -n 1)
  if [ -z "$binary" ]; then
    echo "Maven is content, and there is no services/$service/target/$service-*-runner. Log: $home/logs/native-$service.log" >&2
    exit 1
  fi
  if [ -z "$native_image" ] && [ "$builder_image" = mandrel ] && [ ! -e "$builder_lock" ]; then pin; fi
  # infra/bakery/bake.sh bakes no binary of other sources.
  git -C "$root" rev-parse HEAD >"$root/services/$service/target/native-revision" 2>/dev/null || true
  bytes=$(wc -c <"$binary")
  table="$table$(printf '%-14s %5d.%d MB %4d min %02d s   %s' "$service" $((bytes / 1000000)) \
    $((bytes / 100000 % 10)) $((took / 60)) $((took % 60)) "${binary#"$root"/}")
"
done

echo
printf '%-14s %10s %13s   %s\n' image size built binary
printf '%s' "$table"
