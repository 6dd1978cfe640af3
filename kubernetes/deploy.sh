#!/usr/bin/env bash
# Deploys an overlay with the digests of a release set in: ./kubernetes/deploy.sh --help says it all.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
services='order inventory payment notification'
label=app.kubernetes.io/component
flavour=${QUADRILLE_FLAVOUR:-native}
registry=${QUADRILLE_REGISTRY:-}
migration_seconds=${QUADRILLE_MIGRATION_SECONDS:-1200}
# A canary takes its time: two pauses of 6 minutes for each service, all at once.
rollout_seconds=${QUADRILLE_ROLLOUT_SECONDS:-2700}
pause_seconds=${QUADRILLE_POLL_SECONDS:-3}

usage() {
  cat <<'HELP'
./kubernetes/deploy.sh ENVIRONMENT DIGESTS [options]     deploys a release

  ENVIRONMENT   dev, staging or production: the overlay
  DIGESTS       a file of lines `name tag digest`, as infra/bakery/bake.sh writes it
  --dry-run     shows what would change, and changes nothing
  --yes         does not ask
  --help        this

What it does: renders the overlay with the digests in place of the tags; shows the difference to the cluster; applies what
the services stand on; runs the migrations and waits for them; applies everything; waits until the new version has come
up. If it does not, the services get their last version back. Migrations stay: the version before lives with them.
The cluster is the one of kubectl's current context, unless QUADRILLE_CONTEXT names another.

  QUADRILLE_REGISTRY            where the images are: REGISTRY[/GROUP], as it was pushed to
  QUADRILLE_FLAVOUR             native, or jvm: which of a service's two images
  QUADRILLE_MIGRATION_SECONDS   how long the migrations may take: 1200 unless set
  QUADRILLE_ROLLOUT_SECONDS     how long the new version may take to come up: 2700 unless set

Exit codes: 0 deployed, or nothing to do; 1 failed, and the services run their last version; 2 the command makes no sense;
3 no kubectl, or the cluster does not answer; 4 failed, and the last version could not be brought back.
HELP
}

refuse() {
  echo "$1" >&2
  exit "${2:-2}"
}

kubectl() {
  command kubectl ${QUADRILLE_CONTEXT:+--context "$QUADRILLE_CONTEXT"} "$@"
}

environment=''
digests=''
dry_run=''
yes=''
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --dry-run) dry_run=yes ;;
    --yes) yes=yes ;;
    -*) refuse "There is no option '$1'. ./kubernetes/deploy.sh --help lists them." ;;
    *)
      if [ -z "$environment" ]; then
        environment=$1
      elif [ -z "$digests" ]; then
        digests=$1
      else
        refuse "One environment and one file of digests, and '$1' came too."
      fi
      ;;
  esac
  shift
done
case $environment in
  dev | staging | production) ;;
  '') refuse "Which environment? ./kubernetes/deploy.sh --help tells more." ;;
  *) refuse "There is no environment '$environment'. There are: dev staging production." ;;
esac
[ -n "$digests" ] || refuse "Which images? Remedy: name the file of digests that infra/bakery/bake.sh has written."
[ -r "$digests" ] || refuse "There is no file '$digests'. Remedy: name the file of digests that infra/bakery/bake.sh has written."
case $flavour in native | jvm) ;; *) refuse "QUADRILLE_FLAVOUR is native or jvm, not '$flavour'." ;; esac
for figure in "$migration_seconds" "$rollout_seconds" "$pause_seconds"; do
  case $figure in '' | *[!0-9]*) refuse "QUADRILLE_..._SECONDS are whole numbers, not '$figure'." ;; esac
done
case $registry in
  *[!A-Za-z0-9./:_-]* | /* | */) refuse "QUADRILLE_REGISTRY is REGISTRY[/GROUP], not '$registry'." ;;
esac
command -v kubectl >/dev/null || refuse "There is no kubectl. Remedy: install it (kubectl on the PATH)." 3

namespace=quadrille-$environment
mkdir -p "$root/.quadrille"
work=$(mktemp -d "$root/.quadrille/deploy.XXXXXX")
trap 'rm -rf "$work"' EXIT

# --- The rendering: the overlay, with digests.

# The digest of a name and a tag's ending; of several lines the last, which was baked last.
digest_of() {
  awk -v name="$1" -v ending="$2" '
    $1 == name && (ending == "" || substr($2, length($2) - length(ending) + 1) == ending) { found = $3 }
    END { print found }' "$digests"
}

{
  echo 'apiVersion: kustomize.config.k8s.io/v1beta1'
  echo 'kind: Kustomization'
  echo "resources: [../../kubernetes/overlays/$environment]"
  # Its pods want more memory than those of native images.
  [ "$flavour" = native ] || echo "components: [../../kubernetes/components/$flavour]"
  echo 'images:'
} >"$work/kustomization.yaml"
for name in $services jobs payment-sandbox; do
  case " $services " in *" $name "*) ending=-$flavour ;; *) ending='' ;; esac
  digest=$(digest_of "$name" "$ending")
  case $digest in
    '') continue ;; # Said below, if the overlay wants it.
    sha256:*[!0-9a-f]* | sha256:) refuse "The digest of $name in $digests is none: '$digest'." ;;
    sha256:*) ;;
    *) refuse "The digest of $name in $digests is none: '$digest'." ;;
  esac
  {
    echo "  - name: quadrille/$name"
    echo "    newName: ${registry:+$registry/}quadrille/$name"
    echo "    digest: $digest"
  } >>"$work/kustomization.yaml"
done
kubectl kustomize "$work" >"$work/rendered.yaml" || refuse "The overlay $environment cannot be rendered." 1

missing=$(sed -n 's/^ *\(- \)\{0,1\}image: \(.*quadrille\/[^@]*\)$/\2/p' "$work/rendered.yaml" | sort -u | tr '\n' ' ')
if [ -n "$missing" ]; then
  refuse "No digest for: $missing. Remedy: bake them (infra/bakery/bake.sh), or set QUADRILLE_FLAVOUR to what was baked."
fi
if grep -q '^kind: Rollout$' "$work/rendered.yaml"; then
  workload=rollouts.argoproj.io
else
  workload=deployments.apps
fi

# --- The difference, and whether it is meant.

apply() {
  # By the server: what others have set meanwhile, a scaler for one, stays unless it is said here.
  kubectl apply --server-side --force-conflicts --field-manager=quadrille-deploy -f "$work/rendered.yaml" -l "$1" >"$work/applied.txt" 2>&1 ||
    { cat "$work/applied.txt" >&2 && return 1; }
  sed 's/^/  /' "$work/applied.txt"
}

context=${QUADRILLE_CONTEXT:-$(kubectl config current-context 2>/dev/null || true)}
echo "Deploys $environment to ${context:-the cluster of this machine}, namespace $namespace:"
sed -n 's/^ *\(- \)\{0,1\}image: \(.*quadrille\/.*\)$/  \2/p' "$work/rendered.yaml" | sort -u
kubectl version >/dev/null 2>"$work/version.txt" || refuse "The cluster does not answer: $(tail -n 1 "$work/version.txt")" 3
if kubectl get namespace "$namespace" >/dev/null 2>&1; then
  echo 'Compares with the cluster'
  status=0
  kubectl diff --server-side --force-conflicts --field-manager=quadrille-deploy -f "$work/rendered.yaml" -l "$label!=migration" >"$work/diff.txt" 2>"$work/diff-errors.txt" || status=$?
  [ "$status" -le 1 ] || refuse "The cluster would not take it: $(cat "$work/diff-errors.txt")" 1
  if [ "$status" = 0 ]; then
    echo 'Nothing would change.'
    exit 0
  fi
  cat "$work/diff.txt"
else
  echo "There is no namespace $namespace yet: all of it is new ($(grep -c '^kind:' "$work/rendered.yaml") objects)."
fi
[ -z "$dry_run" ] || exit 0
if [ -z "$yes" ]; then
  [ -t 0 ] || refuse "Nobody is there to be asked. Remedy: --yes, or --dry-run to look only."
  printf 'Go on? [y/N] '
  read -r answer
  case $answer in y | Y | yes) ;; *) refuse 'Nothing was changed.' ;; esac
fi

# --- What the services stand on, and the migrations.

of_service() {
  kubectl --namespace "$namespace" get "$workload" "$1" --ignore-not-found -o "jsonpath=$2"
}

for service in $services; do
  of_service "$service" '{.spec.template}' >"$work/before-$service.json" 2>/dev/null || : >"$work/before-$service.json"
done

echo 'Applies what the services stand on'
apply "$label=foundation" || refuse "The cluster did not take it. The services run as they did." 1

echo "Migrates the databases, for $migration_seconds s at most"
kubectl --namespace "$namespace" delete jobs -l "$label=migration" --ignore-not-found --wait --timeout=120s >/dev/null ||
  refuse "The last migrations' jobs do not go away. The services run as they did." 1
apply "$label=migration" || refuse "The cluster did not take the migrations. The services run as they did." 1
end=$((SECONDS + migration_seconds))
while :; do
  states=$(kubectl --namespace "$namespace" get jobs -l "$label=migration" \
    -o 'jsonpath={range .items[*]}{.metadata.name} {.status.conditions[?(@.status=="True")].type}{"\n"}{end}' || true)
  failed=$(echo "$states" | awk '/Failed/ { print $1 }')
  if [ -n "$failed" ]; then
    for job in $failed; do
      echo "$job said:" >&2
      kubectl --namespace "$namespace" logs "job/$job" --tail=20 >&2 || true
    done
    refuse "Migrations failed. The services run as they did; mend the cause and deploy again." 1
  fi
  open=$(echo "$states" | awk 'NF && !/Complete/ { print $1 }')
  [ -n "$open" ] || [ -z "$states" ] || break
  [ "$SECONDS" -lt "$end" ] || refuse "Not done after $migration_seconds s: $(echo "$open" | tr '\n' ' '). The services run as they did." 1
  sleep "$pause_seconds"
done

# --- The new version, and the way back.

# Says of each service that has not come up why; nothing if all have.
wait_for() {
  local end=$((SECONDS + $1)) service left='' state
  for service in $services; do
    if [ "$workload" = deployments.apps ]; then
      left=$((end - SECONDS))
      [ "$left" -gt 1 ] || left=1
      kubectl --namespace "$namespace" rollout status "deployment/$service" --timeout="${left}s" >"$work/status.txt" 2>&1 ||
        { echo "$service: $(tail -n 1 "$work/status.txt")" && return 0; }
      continue
    fi
    while :; do
      state=$(of_service "$service" '{.metadata.generation} {.status.observedGeneration} {.status.phase} {.status.message}' || true)
      # A state that is not of this generation yet is the last version's.
      if [ "$(echo "$state" | awk '{ print ($1 == $2) }')" = 1 ]; then
        case $(echo "$state" | awk '{ print $3 }') in
          Healthy) break ;;
          Degraded) echo "$service: $(echo "$state" | cut -d ' ' -f 4-)" && return 0 ;;
        esac
      fi
      [ "$SECONDS" -lt "$end" ] || { echo "$service: not done after $1 s, $state" && return 0; }
      sleep "$pause_seconds"
    done
  done
}

echo "Brings the new version up, for $rollout_seconds s at most"
if apply "$label!=migration"; then
  trouble=$(wait_for "$rollout_seconds")
else
  trouble='the cluster did not take it'
fi
if [ -z "$trouble" ]; then
  echo "$environment runs the new version."
  exit 0
fi

echo "It does not come up: $trouble" >&2
lost=''
for service in $services; do
  if [ ! -s "$work/before-$service.json" ]; then
    echo "  $service has no last version." >&2
    lost=yes
    continue
  fi
  # The same for a Deployment and a Rollout: a Rollout that gets its stable pods back skips the steps.
  {
    printf '[{"op":"replace","path":"/spec/template","value":'
    cat "$work/before-$service.json"
    printf '}]'
  } >"$work/patch.json"
  if kubectl --namespace "$namespace" patch "$workload" "$service" --field-manager=quadrille-deploy --type=json --patch-file "$work/patch.json" >/dev/null; then
    echo "  $service gets its last version back" >&2
  else
    lost=yes
  fi
done
[ -z "$lost" ] || refuse "Not every service could be brought back: look at kubectl --namespace $namespace get pods." 4
trouble=$(wait_for "$rollout_seconds")
[ -z "$trouble" ] || refuse "The last version does not come up either: $trouble" 4
refuse "$environment runs its last version again. The migrations stay: it lives with them." 1
