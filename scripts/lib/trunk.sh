# Runs the trunk process, and looks after it. Sourced by scripts/bin/passerelle, after hotplug.sh.

# It carries frames for as long as the host is up: all that the compilers can.
ways="-Xmx64m -XX:+ExitOnOutOfMemoryError"

# The seconds between two tries: twice as many each time, up to these, unless the last one served longer than that.
longest_pause=60

# keep_trunk NIC: runs it until it ends of itself, which is when nothing is left to serve, or it cannot; one that was
# killed, or failed, is started again. The process is told who keeps it: its parent may be another by the time it asks.
keep_trunk() {
  . "$top/scripts/lib/child.sh"
  child='' ended='' pause=1
  trap 'end_trunk 130' INT
  trap 'end_trunk 143' TERM
  while :; do
    began=$(seconds)
    (run_java -Dpasserelle.keeper=$$ org.passerelle.scripts.trunk.Main "$@") <&0 &
    child=$!
    [ -z "$ended" ] || end_trunk "$ended"
    await_child
    child=
    has_failed || exit "$code"
    [ $(($(seconds) - began)) -lt "$longest_pause" ] || pause=1
    [ "$code" = "$failed" ] || echo "the trunk process ended with $code: another one is started in $pause s" >&2
    rest "$pause"
    [ -z "$ended" ] || exit "$ended"
    pause=$((pause * 2))
    [ "$pause" -le "$longest_pause" ] || pause=$longest_pause
  done
}

# With this code it has said why itself, in words that are not to be the last but one.
failed=5

# seconds: since the host was started; the time of day may leap.
seconds() {
  read -r up _ </proc/uptime
  echo "${up%.*}"
}

# rest SECONDS: sleeps so long, or until it is told to end. A second at a time: no signal has to find a sleep that has
# just begun, or ended, and one whose keeper is killed is soon over.
rest() {
  left=$1
  while [ "$left" -gt 0 ] && [ -z "$ended" ]; do
    sleep 1
    left=$((left - 1))
  done
}

# has_failed: false when it ended of its own will, or was told to.
has_failed() {
  [ -z "$ended" ] || return 1
  case $code in
    0 | 1 | 2 | 4 | 130 | 143) return 1 ;;
  esac
}

# end_trunk CODE: ends it, now or as soon as there is one.
end_trunk() {
  ended=$1
  [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || :
}
