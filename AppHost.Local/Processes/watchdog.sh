# Stops the process groups of the platform when the app host is gone, however it ended. The app host writes
# "add SIGNAL GROUP" and "del GROUP" lines; the end of standard input means that it lives no more.
trap '' INT TERM HUP QUIT
entries=''
while read -r verb first second; do
  case "$verb" in
    add) entries="$entries $first:$second" ;;
    del)
      kept=''
      for entry in $entries; do
        [ "${entry#*:}" = "$first" ] || kept="$kept $entry"
      done
      entries="$kept"
      ;;
  esac
done
for entry in $entries; do
  kill -s "${entry%%:*}" -- "-${entry#*:}" 2>/dev/null
done
rounds=0
while [ "$rounds" -lt 100 ]; do
  alive=''
  for entry in $entries; do
    kill -s 0 -- "-${entry#*:}" 2>/dev/null && alive=1
  done
  [ -n "$alive" ] || exit 0
  sleep 0.1
  rounds=$((rounds + 1))
done
for entry in $entries; do
  kill -s KILL -- "-${entry#*:}" 2>/dev/null
done
