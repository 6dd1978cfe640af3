#!/usr/bin/env bash
# Builds everything and runs every test, on real PostgreSQL, Kafka, HTTP and SMTP that the tests start themselves.
# Arguments go to Maven: ./test.sh -pl services/order -Dtest='OrdersTest'
# With --faults, those tests too that kill and pause things again and again, for half an hour.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=infra/local/jdk.sh
. infra/local/jdk.sh

if ! command -v mvn >/dev/null; then
  echo "There is no Maven. Remedy: install Maven 3.8.6 or newer (mvn on the PATH)." >&2
  exit 2
fi

arguments=()
for argument; do
  case $argument in
    # JUnit's tag of what takes minutes; infra/end-to-end/pom.xml leaves it out.
    --faults) arguments+=(-DexcludedGroups=) ;;
    *) arguments+=("$argument") ;;
  esac
done

# The form with a + is for the bash 3 of macOS, to which an empty array is an unset one.
exec mvn --batch-mode --no-transfer-progress install ${arguments[@]+"${arguments[@]}"}
