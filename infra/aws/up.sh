#!/usr/bin/env bash
# Builds what Quadrille needs on AWS: ./up.sh --help says it all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=infra/aws/common.sh
. "$here/common.sh"
all='registry foundation cluster database access'

usage() {
  cat <<'HELP'
infra/aws/up.sh [STEP...] [options]   builds what Quadrille needs on AWS, or says what it would build

Steps, in this order; all of them unless some are named. Each may be repeated: it changes what differs. To a cluster that is
there it adds what is missing, and it upgrades add-ons and the rights of pods; Kubernetes' version, how many nodes there are and of
which kind, and network and log settings stay as they are, and are changed by eksctl (eksctl upgrade cluster, eksctl scale nodegroup).

  registry             the repositories of images of dev, staging and production
  foundation           a key, a log group, the role of Fargate
  cluster              the EKS cluster with its nodes, namespaces and the rights of those who deploy
  database             PostgreSQL for production, its secrets, a database and a user for each service
  access               the roles of pipelines; needs --repository

  --region REGION      where; else AWS_REGION, else what `aws configure` says
  --cluster NAME       of the cluster and of the stacks                                  quadrille
  --repository O/N     the GitHub repository whose workflows may push and deploy: OWNER@ID/NAME@ID, or OWNER/NAME where it is
                       older than 15 July 2026 and was not renamed since (LAPTOP-TO-EKS.md tells how to find the numbers)
  --signing-key ARN    the key in KMS that cosign signs with; without one it signs as who GitHub says it is
  --jenkins-role ARN   the role of Jenkins' agents, if they may too; they need --signing-key
  --no-oidc-provider   the account has GitHub's provider already
  --no-database        leaves the database out: dev and staging do without
  --yes                does it; without, nothing is done but said
  --help               this

It needs aws (2.24 or newer), eksctl and kubectl, and an identity that may create all this. It asks who you are before it says
what it would do, and names no account in any file. infra/aws/README.md tells what it costs, infra/aws/down.sh ends it.

Exit codes: 0 done or said, 1 a step failed, 2 the command makes no sense, 3 a tool or an identity is missing.
HELP
}

region=${AWS_REGION:-}
cluster=quadrille
repository=''
jenkins=''
signing=''
provider=yes
database=yes
yes=''
steps=''
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --region | --cluster | --repository | --jenkins-role | --signing-key)
      [ -n "${2:-}" ] || refuse "$1 wants a value. infra/aws/up.sh --help tells more."
      case $1 in
        --region) region=$2 ;;
        --cluster) cluster=$2 ;;
        --repository) repository=$2 ;;
        --jenkins-role) jenkins=$2 ;;
        --signing-key) signing=$2 ;;
      esac
      shift
      ;;
    --no-oidc-provider) provider=no ;;
    --no-database) database='' ;;
    --yes) yes=yes ;;
    -*) refuse "There is no option '$1'. infra/aws/up.sh --help lists them." ;;
    *)
      case " $all " in
        *" $1 "*) ;;
        *) refuse "There is no step '$1'. There are: $all." ;;
      esac
      steps="$steps $1"
      ;;
  esac
  shift
done
[[ $cluster =~ ^[a-z][a-z0-9-]{0,38}[a-z0-9]$ ]] ||
  refuse "'$cluster' is no name for a cluster: small letters, digits and hyphens, 2 to 40 of them."
named=$steps
[ -n "$steps" ] || steps=$all

# Whether step $1 is to be done.
wanted() {
  case $1 in
    database) [ -n "$database" ] || return 1 ;;
    # Of all the steps, the one that needs to know something more: left out where nobody asked for it.
    access) [ -n "$repository" ] || [ -n "$named" ] || return 1 ;;
  esac
  case " $steps " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

if wanted access && [ -z "$repository" ]; then
  refuse "The step access wants --repository, whose workflows get the roles. infra/aws/up.sh --help tells its form."
fi

# --- With what, and as whom.

need aws
if wanted cluster || wanted database; then
  need eksctl curl kubectl
fi
find_region
find_identity

# --- What it would do.

plan() {
  printf '  %-11s %-62s %s\n' "$1" "$2" "$3"
}
echo "In $region, in account $account, as $identity:"
echo
printf '  %-11s %-62s %s\n' step what 'what it costs'
! wanted registry || plan registry "stacks $cluster-registry-{dev,staging,production}: 9 repositories each" 'storage, by the GB'
! wanted foundation || plan foundation "stack $cluster-foundation: key, log group, role" 'next to nothing'
! wanted cluster || plan cluster "EKS cluster $cluster: 6 nodes, 3 NAT gateways" 'by the hour, most of the bill'
! wanted database || plan database "stack $cluster-database: PostgreSQL in two zones, 7 secrets" 'by the hour'
! wanted access || plan access "stack $cluster-access: roles for $repository" 'nothing'
echo
echo "infra/aws/README.md says how to reckon it. infra/aws/down.sh --region $region --cluster $cluster ends it."
if [ -z "$yes" ]; then
  echo 'Nothing was done. With --yes it is.'
  exit 0
fi

# --- The steps.

begun=$SECONDS
step() {
  echo
  echo "$1 ($((SECONDS - begun)) s)"
}

# stack NAME TEMPLATE OVERRIDE... CAPABILITIES is what `deploy` wants to have heard of.
stack() {
  local name=$1 template=$2
  shift 2
  aws cloudformation deploy --region "$region" --stack-name "$name" --template-file "$here/$template" \
    --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND --no-fail-on-empty-changeset \
    --tags part-of=quadrille --parameter-overrides "$@"
}

# File $1 with what it leaves open filled in.
filled() {
  sed -e "s|\${CLUSTER}|$cluster|g" -e "s|\${REGION}|$region|g" \
    -e "s|\${KEY_ARN}|${key_arn:-}|g" -e "s|\${FARGATE_ROLE_ARN}|${fargate_role_arn:-}|g" "$here/$1"
}

# Refuses before anything is built where EKS no longer offers an add-on of cluster.yaml.
check_addons() {
  local version name addon offered
  version=$(sed -n "s/^  version: '\(.*\)'/\1/p" "$here/cluster.yaml")
  name=''
  while read -r addon; do
    case $addon in
      '- name: '*) name=${addon#- name: } ;;
      'version: '*)
        offered=$(aws eks describe-addon-versions --region "$region" --kubernetes-version "$version" --addon-name "$name" \
          --query 'addons[0].addonVersions[].addonVersion' --output text)
        case " $(echo "$offered" | tr '\t\n' '  ') " in
          *" ${addon#version: } "*) ;;
          *)
            echo "EKS offers $name ${addon#version: } no longer for Kubernetes $version. Remedy: one of these into infra/aws/cluster.yaml: $offered" >&2
            exit 1
            ;;
        esac
        ;;
    esac
  done <<EOF
$(sed -nE '/^addons:/,/^managedNodeGroups:/s/^ +(- name: .*|version: .*)$/\1/p' "$here/cluster.yaml")
EOF
}

# File $1 without those Pod Identity associations that are there already, as $2 lists them; fails where that leaves none. eksctl
# itself takes one that is there for a failure.
missing_identities() {
  awk -v present="$2 " '
    function ended() {
      if (block != "" && !index(present, " " name " ")) {
        printf "%s", block
        missing = 1
      }
      block = ""
    }
    /^  podIdentityAssociations:/ { inside = 1; print; next }
    inside && /^    - namespace: / { ended(); name = $3 }
    inside && /^      serviceAccountName: / { name = name "/" $2 }
    inside && !/^    / { ended(); inside = 0 }
    inside { block = block $0 "\n"; next }
    { print }
    END { ended(); exit !missing }' "$1"
}

if wanted cluster; then
  step 'Asking EKS whether it offers the add-ons'
  check_addons
fi

if wanted registry; then
  for environment in dev staging production; do
    step "Repositories of $environment"
    stack "$cluster-registry-$environment" registry.yml "Environment=$environment"
  done
  # What is in production's repositories is what could be deployed again: not to be lost to a slip of the hand.
  aws cloudformation update-termination-protection --region "$region" --enable-termination-protection \
    --stack-name "$cluster-registry-production" >/dev/null
fi

if wanted foundation; then
  step 'Key, log group, role of Fargate'
  stack "$cluster-foundation" foundation.yml "Cluster=$cluster"
fi

if wanted cluster; then
  key_arn=$(stack_output "$cluster-foundation" KeyArn)
  fargate_role_arn=$(stack_output "$cluster-foundation" FargateRoleArn)
  config=$(mktemp)
  trap 'rm -f "$config" "$config.missing"' EXIT
  filled cluster.yaml >"$config"
  if cluster_exists "$cluster"; then
    step "The cluster $cluster is there: adding what it lacks of cluster.yaml"
    # These leave alone what they find. A cluster whose creation failed half way has no nodes yet, say.
    eksctl create nodegroup -f "$config"
    eksctl create fargateprofile -f "$config"
    eksctl create addon -f "$config"
    identities=$(aws eks list-pod-identity-associations --region "$region" --cluster-name "$cluster" \
      --query 'associations[].[namespace, serviceAccount]' --output text | awk '{ printf " %s/%s", $1, $2 }')
    if missing_identities "$config" "$identities" >"$config.missing"; then
      eksctl create podidentityassociation -f "$config.missing"
    fi
    step 'Upgrading its add-ons and the rights of pods to what cluster.yaml says'
    eksctl update podidentityassociation -f "$config"
    eksctl update addon -f "$config" --wait
  else
    step "The cluster $cluster: this takes 20 minutes"
    eksctl create cluster -f "$config"
  fi
  # Extended support costs six times as much: upgrade instead, and be upgraded where that was forgotten.
  supported=$(aws eks describe-cluster --region "$region" --name "$cluster" \
    --query cluster.upgradePolicy.supportType --output text)
  if [ "$supported" != STANDARD ]; then
    aws eks update-cluster-config --region "$region" --name "$cluster" \
      --upgrade-policy supportType=STANDARD >/dev/null
  fi
  aws eks update-kubeconfig --region "$region" --name "$cluster" --alias "$cluster" >/dev/null
  step 'Namespaces, rights of those who deploy, logging of Fargate'
  kubectl --context "$cluster" apply -f "$here/deployers.yaml"
  filled fargate-logging.yaml | kubectl --context "$cluster" apply -f -
fi

if wanted database; then
  step 'The database: this takes 15 minutes'
  stack "$cluster-database" database.yml "Cluster=$cluster"
  step 'A database and a user for each service'
  "$here/databases.sh" --region "$region" --cluster "$cluster"
fi

if wanted access; then
  step "Roles for $repository"
  stack "$cluster-access" pipeline-access.yml "Cluster=$cluster" "Repository=$repository" \
    "CreateProvider=$provider" "JenkinsRole=$jenkins" "SigningKey=$signing"
fi

echo
echo "Done in $((SECONDS - begun)) s. The registry of dev is what this prints: infra/pipelines/release.sh registry dev"
