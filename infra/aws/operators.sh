#!/usr/bin/env bash
# Installs the operators that the overlays rely on: ./operators.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=infra/aws/common.sh
. "$here/common.sh"

# name and release | namespace | chart | its version | repository of charts | values
#
# Not all that kubernetes/README.md asks for. What names a registry or a domain is the reader's to choose, and LAPTOP-TO-EKS.md says
# how: the ClusterImageCatalog, the Gateway API's controller with its GatewayClass, the ClusterIssuer. The collector of traces and
# Fluent Bit are infra/observability's.
#
# EKS shows nobody its controller manager, scheduler and etcd: their alerts would fire from the first minute on.
#
# The versions are the newest of which a release note was seen on 2026-11-21. KEDA must be 2.18 or newer: 2.17.0 refuses a fallback
# whose trigger names no metricType.
operators() {
  cat <<'LIST'
cert-manager|cert-manager|cert-manager|v1.21.2|https://charts.jetstack.io|crds.enabled=true,config.enableGatewayAPI=true
prometheus|monitoring|kube-prometheus-stack|88.4.0|https://prometheus-community.github.io/helm-charts|kubeControllerManager.enabled=false,kubeEtcd.enabled=false,kubeScheduler.enabled=false,prometheus.prometheusSpec.serviceMonitorSelectorNilUsesHelmValues=false,prometheus.prometheusSpec.podMonitorSelectorNilUsesHelmValues=false,prometheus.prometheusSpec.ruleSelectorNilUsesHelmValues=false,grafana.sidecar.dashboards.searchNamespace=ALL
strimzi|strimzi|strimzi-kafka-operator|1.0.1|https://strimzi.io/charts|watchAnyNamespace=true,extraEnvs[0].name=STRIMZI_POD_SECURITY_PROVIDER_CLASS,extraEnvs[0].value=restricted
cloudnative-pg|cnpg-system|cloudnative-pg|0.29.1|https://cloudnative-pg.github.io/charts|
keda|keda|keda|2.21.1|https://kedacore.github.io/charts|
external-secrets|external-secrets|external-secrets|2.11.0|https://charts.external-secrets.io|
argo-rollouts|argo-rollouts|argo-rollouts|2.42.0|https://argoproj.github.io/argo-helm|
LIST
}

# No operator but what cert-manager and a gateway's controller speak of: kinds alone, so a file and no chart. The overlays need no
# more than 1.0; controllers of this year look for ListenerSet, which came with 1.5, and do not start without it.
gateway_api=https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.5.1/standard-install.yaml

usage() {
  cat <<'HELP'
infra/aws/operators.sh [NAME...] [options]   installs the operators that the overlays rely on, by Helm, or those named

  cert-manager       certificates of the ingress
  prometheus         the Prometheus operator, with Prometheus, Alertmanager and Grafana
  strimzi            Kafka
  cloudnative-pg     PostgreSQL in dev and staging
  keda               replicas by consumer lag, from zero
  external-secrets   Secrets from Secrets Manager
  argo-rollouts      canaries

  Before them, the kinds of the Gateway API, which the overlays' way in is made of.

  --context NAME     of kubectl                     quadrille
  --list             prints names and versions, and installs nothing
  --help             this

Each is installed, or upgraded to the version that this script names, and waited for. Repeating it changes nothing.

Exit codes: 0 done, 1 an operator did not become ready, 2 the command makes no sense, 3 a tool is missing.
HELP
}

context=quadrille
list=''
names=''
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --context)
      [ -n "${2:-}" ] || refuse '--context wants a value. infra/aws/operators.sh --help tells more.'
      context=$2
      shift
      ;;
    --list) list=yes ;;
    -*) refuse "There is no option '$1'. infra/aws/operators.sh --help lists them." ;;
    *)
      operators | cut -d '|' -f 1 | grep -qxF "$1" ||
        refuse "There is no operator '$1'. There are: $(operators | cut -d '|' -f 1 | tr '\n' ' ')"
      names="$names $1 "
      ;;
  esac
  shift
done

if [ -n "$list" ]; then
  operators | awk -F '|' '{ printf "%-18s %-24s %s\n", $1, $3, $4 }'
  exit 0
fi
need helm

if [ -z "$names" ]; then
  need kubectl
  echo "Gateway API: ${gateway_api%/*}"
  kubectl --context "$context" apply --server-side -f "$gateway_api" >/dev/null
fi
while IFS='|' read -r name namespace chart version repository values; do
  if [ -n "$names" ]; then
    case $names in *" $name "*) ;; *) continue ;; esac
  fi
  echo "$name: $chart $version"
  if ! helm upgrade --install "$name" "$chart" --kube-context "$context" --namespace "$namespace" --create-namespace \
    --repo "$repository" --version "$version" ${values:+--set "$values"} --wait --timeout 10m </dev/null >/dev/null; then
    echo "$name did not become ready in 10 minutes. Remedy: kubectl -n $namespace get pods says why; then again." >&2
    exit 1
  fi
done <<LIST
$(operators)
LIST
