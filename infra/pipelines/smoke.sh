#!/usr/bin/env bash
# Places an order and waits until it is confirmed: ./smoke.sh --help says it all.
set -euo pipefail

usage() {
  cat <<'HELP'
infra/pipelines/smoke.sh ORDER_URL [INVENTORY_URL] [options]   places an order and waits until it is confirmed

One order says more than four health checks: it has been through every service, database and topic. What it makes it takes back:
the order is cancelled, so that its piece of stock and its hold on the card are free again.

  ORDER_URL              of the order service, or of what stands before all of them
  INVENTORY_URL          of the inventory service, where it is another
  --sku SKU              orders one piece of this product, which is there; without, a product SMOKE-01 is made
  --currency CODE        of that product                                                          EUR
  --payment-method NAME  what to pay with                                                         pm_card_visa
  --timeout SECONDS      for all of it                                                            180
  --help                 this

Exit codes: 0 confirmed, 1 not, 2 the command makes no sense, 3 there is no curl.
HELP
}

refuse() {
  echo "$1" >&2
  exit 2
}

urls=()
sku=''
currency=EUR
method=pm_card_visa
timeout_s=180
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h | help)
      usage
      exit 0
      ;;
    --sku | --currency | --payment-method | --timeout)
      [ -n "${2:-}" ] || refuse "$1 wants a value. infra/pipelines/smoke.sh --help tells more."
      case $1 in
        --sku) sku=$2 ;;
        --currency) currency=$2 ;;
        --payment-method) method=$2 ;;
        --timeout) timeout_s=$2 ;;
      esac
      shift
      ;;
    http://* | https://*) urls+=("${1%/}") ;;
    -*) refuse "There is no option '$1'. infra/pipelines/smoke.sh --help lists them." ;;
    *) refuse "'$1' is no URL. Remedy: such as http://localhost:8081" ;;
  esac
  shift
done
case ${#urls[@]} in
  1 | 2) ;;
  *) refuse 'One URL or two. infra/pipelines/smoke.sh --help tells more.' ;;
esac
[[ $timeout_s =~ ^[1-9][0-9]{0,3}$ ]] || refuse '--timeout wants seconds, 1 to 9999.'
for value in "$sku" "$currency" "$method"; do
  # They go into JSON as they are.
  [[ $value =~ ^[A-Za-z0-9_.-]*$ ]] || refuse "'$value' has a character that no sku, currency or payment method has."
done
if ! command -v curl >/dev/null; then
  echo 'There is no curl. Remedy: install curl.' >&2
  exit 3
fi
order_url=${urls[0]}
inventory_url=${urls[1]:-$order_url}
# Of this run alone: a request that is sent again after a lost answer is one order still.
key=smoke-$(date -u +%Y%m%d%H%M%S)-$$-$RANDOM

said=$(mktemp)
trap 'rm -f "$said"' EXIT

late() {
  [ "$SECONDS" -ge "$timeout_s" ]
}

# call METHOD URL [BODY [HEADER]] sets status to the answer's, 000 if there is none, and leaves the body in $said.
call() {
  local arguments=(--silent --max-time 15 --output "$said" --write-out '%{http_code}' --request "$1"
    --header 'Accept: application/json, application/problem+json')
  if [ -n "${3:-}" ]; then arguments+=(--header 'Content-Type: application/json' --data "$3"); fi
  if [ -n "${4:-}" ]; then arguments+=(--header "$4"); fi
  : >"$said"
  status=$(curl "${arguments[@]}" "$2" || true)
}

# The first text of the member $1 in the last answer: what is further in may have members of the same name.
member() {
  sed "s/\"$1\" *: */\\
&/" "$said" | sed -n "s/^\"$1\" *: *\"\([^\"]*\)\".*/\1/p" | head -n 1
}

fail() {
  echo "$1" >&2
  if [ -s "$said" ]; then
    echo "The last answer, $status: $(head -c 600 "$said")" >&2
  fi
  exit 1
}

# retried EXPECTED WHAT METHOD URL [BODY [HEADER]]: until the answer is one of EXPECTED. What is not there yet comes; what is
# refused stays so.
retried() {
  local expected=$1 what=$2
  shift 2
  while :; do
    call "$@"
    case " $expected " in *" $status "*) return ;; esac
    case $status in
      000 | 429 | 5??) ;;
      # A product takes its way to the order service through a topic.
      422) [ "$(member type)" = /problems/unknown-sku ] || fail "$what was refused." ;;
      *) fail "$what was refused." ;;
    esac
    late && fail "$what did not work in $timeout_s s."
    sleep 1
  done
}

if [ -z "$sku" ]; then
  sku=SMOKE-01
  retried '200 201' 'Making a product' PUT "$inventory_url/v1/products/$sku" \
    "{\"name\":\"Smoke test\",\"price\":{\"amountMinor\":100,\"currency\":\"$currency\"}}"
  retried 201 'Adding to its stock' POST "$inventory_url/v1/stock/$sku/adjustments" \
    '{"delta":1,"reason":"smoke test"}' "Idempotency-Key: $key"
  echo "The product $sku is there ($SECONDS s)"
fi

retried 202 'Placing an order' POST "$order_url/v1/orders" \
  "{\"customer\":{\"id\":\"smoke-test\",\"email\":\"smoke-test@example.com\"},\"currency\":\"$currency\",\"lines\":[{\"sku\":\"$sku\",\"quantity\":1}],\"paymentMethod\":\"$method\"}" \
  "Idempotency-Key: $key"
id=$(member id)
[[ $id =~ ^[0-9a-f-]{36}$ ]] || fail 'The order has no id.'
echo "The order $id is placed ($SECONDS s)"

while :; do
  call GET "$order_url/v1/orders/$id"
  if [ "$status" = 200 ]; then
    case $(member status) in
      CONFIRMED) break ;;
      PENDING) ;;
      *) fail "The order is $(member status) ($(member reason)), and was to be CONFIRMED." ;;
    esac
  fi
  late && fail "The order is not CONFIRMED after $timeout_s s."
  sleep 1
done
echo "The order is confirmed ($SECONDS s)"

# It has shown what it was to show. That this works too is not: a failure here is said, and none.
call POST "$order_url/v1/orders/$id/cancellation" '{"reason":"smoke test"}'
case $status in
  20?) echo "The order is cancelled again" ;;
  *) echo "The order could not be cancelled again: $status" >&2 ;;
esac
