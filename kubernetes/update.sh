#!/usr/bin/env bash
# Builds the services and writes what their builds say of Kubernetes to kubernetes/base and kubernetes/chart/charts.
# ./test.sh fails when what is committed there is something else.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=infra/local/jdk.sh
. infra/local/jdk.sh

services=services/order,services/inventory,services/payment,services/notification
echo "Builds the services, which takes a minute"
mvn --batch-mode --no-transfer-progress -q package -DskipTests -pl "$services,infra/deployment" -am
mvn --batch-mode --no-transfer-progress -q surefire:test -pl infra/deployment \
  -Dtest=BuiltManifestsTest -Dquadrille.manifests=write
git status --short kubernetes
