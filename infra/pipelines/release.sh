#!/usr/bin/env bash
# One stage of the way from a commit to production: ./release.sh --help says it all.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
home=${QUADRILLE_HOME:-$root/.quadrille}/release
digests=${QUADRILLE_DIGESTS:-$home/digests}
flavour=${QUADRILLE_FLAVOUR:-native}
services='order inventory payment notification'
# What an environment runs; the bases are dev's alone.
deployed="$services jobs payment-sandbox"

usage() {
  cat <<'HELP'
infra/pipelines/release.sh STAGE [ENVIRONMENT] [options]   does one stage of a release, here as in a pipeline

  test                   every test (./test.sh)
  bake                   makes the images and pushes them to dev's registry, once; writes down their digests
  scan                   looks for known vulnerabilities in what was pushed
  sign                   signs what was pushed, and says what it is made of
  promote ENVIRONMENT    copies the same digests from the environment before it, and signs them there
  deploy ENVIRONMENT     applies the overlay with the digests set in; migrations run first (kubernetes/deploy.sh)
  verify ENVIRONMENT     waits for the services or their canaries, and places an order; then remembers the digests as good
  roll-back ENVIRONMENT  to what was verified last: canaries are aborted, and those digests deployed again
  registry ENVIRONMENT   prints where the environment's images are
  all ENVIRONMENT        every stage up to and including this environment, and roll-back where deploy or verify fails

  ENVIRONMENT   dev, staging or production
  --yes         with `all production`: does not ask before production
  --help        this

Environment
  QUADRILLE_REGISTRY_DEV, _STAGING, _PRODUCTION   registries; without, ECR is asked, by `aws`
  QUADRILLE_CONTEXT           of kubectl                                                  the present one
  QUADRILLE_FLAVOUR           native or jvm                                               native
  QUADRILLE_DIGESTS           the file that bake writes and the other stages read         .quadrille/release/digests
  QUADRILLE_ROLLOUT_TIMEOUT   seconds for the services to be there; a canary pauses       3600
  QUADRILLE_SMOKE             options of smoke.sh in dev and staging                      (none)
  QUADRILLE_SMOKE_PRODUCTION  those in production, which pays at the real provider, such as
                              `--sku TEA-01 --payment-method pm_yours`; or none, and no order is placed there
  QUADRILLE_ORDER_URL, QUADRILLE_INVENTORY_URL   where smoke.sh goes; without, kubectl forwards a port
  QUADRILLE_OPTIONAL          tools of scan and sign that may be missing, trivy or cosign or both   (none)

A database goes forward only: roll-back leaves migrations applied, and each version lives with the schema of the next one.

Exit codes: 0 done, 1 the stage failed, 2 the command makes no sense, 3 a tool is missing.
HELP
}

refuse() {
  echo "$1" >&2
  exit 2
}

need() {
  command -v "$1" >/dev/null && return
  echo "There is no $1. Remedy: $2" >&2
  exit 3
}

begun=$SECONDS
say() {
  echo "$1 ($((SECONDS - begun)) s)"
}

kubectl() {
  command kubectl ${QUADRILLE_CONTEXT:+--context "$QUADRILLE_CONTEXT"} --namespace "quadrille-$environment" "$@"
}

# --- Where the images are.

# The registry of environment $1, as in HOST/dev: a repository there is HOST/dev/quadrille/order.
registry() {
  local uri given
  case $1 in
    dev) given=${QUADRILLE_REGISTRY_DEV:-} ;;
    staging) given=${QUADRILLE_REGISTRY_STAGING:-} ;;
    production) given=${QUADRILLE_REGISTRY_PRODUCTION:-} ;;
  esac
  if [ -n "$given" ]; then
    echo "$given"
    return
  fi
  need aws 'install the AWS CLI, or say where the images are by QUADRILLE_REGISTRY_DEV, _STAGING and _PRODUCTION.'
  if ! uri=$(aws ecr describe-repositories --repository-names "$1/quadrille/order" \
    --query 'repositories[0].repositoryUri' --output text); then
    echo "ECR has no repositories of $1 for you, see above. Remedy: infra/aws/up.sh registry" >&2
    exit 1
  fi
  echo "${uri%/quadrille/order}"
}

# Logs all tools in to the registry $1 where it is one of ECR, in a folder of this run that is gone afterwards.
log_in() {
  case $1 in *.dkr.ecr.*) ;; *) return 0 ;; esac
  local host=${1%%/*} region
  need aws 'install the AWS CLI.'
  need skopeo 'install skopeo.'
  region=${host#*.dkr.ecr.} && region=${region%%.*}
  if [ -z "${credentials:-}" ]; then
    credentials=$(mktemp -d)
    # Jib, cosign and Trivy read the first, skopeo and podman the second.
    export DOCKER_CONFIG=$credentials REGISTRY_AUTH_FILE=$credentials/config.json
  fi
  aws ecr get-login-password --region "$region" | skopeo login --username AWS --password-stdin "$host" >/dev/null
}

have_digests() {
  [ -s "$digests" ] && return
  echo "There is no $digests. Remedy: release.sh bake writes it; in a pipeline, fetch what that stage has kept." >&2
  exit 1
}

# --- The stages.

stage_test() {
  "$root/test.sh"
}

# Pushes, and this once: from here on the same bytes go on, by their digest.
stage_bake() {
  local to version
  to=$(registry dev)
  log_in "$to"
  mkdir -p "$home"
  rm -f "$digests"
  # Once: a first native build leaves the builder's digest in the checkout, which then is no longer that of the commit.
  version=$("$root/infra/bakery/version.sh")
  export QUADRILLE_VERSION=$version
  [ "$flavour" = jvm ] || "$root/native-build.sh"
  "$root/infra/bakery/bake.sh" --registry "$to" --flavour "$flavour"
  cp "$root/infra/bakery/target/digests-$version.txt" "$digests"
  # A later stage may run on another machine: digests and SBOMs are what is to be kept between them.
  rm -rf "$home"/sbom-*
  cp -R "$root/infra/bakery/target/sbom-$version" "$home/"
  say "Baked and pushed $version"
}

# The bakery's script $1 for the registry $3 and the images after it. Without its tool $2 it does nothing and says so, which is
# right where somebody has said that it may.
judge() {
  local script=$1 tool=$2 status=0 kept
  shift 2
  for kept in "$home"/sbom-*; do
    [ -d "$kept" ] || continue
    mkdir -p "$root/infra/bakery/target"
    cp -R "$kept" "$root/infra/bakery/target/"
  done
  "$root/infra/bakery/$script" "$digests" "$@" || status=$?
  case $status,${QUADRILLE_OPTIONAL:-} in
    0,*) ;;
    3,*"$tool"*) echo "Going on without $tool, as QUADRILLE_OPTIONAL says." ;;
    *) exit "$status" ;;
  esac
}

stage_scan() {
  local of
  have_digests
  of=$(registry dev)
  log_in "$of"
  judge scan.sh trivy "$of"
}

stage_sign() {
  local of
  have_digests
  of=$(registry dev)
  log_in "$of"
  judge sign.sh cosign "$of"
}

stage_promote() {
  local from to
  case $environment in
    staging) from=$(registry dev) ;;
    production) from=$(registry staging) ;;
    dev) refuse 'Nothing comes before dev: bake pushes there.' ;;
  esac
  to=$(registry "$environment")
  have_digests
  log_in "$from"
  log_in "$to"
  # shellcheck disable=SC2086 # One word for each image.
  "$root/infra/bakery/promote.sh" "$digests" "$from" "$to" $deployed
  # A signature is of a digest in a place.
  # shellcheck disable=SC2086
  judge sign.sh cosign "$to" $deployed
  say "Promoted to $environment"
}

# Migrations first; what does not come up goes back by itself, and is a failure.
stage_deploy() {
  local from
  need kubectl 'install kubectl.'
  have_digests
  from=$(registry "$environment")
  QUADRILLE_REGISTRY=$from QUADRILLE_FLAVOUR=$flavour "$root/kubernetes/deploy.sh" "$environment" "$digests" --yes
  say "Deployed to $environment"
}

# The Rollouts there are; none where the cluster knows no such thing.
rollouts() {
  kubectl get rollouts.argoproj.io --output name 2>/dev/null || true
}

# Waits for Rollout $1 to be what was asked for. A canary that was aborted, by its analysis or by hand, is degraded: that is said
# at once.
await_rollout() {
  local wanted seen phase message
  while :; do
    IFS='|' read -r wanted seen phase message <<EOF
$(kubectl get "$1" --output 'jsonpath={.metadata.generation}|{.status.observedGeneration}|{.status.phase}|{.status.message}')
EOF
    if [ "$wanted" = "$seen" ]; then
      case $phase in
        Healthy) return 0 ;;
        Degraded)
          echo "$1 is degraded: $message" >&2
          return 1
          ;;
      esac
    fi
    if [ "$((SECONDS - begun))" -ge "$timeout_s" ]; then
      echo "$1 is not there after $timeout_s s: ${phase:-nothing is known of it}, $message" >&2
      return 1
    fi
    sleep 5
  done
}

# Waits for all of them, whichever kind each is.
await_services() {
  local rollout service
  for rollout in $(rollouts); do
    await_rollout "$rollout" || return 1
    say "$rollout is there"
  done
  for service in $services; do
    kubectl get "deployment/$service" >/dev/null 2>&1 || continue
    kubectl rollout status "deployment/$service" --timeout "${timeout_s}s" || return 1
    say "deployment/$service is there"
  done
}

# Forwards a port of this machine to service $1 until this script ends, and sets forwarded to its URL.
forward() {
  local log=$home/forward-$1.log port='' tries=0
  mkdir -p "$home"
  kubectl port-forward "service/$1" :80 --address 127.0.0.1 >"$log" 2>&1 &
  forwards="$forwards $!"
  while [ -z "$port" ]; do
    port=$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\) .*/\1/p' "$log" | head -n 1)
    tries=$((tries + 1))
    if [ -z "$port" ] && [ "$tries" -gt 60 ]; then
      echo "kubectl forwards no port to $1: $(cat "$log")" >&2
      return 1
    fi
    [ -n "$port" ] || sleep 1
  done
  forwarded=http://127.0.0.1:$port
}

place_order() {
  local order=${QUADRILLE_ORDER_URL:-} inventory=${QUADRILLE_INVENTORY_URL:-} options=${QUADRILLE_SMOKE:-}
  if [ "$environment" = production ]; then
    options=$QUADRILLE_SMOKE_PRODUCTION
    if [ "$options" = none ]; then
      say "No order is placed in production, as QUADRILLE_SMOKE_PRODUCTION says"
      return 0
    fi
  fi
  if [ -z "$order" ]; then
    forward order || return 1
    order=$forwarded
    forward inventory || return 1
    inventory=$forwarded
  fi
  # shellcheck disable=SC2086 # Options, one word each.
  "$root/infra/pipelines/smoke.sh" "$order" ${inventory:+"$inventory"} $options
}

stage_verify() {
  need kubectl 'install kubectl.'
  have_digests
  await_services || return 1
  place_order || return 1
  # Where roll-back finds them, from whatever machine.
  command kubectl create configmap quadrille-verified --from-file=digests="$digests" --dry-run=client --output yaml |
    kubectl apply --filename - >/dev/null
  say "$environment is verified"
}

stage_roll_back() {
  local rollout verified=$home/verified-$environment from
  need kubectl 'install kubectl.'
  # What suffers first: all traffic back to the stable pods, which still run.
  for rollout in $(rollouts); do
    case $(kubectl get "$rollout" --output 'jsonpath={.status.phase}') in
      Healthy) ;;
      *)
        kubectl patch "$rollout" --subresource status --type merge --patch '{"status":{"abort":true}}'
        say "Aborted $rollout"
        ;;
    esac
  done
  mkdir -p "$home"
  kubectl get configmap quadrille-verified --output 'jsonpath={.data.digests}' >"$verified" 2>/dev/null || true
  if [ -s "$verified" ]; then
    # By what is wanted and not by what was: the next apply would bring back what was just sent away.
    from=$(registry "$environment")
    QUADRILLE_REGISTRY=$from QUADRILLE_FLAVOUR=$flavour "$root/kubernetes/deploy.sh" "$environment" "$verified" --yes
    await_services || return 1
    say "$environment is what it was verified as"
    return 0
  fi
  # One step back from here could be to a version that was never well either.
  echo "Nothing was ever verified in $environment: there is nothing to go back to, and it stays as it is. Remedy: deploy a version that is well." >&2
  return 1
}

# Deploys and verifies; where either fails, the environment goes back and the release ends.
deployed_or_rolled_back() {
  # In a process of its own: bash forgets `set -e` in what an `if` asks.
  if "$root/infra/pipelines/release.sh" deploy "$environment" && "$root/infra/pipelines/release.sh" verify "$environment"; then
    return 0
  fi
  echo "$environment is not well with this version: it goes back." >&2
  "$root/infra/pipelines/release.sh" roll-back "$environment"
  exit 1
}

stage_all() {
  local last=$environment answer=''
  stage_test
  stage_bake
  stage_scan
  stage_sign
  for environment in dev staging production; do
    if [ "$environment" = production ] && [ -z "$yes" ]; then
      read -r -p 'To production? Type production to go on: ' answer || true
      [ "$answer" = production ] || refuse 'Not to production, then. Dev and staging have this version.'
    fi
    [ "$environment" = dev ] || stage_promote
    deployed_or_rolled_back
    [ "$environment" != "$last" ] || return 0
  done
}

# --- Which of them.

stage=''
environment=''
yes=''
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --yes) yes=yes ;;
    -*) refuse "There is no option '$1'. infra/pipelines/release.sh --help lists them." ;;
    test | bake | scan | sign | promote | deploy | verify | roll-back | registry | all)
      [ -z "$stage" ] || refuse "One stage at a time: $stage, or $1."
      stage=$1
      ;;
    dev | staging | production)
      [ -z "$environment" ] || refuse "One environment at a time: $environment, or $1."
      environment=$1
      ;;
    *) refuse "There is no stage or environment '$1'. infra/pipelines/release.sh --help lists them." ;;
  esac
  shift
done
[ -n "$stage" ] || refuse 'Which stage? infra/pipelines/release.sh --help lists them.'
case $stage in
  test | bake | scan | sign) [ -z "$environment" ] || refuse "$stage is of no environment." ;;
  *) [ -n "$environment" ] || refuse "$stage wants an environment: dev, staging or production." ;;
esac
# Before anything goes there, and not only after the canary.
case $stage,$environment in
  promote,production | deploy,production | verify,production | all,production)
    [ -n "${QUADRILLE_SMOKE_PRODUCTION:-}" ] ||
      refuse 'How is production verified? Remedy: QUADRILLE_SMOKE_PRODUCTION, with a product and a payment method that are there, or none.'
    ;;
esac
case $flavour in
  native | jvm) ;;
  *) refuse "QUADRILLE_FLAVOUR is native or jvm, not '$flavour'." ;;
esac
timeout_s=${QUADRILLE_ROLLOUT_TIMEOUT:-3600}
[[ $timeout_s =~ ^[1-9][0-9]{0,4}$ ]] || refuse 'QUADRILLE_ROLLOUT_TIMEOUT wants seconds, 1 to 99999.'

credentials=''
forwards=''
tidied() {
  # shellcheck disable=SC2086 # One word for each process.
  [ -z "$forwards" ] || kill $forwards 2>/dev/null || true
  [ -z "$credentials" ] || rm -rf "$credentials"
}
trap tidied EXIT

cd "$root"
case $stage in
  registry) registry "$environment" ;;
  roll-back) stage_roll_back ;;
  *) "stage_$stage" ;;
esac
