#!/usr/bin/env bash
# Builds everything and runs every test, on real PostgreSQL, Kafka, HTTP and SMTP that the tests start themselves.
# Arguments go to Maven: ./test.sh -pl services/order -Dtest='OrdersTest'
# With --faults, those tests too that kill and pause things again and again, for half an hour.
# With --simulate N, nothing but the simulation of the saga, with N orders.
# With --native, nothing but the integration tests of the services that ./native-build.sh has built, against those.
# With --mutate, nothing but the tests of the deciders, again and again, each time with a fault put into a decider.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=infra/local/jdk.sh
. infra/local/jdk.sh

if ! command -v mvn >/dev/null; then
  echo "There is no Maven. Remedy: install Maven 3.8.6 or newer (mvn on the PATH)." >&2
  exit 2
fi

arguments=()
while (($#)); do
  case $1 in
    # JUnit's tag of what takes minutes; infra/end-to-end/pom.xml leaves it out.
    --faults) arguments+=(-DexcludedGroups=) ;;
    --simulate)
      if ! [[ ${2:-} =~ ^[1-9][0-9]*$ ]]; then
        echo "--simulate wants a number of orders. Remedy: ./test.sh --simulate 1000000" >&2
        exit 2
      fi
      arguments+=(-pl infra/simulation -am -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false
        "-Dquadrille.simulation.orders=$2" -DskipITs)
      shift
      ;;
    --mutate)
      arguments+=(-pl services/order,services/inventory,services/payment,services/notification -am -Pmutate
        -Dtest=dev/quadrille/*/domain/*Test -Dsurefire.failIfNoSpecifiedTests=false -DskipITs)
      ;;
    --native)
      modules=infra/local
      for service in order inventory payment notification; do
        for binary in services/"$service"/target/"$service"-*-runner; do
          [ -x "$binary" ] || continue
          # What Quarkus leaves for its integration tests; a build for the JVM may have come after it.
          printf 'type=native\npath=%s\n' "${binary##*/}" >"services/$service/target/quarkus-artifact.properties"
          modules=$modules,services/$service
          break
        done
      done
      if [ "$modules" = infra/local ]; then
        echo "There are no native images to test. Remedy: ./native-build.sh" >&2
        exit 3
      fi
      echo "Tests the native images of: ${modules//infra\/local,/}"
      arguments+=(-Dquarkus.build.skip -DskipITs=false -pl "$modules" -am
        -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false)
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

# The form with a + is for the bash 3 of macOS, to which an empty array is an unset one.
exec mvn --batch-mode --no-transfer-progress install ${arguments[@]+"${arguments[@]}"}
