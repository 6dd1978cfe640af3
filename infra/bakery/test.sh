#!/usr/bin/env bash
# Bakes everything into a registry and runs what came out: infra/bakery/test.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
services='order inventory payment notification'

case ${1:-} in
  '') ;;
  --help | -h | help)
    cat <<'HELP'
infra/bakery/test.sh     a real push, a real promotion, and an order through real containers

Starts a registry on the loopback interface (Debian's docker-registry), bakes all images into it, looks at their
configuration, promotes them from dev to staging to production, and sees that a tag cannot be taken twice. Then,
with podman or docker: a container of each service from production, upon a PostgreSQL and a Kafka of their own,
takes an order to its confirmation. What it has started is gone afterwards; the images lie in
infra/bakery/target/images, in the place of those of the last bake. infra/tools.sh installs what it can use.

  CI=true   what is missing here is a failure; else it is left out, with a line

Exit codes: 0 all as it should be, or left out; 1 not so. An engine that cannot run containers here (inside of another
container, say) is left out with CI=true too: no installing would help.
HELP
    exit 0
    ;;
  *)
    echo "test.sh takes nothing. infra/bakery/test.sh --help tells more." >&2
    exit 2
    ;;
esac

# shellcheck source=infra/local/jdk.sh
. "$root/infra/local/jdk.sh"

begun=$SECONDS
say() { printf '[%3d s] %s\n' $((SECONDS - begun)) "$1"; }

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# For want of what could be here. A build that is to find faults does not go on as if it had looked.
left_out() {
  echo "Left out: $1"
  [ "${CI:-}" != true ] || fail "nothing may be left out with CI=true"
  exit 0
}

for tool in docker-registry skopeo curl apt-get; do
  command -v "$tool" >/dev/null ||
    left_out "infra/bakery/test.sh needs $tool, which is not here. Remedy: infra/tools.sh, as root on Debian"
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/bakery-test.XXXXXX")
version=0.0.0-test.$$
registry_pid=''
stack=''
engine=''
containers=''

clean() {
  local name
  trap - EXIT INT TERM
  for name in $containers; do "${engine_command[@]}" rm -f "$name" >/dev/null 2>&1 || true; done
  if [ -n "$stack" ]; then "${launcher[@]}" stop >/dev/null 2>&1 || true; fi
  case $engine in
    podman) "${engine_command[@]}" rmi --all --force >/dev/null 2>&1 || true ;;
    docker) for name in $services payment-sandbox; do docker rmi -f "$(image "$name")" >/dev/null 2>&1 || true; done ;;
  esac
  [ -z "$registry_pid" ] || kill "$registry_pid" 2>/dev/null || true
  # What the engine has mounted there is taken down with it.
  rm -rf "$folder" 2>/dev/null || { umount -q "$folder"/*/* 2>/dev/null && rm -rf "$folder"; } || true
  rm -rf "$here/target/digests-$version.txt" "$here/target/sbom-$version"
}
trap clean EXIT
trap 'exit 130' INT TERM

free_port() {
  local port try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    port=$((20000 + (RANDOM + try) % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return 0
    fi
  done
  return 1
}

# Waits until the command $3... succeeds, for $2 seconds at most; $1 says what for.
await() {
  local what=$1 until=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || fail "$what did not come about in time"
    sleep 0.3
  done
}

# --- A registry.

registry=127.0.0.1:$(free_port)
cat >"$folder/registry.yml" <<END
version: 0.1
storage: {filesystem: {rootdirectory: $folder/registry}}
http: {addr: "$registry"}
log: {level: error}
END
mkdir -p "$folder/registry"
docker-registry serve "$folder/registry.yml" >"$folder/registry.log" 2>&1 &
registry_pid=$!
await "the registry" 60 curl -fsS "http://$registry/v2/"
say "A registry at $registry"

# --- Baked into it.

export QUADRILLE_VERSION=$version
built=--no-build
for service in $services; do
  [ -e "$root/services/$service/target/quarkus-app/quarkus-run.jar" ] || built=''
done
for wanted in bakery/target/lib local/target/lib jobs/target/sbom.json payment-sandbox/target/sbom.json; do
  [ -e "$root/infra/$wanted" ] || built=''
done
[ -z "$built" ] || say "The jars are there already"

# The locked packages may have left Debian's archive since. That is no fault of what is tested here.
locks=$here
# shellcheck source=infra/bakery/debian.sh
. "$here/debian.sh"
debian_needed
locked() {
  local package version sum
  for lock in "$here"/base*/packages.lock; do
    while read -r package version sum; do
      debian_fetch "$package" "$version" "$sum" >/dev/null || return 1
    done <<END
$(sed -n "s/^$debian_architecture //p" "$lock")
END
  done
}
if ! locked 2>"$folder/locked.log"; then
  say "The locks cannot be kept, so newer packages are taken for this test: $(cat "$folder/locked.log")"
  locks=$folder/locks
  "$here/lock.sh" --to "$locks" >/dev/null || left_out "Debian's packages cannot be fetched here. Remedy: apt-get update"
fi

# The cache of one service is recorded, which shows that the image's JVM takes it; of all four it takes minutes.
"$here/bake.sh" --registry "$registry/dev" --locks "$locks" --record order $built || fail "bake.sh ended with $?"
digests=$here/target/digests-$version.txt
say "Baked and pushed"

digest_of() { skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/$1"; }
config_of() { skopeo inspect --tls-verify=false --config "docker://$registry/$1"; }

names=0
base=$(sed -n "s/^base-jvm $version //p" "$digests")
while read -r name tag digest; do
  names=$((names + 1))
  [ "$(digest_of "dev/quadrille/$name:$tag")" = "$digest" ] || fail "$name:$tag is not $digest in the registry"
  config=$(config_of "dev/quadrille/$name:$tag" | tr -d ' \n\t')
  case $config in *'"User":"65532:65532"'*) ;; *) fail "$name does not run as 65532:65532" ;; esac
  case $name in base*) continue ;; esac
  case $config in *'"Entrypoint":["/opt/java/bin/java"'*) ;; *) fail "$name has another entry point: $config" ;; esac
  case $config in *'/bin/sh'* | *'"-c"'*) fail "$name is started by a shell" ;; esac
  for label in "version\":\"$version" "base.digest\":\"$base" 'licenses":"Apache-2.0' 'title":"' 'revision":"' 'created":"'; do
    case $config in *"\"org.opencontainers.image.$label"*) ;; *) fail "$name has no label $label" ;; esac
  done
done <"$digests"
[ "$names" -ge 8 ] || fail "only $names images were baked"
say "$names images: user, entry point, labels and digests are as they should be"

# The same again is nothing new; another image under the same tag is refused, and the tag stays.
before=$(digest_of "dev/quadrille/order:$version-jvm")
"$here/bake.sh" --registry "$registry/dev" --locks "$locks" --no-build --record order --images inventory >"$folder/again.log" 2>&1 ||
  fail "baking the same again ended with $?: $(tail -n 3 "$folder/again.log")"
grep -q 'inventory *is there already' "$folder/again.log" || fail "the same image got another digest: $(cat "$folder/again.log")"
code=0
"$here/bake.sh" --registry "$registry/dev" --locks "$locks" --no-build --no-aot --images order >"$folder/other.log" 2>&1 || code=$?
[ "$code" = 4 ] || fail "another image under the same tag was not refused, but ended with $code: $(tail -n 3 "$folder/other.log")"
[ "$(digest_of "dev/quadrille/order:$version-jvm")" = "$before" ] || fail "a tag has moved"
say "The same image is not pushed twice, and another is refused: $(tail -n 1 "$folder/other.log" | cut -c 1-90)..."

# --- Promoted.

"$here/promote.sh" "$digests" "$registry/dev" "$registry/staging" >"$folder/promoted.log" || fail "promotion to staging"
"$here/promote.sh" "$digests" "$registry/staging" "$registry/production" >>"$folder/promoted.log" || fail "promotion to production"
while read -r name tag digest; do
  for stage in staging production; do
    [ "$(digest_of "$stage/quadrille/$name:$tag")" = "$digest" ] || fail "$name has another digest in $stage"
  done
done <"$digests"
echo "order $version-jvm sha256:$(printf '%064d' 0)" >"$folder/unknown.txt"
code=0
"$here/promote.sh" "$folder/unknown.txt" "$registry/dev" "$registry/staging" >"$folder/unknown.log" 2>&1 || code=$?
[ "$code" = 3 ] || fail "a digest that nobody has baked was promoted, or ended with $code"
say "dev, staging and production have the same digests"

# --- Run.

engine_command=()
if command -v podman >/dev/null && [ "$(id -u)" = 0 ] && command -v runc >/dev/null; then
  engine=podman
  engine_command=(podman --root "$folder/podman" --runroot "$folder/podman-run" --runtime runc)
elif command -v docker >/dev/null && docker info >/dev/null 2>&1; then
  engine=docker
  engine_command=(docker)
fi
[ -n "$engine" ] ||
  left_out "running the images. There is no engine here (podman as root with runc, or docker). Remedy: infra/tools.sh"
if ! "${engine_command[@]}" info >"$folder/engine.log" 2>&1; then
  say "Left out: running the images. $engine cannot run containers here: $(tail -n 1 "$folder/engine.log")"
  engine=''
  exit 0
fi

image() {
  echo "$registry/production/quadrille/$1@$(sed -n "s/^$1 [^ ]* //p" "$digests")"
}

pull=(pull --quiet)
[ "$engine" = docker ] || pull+=(--tls-verify=false)
for name in $services payment-sandbox; do
  "${engine_command[@]}" "${pull[@]}" "$(image "$name")" >"$folder/pull.log" 2>&1 || fail "$name cannot be pulled: $(tail -n 2 "$folder/pull.log")"
done
say "Pulled by $engine"

# As a cluster runs it: nothing can be written but /tmp, nothing can be gained.
restricted=(--network host --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges
  --ulimit nofile=16384:16384 --ulimit nproc=16384:16384)
probe() {
  "${engine_command[@]}" run --rm "${restricted[@]}" --entrypoint /opt/java/bin/java "$(image payment-sandbox)" -version \
    >"$folder/probe.log" 2>&1
}
code=0
probe || code=$?
if [ "$code" = 125 ] || [ "$code" = 126 ]; then
  # An engine inside of a container has no control groups to give.
  code=0
  restricted+=(--cgroups=disabled)
  probe || code=$?
fi
case $code in
  0) ;;
  125 | 126)
    say "Left out: running the images. $engine cannot run containers here: $(tail -n 1 "$folder/probe.log")"
    exit 0
    ;;
  *) fail "the image's JVM does not run: $(tail -n 3 "$folder/probe.log")" ;;
esac

export QUADRILLE_HOME=$folder/home QUADRILLE_CACHE=${QUADRILLE_CACHE:-$root/.quadrille/cache} QUADRILLE_ROOT=$root
export QUADRILLE_START_TIMEOUT=240
launcher=("$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m --enable-native-access=ALL-UNNAMED
  -cp "$root/infra/local/target/lib/*" dev.quadrille.local.Quadrille)
stack=yes
"${launcher[@]}" up --only postgres,kafka,mail --free-ports --detach --owner $$ >"$folder/stack.log" 2>&1 ||
  fail "the stack did not start: $(tail -n 5 "$folder/stack.log")"
part() { sed -n "s/^$1=//p" "$folder/home/stack.properties"; }
say "PostgreSQL, Kafka and a mail sink"

order_port=$(free_port)
inventory_port=$(free_port)
payment_port=$(free_port)
notification_port=$(free_port)
sandbox_port=$(free_port)

run() {
  local name=$1
  shift
  containers="$containers bakery-$$-$name"
  "${engine_command[@]}" run --detach --name "bakery-$$-$name" "${restricted[@]}" "$@" "$(image "$name")" >"$folder/run.log" 2>&1 || fail "$name did not start: $(tail -n 3 "$folder/run.log")"
}

run payment-sandbox --env "QUADRILLE_SANDBOX_PORT=$sandbox_port" --env QUADRILLE_SANDBOX_HOST=127.0.0.1 \
  --env "QUADRILLE_SANDBOX_WEBHOOK_URL=http://127.0.0.1:$payment_port/v1/provider-events"

service() {
  local name=$1 port=$2
  shift 2
  run "$name" --env QUARKUS_HTTP_HOST=127.0.0.1 --env "QUARKUS_HTTP_PORT=$port" \
    --env "QUARKUS_DATASOURCE_REACTIVE_URL=postgresql://127.0.0.1:$(part postgres.port)/$name" \
    --env "QUARKUS_DATASOURCE_USERNAME=$name" --env "QUARKUS_DATASOURCE_PASSWORD=$name" \
    --env "KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:$(part kafka.port)" --env QUARKUS_LOG_CONSOLE_JSON_ENABLED=false "$@"
}

# A JVM that is told so does not start without its cache.
service order "$order_port" --env 'JDK_JAVA_OPTIONS=-Xmx256m -XX:AOTMode=on'
service inventory "$inventory_port" --env JDK_JAVA_OPTIONS=-Xmx256m
service payment "$payment_port" --env JDK_JAVA_OPTIONS=-Xmx256m \
  --env "QUADRILLE_PAYMENT_PROVIDER_URL=http://127.0.0.1:$sandbox_port" \
  --env QUADRILLE_PAYMENT_PROVIDER_KEY=sk_test_quadrille --env QUADRILLE_PAYMENT_PROVIDER_WEBHOOK_SECRET=whsec_quadrille
service notification "$notification_port" --env JDK_JAVA_OPTIONS=-Xmx256m --env QUARKUS_MAILER_HOST=127.0.0.1 \
  --env "QUARKUS_MAILER_PORT=$(part mail.port)"

for name in $services; do
  port=${name}_port
  if ! (await "$name's readiness" 240 curl -fsS "http://127.0.0.1:${!port}/q/health/ready"); then
    "${engine_command[@]}" logs "bakery-$$-$name" 2>&1 | tail -n 20 >&2
    exit 1
  fi
  say "$name is ready: $("${engine_command[@]}" logs "bakery-$$-$name" 2>&1 | sed -n 's/.*\(started in [0-9.]*s\).*/\1/p' | head -n 1)"
  code=0
  "${engine_command[@]}" exec "bakery-$$-$name" /bin/sh -c true >/dev/null 2>&1 || code=$?
  [ "$code" != 0 ] || fail "$name has a shell"
done

json=(-H 'Content-Type: application/json')
curl -fsS -X PUT "http://127.0.0.1:$inventory_port/v1/products/TEA-01" "${json[@]}" \
  -d '{"name":"Green tea","price":{"amountMinor":450,"currency":"EUR"}}' >/dev/null
curl -fsS "http://127.0.0.1:$inventory_port/v1/stock/TEA-01/adjustments" "${json[@]}" \
  -d '{"delta":10,"reason":"delivery"}' >/dev/null
# Until the order service has heard of the product.
await "the order's acceptance" 120 curl -fsS "http://127.0.0.1:$order_port/v1/orders" "${json[@]}" -H 'Idempotency-Key: baked' \
  -d '{"customer":{"id":"c-1","email":"ada@example.com"},"currency":"EUR","lines":[{"sku":"TEA-01","quantity":2}],"paymentMethod":"pm_card_visa"}'
confirmed() { curl -fsS "http://127.0.0.1:$order_port/v1/orders?customer=c-1" | grep -q '"status":"CONFIRMED"'; }
await "the order's confirmation" 120 confirmed
say "An order went through the containers: CONFIRMED"

for name in $containers; do "${engine_command[@]}" stop --time 20 "$name" >/dev/null 2>&1 || true; done
say "All as it should be"
