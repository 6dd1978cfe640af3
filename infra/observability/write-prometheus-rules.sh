#!/usr/bin/env bash
# Writes kubernetes/prometheus-rules.yaml: the files of rules as PrometheusRule objects, word for word.
#
#   infra/observability/write-prometheus-rules.sh            writes the file
#   infra/observability/write-prometheus-rules.sh --print    prints what it would hold
#
# Exit codes: 0 done, 2 it was called wrongly.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

print() {
  echo "# Written by infra/observability/write-prometheus-rules.sh from infra/observability/rules: change those."
  for file in rules/*.yml; do
    name=${file##*/}
    cat <<YAML
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: quadrille-${name%.yml}
  labels:
    app.kubernetes.io/part-of: quadrille
    app.kubernetes.io/component: alerts
spec:
YAML
    sed -e 's/^\(.\)/  \1/' "$file"
  done
}

case ${1:-} in
  '')
    print >kubernetes/prometheus-rules.yaml
    echo "Wrote infra/observability/kubernetes/prometheus-rules.yaml"
    ;;
  --print) print ;;
  --help | -h) sed -n 's/^# \{0,1\}//p' write-prometheus-rules.sh | sed 1d ;;
  *)
    echo "There is no option $1. Remedy: infra/observability/write-prometheus-rules.sh --help" >&2
    exit 2
    ;;
esac
