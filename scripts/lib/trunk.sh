# Runs the trunk process, and looks after it. Sourced by scripts/bin/passerelle, after hotplug.sh.

# It carries frames for as long as the host is up: all that the compilers can.
compiler="-Xmx64m -XX:+ExitOnOutOfMemoryError"

# keep_trunk NIC: runs it until it ends of itself, which is when nothing is left to serve, or it cannot; one that was
# killed, or failed, is started again.
keep_trunk() {
  . "$top/scripts/lib/child.sh"
  child='' ended=
  trap 'end_trunk 130' INT
  trap 'end_trunk 143' TERM
  while :; do
    (run_java org.passerelle.scripts.trunk.Main "$@") <&0 &
    child=$!
    [ -z "$ended" ] || end_trunk "$ended"
    await_child
    child=
    has_failed || exit "$code"
    echo "the trunk process ended with $code: another one is started" >&2
    # Whatever kills it again and again is not to have the whole processor.
    sleep 1
    [ -z "$ended" ] || exit "$ended"
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
