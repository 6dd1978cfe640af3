#!/usr/bin/env bash
# Ends what up.sh built, so that nothing is left that costs: ./down.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=infra/aws/common.sh
. "$here/common.sh"

usage() {
  cat <<'HELP'
infra/aws/down.sh [options]   ends what infra/aws/up.sh built, so that nothing is left that costs, or says what it would end

  --region REGION   where; else AWS_REGION, else what `aws configure` says
  --cluster NAME    of the cluster and of the stacks                                    quadrille
  --keep-images     leaves the repositories; they cost their storage
  --keep-snapshot   takes a last snapshot of the database; it costs its storage until you delete it, and so does the key
                    that it is encrypted with, which stays for as long as there is such a snapshot
  --yes             does it; without, nothing is done but said
  --help            this

Orders, databases, images, logs and secrets are gone then, the payment provider's and the mail server's among them. The key
waits for 7 days for somebody to change their mind, and costs nothing meanwhile. It may be repeated after a failure, and goes on
where it stopped; at its end it looks for what is left.

Exit codes: 0 done or said, 1 something is left, 2 the command makes no sense, 3 a tool or an identity is missing.
HELP
}

region=${AWS_REGION:-}
cluster=quadrille
images=''
snapshot=''
yes=''
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --region | --cluster)
      [ -n "${2:-}" ] || refuse "$1 wants a value. infra/aws/down.sh --help tells more."
      if [ "$1" = --region ]; then region=$2; else cluster=$2; fi
      shift
      ;;
    --keep-images) images=yes ;;
    --keep-snapshot) snapshot=yes ;;
    --yes) yes=yes ;;
    *) refuse "There is no option '$1'. infra/aws/down.sh --help lists them." ;;
  esac
  shift
done
need aws eksctl kubectl
find_region
find_identity

# Manual ones of the database: without the key that the foundation has they are nothing but noise, from the eighth day on.
snapshots=$(aws rds describe-db-snapshots --region "$region" --snapshot-type manual --db-instance-identifier "$cluster-production" \
  --query 'DBSnapshots[].DBSnapshotIdentifier' --output text | tr '\t' ' ' | sed '/^None$/d')

cat <<PLAN
In $region, in account $account, as $identity, these end, with all that is in them:

  1. ingresses, brokers and disks of the namespaces quadrille-*   (they hold load balancers and volumes)
  2. stack $cluster-access                                        roles of pipelines
  3. stack $cluster-database                                      production's database$([ -z "$snapshot" ] || echo ', after a snapshot')
  4. cluster $cluster                                             nodes, NAT gateways, network
  5. stack $cluster-foundation                                    key, log group$([ -z "$snapshot$snapshots" ] || echo ': no, the snapshot needs the key')
  6. stacks $cluster-registry-*                                   $([ -z "$images" ] && echo 'every image' || echo 'no: --keep-images')
  7. log groups of the cluster, the services and the database

PLAN
if [ -z "$yes" ]; then
  echo 'Nothing was done. With --yes it is, and nobody can bring it back.'
  exit 0
fi

begun=$SECONDS
step() {
  echo "$1 ($((SECONDS - begun)) s)"
}

# Deletes stack $1 and waits for its end, which CloudFormation bounds.
gone() {
  stack_exists "$1" || return 0
  step "Stack $1"
  aws cloudformation delete-stack --region "$region" --stack-name "$1"
  aws cloudformation wait stack-delete-complete --region "$region" --stack-name "$1"
}

# Deletes the topics of namespace $1 while the operator that ends them is there. With the namespace it would go before them, and
# its finalizer on each would hold the namespace for ever.
topics_gone() {
  local topic
  kubectl --context "$cluster" get crd kafkatopics.kafka.strimzi.io >/dev/null 2>&1 || return 0
  kubectl --context "$cluster" -n "$1" delete kafkatopics.kafka.strimzi.io --all --ignore-not-found --timeout 5m && return
  step "Nobody ends the topics of $1: they go without their operator"
  for topic in $(kubectl --context "$cluster" -n "$1" get kafkatopics.kafka.strimzi.io --output name); do
    kubectl --context "$cluster" -n "$1" patch "$topic" --type merge --patch '{"metadata":{"finalizers":null}}'
  done
}

if cluster_exists "$cluster"; then
  aws eks update-kubeconfig --region "$region" --name "$cluster" --alias "$cluster" >/dev/null
  # First, and by Kubernetes: whose load balancers and volumes outlive the cluster, and cost on, when it goes before them.
  for environment in dev staging production; do
    step "Namespace quadrille-$environment"
    topics_gone "quadrille-$environment"
    kubectl --context "$cluster" delete namespace "quadrille-$environment" --ignore-not-found --timeout 10m
  done
  step 'Volumes that nobody claims any more'
  kubectl --context "$cluster" wait --for=delete persistentvolume --all --timeout 5m >/dev/null 2>&1 || true
fi

gone "$cluster-access"

if stack_exists "$cluster-database"; then
  if [ -n "$snapshot" ]; then
    name=$cluster-last-$(date -u +%Y%m%d%H%M%S)
    snapshots="${snapshots:+$snapshots }$name"
    step "Snapshot $name"
    aws rds create-db-snapshot --region "$region" --db-instance-identifier "$cluster-production" \
      --db-snapshot-identifier "$name" >/dev/null
    aws rds wait db-snapshot-available --region "$region" --db-snapshot-identifier "$name"
  fi
  aws rds modify-db-instance --region "$region" --db-instance-identifier "$cluster-production" \
    --no-deletion-protection --apply-immediately >/dev/null
  gone "$cluster-database"
fi

if cluster_exists "$cluster"; then
  step "The cluster $cluster: this takes 15 minutes"
  # Not drained: what would move has nowhere to go, and a PodDisruptionBudget would wait for it for ever.
  eksctl delete cluster --region "$region" --name "$cluster" --disable-nodegroup-eviction --wait
fi

if [ -z "$snapshots" ]; then
  gone "$cluster-foundation"
else
  step "Stack $cluster-foundation stays, for its key: there is $snapshots"
fi

if [ -z "$images" ]; then
  if stack_exists "$cluster-registry-production"; then
    aws cloudformation update-termination-protection --region "$region" --no-enable-termination-protection \
      --stack-name "$cluster-registry-production" >/dev/null
  fi
  for environment in dev staging production; do
    gone "$cluster-registry-$environment"
  done
fi

# Made by EKS, RDS and Fluent Bit themselves, in no stack; but one, which is the foundation's.
of_services=$(aws logs describe-log-groups --region "$region" --log-group-name-prefix "/$cluster/" \
  --query 'logGroups[].logGroupName' --output text | tr '\t' '\n' | sed '/^None$/d')
for group in "/aws/eks/$cluster/cluster" "/aws/rds/instance/$cluster-production/postgresql" $of_services; do
  [ "$group" != "/$cluster/services" ] || [ -z "$snapshots" ] || continue
  aws logs delete-log-group --region "$region" --log-group-name "$group" 2>/dev/null || true
done

# --- What is left, by the tags that Kubernetes and eksctl give.

step 'Looking for what is left'
left=$({
  aws ec2 describe-volumes --region "$region" --filters "Name=tag-key,Values=kubernetes.io/cluster/$cluster" \
    --query 'Volumes[].VolumeId' --output text
  aws ec2 describe-nat-gateways --region "$region" --filter "Name=tag:alpha.eksctl.io/cluster-name,Values=$cluster" \
    "Name=state,Values=available,pending" --query 'NatGateways[].NatGatewayId' --output text
  aws resourcegroupstaggingapi get-resources --region "$region" --resource-type-filters elasticloadbalancing:loadbalancer \
    --tag-filters "Key=elbv2.k8s.aws/cluster,Values=$cluster" --query 'ResourceTagMappingList[].ResourceARN' --output text
  aws resourcegroupstaggingapi get-resources --region "$region" --resource-type-filters elasticloadbalancing:loadbalancer \
    --tag-filters "Key=kubernetes.io/cluster/$cluster" --query 'ResourceTagMappingList[].ResourceARN' --output text
} | tr '\t' '\n' | sed '/^$/d;/^None$/d')
if [ -n "$left" ]; then
  printf 'These are left, and cost:\n%s\nRemedy: delete them by hand, and run %s again to be sure.\n' "$left" "${here##*/}/down.sh" >&2
  exit 1
fi
echo "Done in $((SECONDS - begun)) s. Nothing is left that costs$([ -z "$snapshots$images" ] || echo ' but what was to be kept')."
