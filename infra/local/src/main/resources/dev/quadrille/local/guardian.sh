# The guardian: sees to it that no part outlives its launcher, even one that was killed with -9.
#
# The launcher holds the other end of this script's stdin and writes "+ PID SIGNAL" when a part
# has started and "- PID" when it has ended. When the launcher is gone, however it went, the pipe
# closes: each part that is left is asked to end by its signal, and killed if it does not in time.
trap '' HUP INT TERM
wards=''

while read -r change pid signal; do
  case $change in
    +) wards="$wards $pid:$signal" ;;
    -)
      left=''
      for ward in $wards; do
        [ "${ward%:*}" = "$pid" ] || left="$left $ward"
      done
      wards=$left
      ;;
  esac
done

# A zombie is gone: nobody may be there to ask for its exit code.
alive() {
  kill -0 "$1" 2>/dev/null || return 1
  if [ -r "/proc/$1/status" ]; then
    while read -r key value _; do
      [ "$key" = State: ] && [ "$value" = Z ] && return 1
    done <"/proc/$1/status"
  fi
  return 0
}

# At most $1 tenths of a second.
await_end() {
  tenths=$1
  while [ "$tenths" -gt 0 ]; do
    any=''
    for ward in $wards; do
      alive "${ward%:*}" && any=yes
    done
    [ -z "$any" ] && return 0
    sleep 0.1
    tenths=$((tenths - 1))
  done
  return 1
}

for ward in $wards; do
  kill -s "${ward#*:}" "${ward%:*}" 2>/dev/null
done
if ! await_end 50; then
  for ward in $wards; do
    kill -s KILL "${ward%:*}" 2>/dev/null
  done
  await_end 20
fi
exit 0
