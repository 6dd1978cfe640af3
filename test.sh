#!/usr/bin/env bash
# Builds everything and runs every test, on real PostgreSQL, Kafka, HTTP and SMTP that the tests start themselves.
# Arguments go to Maven: ./test.sh -pl services/order -Dtest='OrdersTest'
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=infra/local/jdk.sh
. infra/local/jdk.sh

if ! command -v mvn >/dev/null; then
  echo "There is no Maven. Remedy: install Maven 3.8.6 or newer (mvn on the PATH)." >&2
  exit 2
fi

exec mvn --batch-mode --no-transfer-progress install "$@"
