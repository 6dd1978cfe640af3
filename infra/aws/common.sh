# What the scripts of this folder share, to be sourced. What asks AWS wants `region` to be set, or find_region to have been called.
# shellcheck shell=bash

refuse() {
  echo "$1" >&2
  exit 2
}

# Ends the script where one of the tools is missing.
need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null && continue
    echo "There is no $tool. Remedy: install it, see infra/aws/LAPTOP-TO-EKS.md." >&2
    exit 3
  done
}

# `region` is what an option or the environment says, or empty.
find_region() {
  [ -n "$region" ] || region=$(aws configure get region || true)
  [ -n "$region" ] || refuse 'Which region? Remedy: --region REGION, or AWS_REGION.'
}

# Sets `account` and `identity`.
find_identity() {
  local who
  if ! who=$(aws sts get-caller-identity --query '[Account, Arn]' --output text); then
    echo 'AWS does not know who you are, see above. Remedy: aws configure sso, or aws login.' >&2
    exit 3
  fi
  # shellcheck disable=SC2034 # For who sources this.
  account=${who%%[[:space:]]*} identity=${who##*[[:space:]]}
}

stack_exists() {
  aws cloudformation describe-stacks --region "$region" --stack-name "$1" >/dev/null 2>&1
}

# Output $2 of stack $1.
stack_output() {
  aws cloudformation describe-stacks --region "$region" --stack-name "$1" \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}

cluster_exists() {
  aws eks describe-cluster --region "$region" --name "$1" >/dev/null 2>&1
}
