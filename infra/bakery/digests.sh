# What promote.sh, scan.sh and sign.sh have in common: files of bake.sh, registries of this machine. To be sourced, in bash:
#
#   . infra/bakery/digests.sh
#
# shellcheck shell=bash

refuse() {
  echo "$1" >&2
  exit "${2:-2}"
}

# Plain HTTP is for registries of this machine alone, and localhost.example is none of them.
is_this_machine() {
  case $1 in
    localhost | localhost[:/]* | 127.0.0.1 | 127.0.0.1[:/]*) return 0 ;;
    *) return 1 ;;
  esac
}

# The images named after $1 and $2, or all of them, in file $1: lines of name, tag and digest. What is not there, or
# has no digest, and a file without images end the script with $2: nothing to do is not the same as done.
digests_of() {
  local file=$1 code=$2 name tag digest wanted all='' lines=''
  shift 2
  [ -r "$file" ] || refuse "There is no file $file. Remedy: bake.sh writes it"
  wanted=" $* "
  while read -r name tag digest || [ -n "$name" ]; do
    all="$all $name "
    case $wanted in *" $name "* | '  ') ;; *) continue ;; esac
    [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || refuse "$name $tag has no digest in $file." "$code"
    lines="$lines$name $tag $digest
"
  done <"$file"
  for name in "$@"; do
    case $all in *" $name "*) ;; *) refuse "$file has no image $name." "$code" ;; esac
  done
  [ -n "$lines" ] || refuse "$file has no images." "$code"
  printf '%s' "$lines"
}
