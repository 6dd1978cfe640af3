#!/usr/bin/env bash
# Makes a database and a user for each service on production's instance: ./databases.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=infra/aws/common.sh
. "$here/common.sh"
namespace=quadrille-databases
# The client may be newer than the server; the server's own is what the tests have.
image=postgres:18.1

usage() {
  cat <<'HELP'
infra/aws/databases.sh [options]   makes a database and a user for each service on production's instance

The instance answers nobody but the cluster, so a Job there does it, in a namespace of its own that is gone afterwards. Passwords
come from Secrets Manager and pass through this machine's memory alone. It may be repeated, and sets the passwords again.

  --region REGION   where; else AWS_REGION, else what `aws configure` says
  --cluster NAME    of the cluster and of the stacks                          quadrille
  --help            this

Exit codes: 0 done, 1 it failed, 2 the command makes no sense, 3 a tool is missing.
HELP
}

region=${AWS_REGION:-}
cluster=quadrille
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --region | --cluster)
      [ -n "${2:-}" ] || refuse "$1 wants a value. infra/aws/databases.sh --help tells more."
      if [ "$1" = --region ]; then region=$2; else cluster=$2; fi
      shift
      ;;
    *) refuse "There is no option '$1'. infra/aws/databases.sh --help lists them." ;;
  esac
  shift
done
need aws curl kubectl
find_region

# Member $2 of the secret $1, none of which has a quote or a backslash in it: that is how they were made.
secret() {
  aws secretsmanager get-secret-value --region "$region" --secret-id "$1" --query SecretString --output text |
    sed -n "s/.*\"$2\" *: *\"\([^\"]*\)\".*/\1/p"
}

# The authorities that the services trust when they connect. Those of the region: all of them together are too many for an entry.
authority=$(mktemp)
curl --fail --silent --show-error --max-time 60 "https://truststore.pki.rds.amazonaws.com/$region/$region-bundle.pem" |
  awk 'BEGIN { printf "{\"ca.crt\": \"" } { sub(/\r$/, ""); printf "%s\\n", $0 } END { print "\"}" }' >"$authority"
aws secretsmanager put-secret-value --region "$region" --secret-id quadrille/production/database-ca \
  --secret-string "file://$authority" >/dev/null
rm -f "$authority"

host=$(stack_output "$cluster-database" Host)
port=$(stack_output "$cluster-database" Port)
master=$(stack_output "$cluster-database" MasterSecretArn)

kubectl() {
  command kubectl --context "$cluster" "$@"
}

# shellcheck disable=SC2317 # The trap calls it.
cleaned() {
  kubectl delete namespace "$namespace" --ignore-not-found --wait=false >/dev/null
}
trap cleaned EXIT

# Of a run that was cut off, or one that has just ended.
kubectl delete namespace "$namespace" --ignore-not-found --timeout 2m >/dev/null
kubectl create namespace "$namespace" --dry-run=client -o yaml | kubectl apply -f - >/dev/null
kubectl label namespace "$namespace" --overwrite pod-security.kubernetes.io/enforce=restricted >/dev/null
kubectl -n "$namespace" create configmap databases --from-file="$here/databases.sql" --dry-run=client -o yaml |
  kubectl apply -f - >/dev/null

# By a pipe: a command line may be read by everybody.
{
  cat <<EOF
apiVersion: v1
kind: Secret
metadata:
  name: passwords
  namespace: $namespace
stringData:
  PGUSER: "$(secret "$master" username)"
EOF
  # RDS makes this one, of any character but / @ and the quote; base64 asks nothing.
  printf 'data:\n  PGPASSWORD: '
  aws secretsmanager get-secret-value --region "$region" --secret-id "$master" --query SecretString --output text |
    sed -nE 's/.*"password" *: *"(([^"\\]|\\.)*)".*/\1/p' | sed -E 's/\\(.)/\1/g' | tr -d '\n' | base64 | tr -d '\n'
  printf '\n'
  for service in order inventory payment notification; do
    printf '  %s: ' "$service"
    secret "quadrille/production/$service-database" password | tr -d '\n' | base64 | tr -d '\n'
    printf '\n'
  done
} | kubectl apply -f - >/dev/null

kubectl -n "$namespace" delete job databases --ignore-not-found >/dev/null
kubectl apply -f - >/dev/null <<EOF
apiVersion: batch/v1
kind: Job
metadata:
  name: databases
  namespace: $namespace
spec:
  backoffLimit: 3
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: psql
          image: $image
          command:
            - sh
            - -euc
            - |
              for SERVICE in order inventory payment notification; do
                PASSWORD=\$(cat "/passwords/\$SERVICE")
                export SERVICE PASSWORD
                psql --no-psqlrc --quiet --file /databases/databases.sql
                echo "\$SERVICE: there"
              done
          env:
            - name: PGHOST
              value: "$host"
            - name: PGPORT
              value: "$port"
            - name: PGDATABASE
              value: postgres
            - name: PGSSLMODE
              value: require
            - name: PGCONNECT_TIMEOUT
              value: "10"
            - name: PGUSER
              valueFrom:
                secretKeyRef:
                  name: passwords
                  key: PGUSER
            - name: PGPASSWORD
              valueFrom:
                secretKeyRef:
                  name: passwords
                  key: PGPASSWORD
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
            limits:
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: databases
              mountPath: /databases
            - name: passwords
              mountPath: /passwords
      volumes:
        - name: databases
          configMap:
            name: databases
        - name: passwords
          secret:
            secretName: passwords
EOF

# Whichever of its two ends comes; a wait for one of them alone would wait for nothing in the other case.
waited=0
until [ "$waited" -ge 330 ]; do
  case $(kubectl -n "$namespace" get job databases -o jsonpath='{.status.conditions[?(@.status=="True")].type}') in
    *Complete*)
      kubectl -n "$namespace" logs job/databases
      exit 0
      ;;
    *Failed*) break ;;
  esac
  sleep 5
  waited=$((waited + 5))
done
echo 'The Job that makes the databases failed. It said:' >&2
kubectl -n "$namespace" logs job/databases --tail 20 >&2 || true
exit 1
