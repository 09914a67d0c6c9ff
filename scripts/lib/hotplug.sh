# What the launchers of the hotplug scripts share. Sourced by scripts/bin/network-bridge and its kin.
set -eu

top=${self%/scripts/bin/*}
. "$top/scripts/lib/ready.sh"
if ! recall scripts; then
  . "$top/scripts/lib/jdk.sh"
  . "$top/scripts/lib/system.sh"
  . "$top/scripts/lib/build.sh"
  find_jdk || exit 1
  build_if_needed scripts || exit 1
  recall_jdk || :
fi

# A vif's script is over before a compiler is ready, whose start alone takes 5 ms of processor time, and before it fills
# 8 MB: tables for the heap that the machine's memory would allow take 1 ms. A page that is touched for the first time
# costs 1 to 5 µs, and is a fifth of the script: so the tables of strings and symbols are small, and the C library has one
# arena of memory (as the hooks' has then, too). For the others a host may have thousands of routes. The agent compiles
# what it does for the fourth time, not the 200th, since most hosts have fewer vifs than that.
case ${self##*/} in
  vif-*)
    kind=${self##*/}
    ways="-Xint -Xms16m -Xmn10m -XX:+UnlockExperimentalVMOptions -XX:StringTableSize=1024 -XX:SymbolTableSize=2048"
    export MALLOC_ARENA_MAX=1 MALLOC_TOP_PAD_=1000000
    ;;
  passerelle) kind=agent ways="-XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.02 -Xmx64m" ;;
  *) kind=network ways=-XX:TieredStopAtLevel=1 ;;
esac
if ! find_archive "$kind"; then
  . "$top/scripts/lib/archive.sh"
  archive_if_possible "$kind"
  find_archive "$kind" || :
fi

# libnftables says what went wrong in words alone, of the caller's language.
export LC_ALL=C.UTF-8

# A plan may cut the very session that it was started from: it goes on to its end. What is ignored here is
# ignored in the virtual machine too.
trap '' HUP

. "$top/scripts/lib/slots.sh"

# run_script NAME PATH ARGUMENT...: runs it in this process's place.
run_script() {
  run_java org.passerelle.scripts.Main "$@"
}

# run_java CLASS ARGUMENT...: runs a main class of the scripts in this process's place. The classes are where the JDK's
# own are: for those of a class path the virtual machine makes packages, protection domains and manifests in Java, which
# takes 3 ms. That path has nothing, which is not the caller's CLASSPATH, nor his directory.
run_java() {
  # shellcheck disable=SC2086
  exec ${attend:-} "$JDK/bin/java" $java_flags $ways ${archive:+"-XX:SharedArchiveFile=$archive"} \
    -Djna.boot.library.path="$lib" "-Xbootclasspath/a:$class_path" -Dpasserelle.home="$top" \
    ${alone:+"-Dpasserelle.alone=$alone"} -cp "$lib/none" "$@"
}

# run_guarded NAME PATH ARGUMENT...: runs it, and undoes what it did when it is killed in the middle.
run_guarded() {
  . "$top/scripts/lib/child.sh"
  # The shell lets what is in the background ignore SIGINT; it is to be undone by it. In a session of its own it is
  # not reached by the terminal's Ctrl-C before it is ready for it: this process passes that on.
  attend=
  ! env --default-signal=INT true 2>/dev/null || attend="env --default-signal=INT"
  ! command -v setsid >/dev/null || attend="setsid $attend"
  child='' ended=
  trap 'stop 130' INT
  trap 'stop 143' TERM
  (run_script "$@") <&0 &
  child=$!
  [ -z "$ended" ] || stop "$ended"
  await_child
  if [ "$code" -gt 128 ]; then
    child=
    (run_script recover "$2") || echo "$1: what was left half done is undone by the next run" >&2
    code=${ended:-$code}
  fi
  exit "$code"
}

# stop CODE: ends the child, now or as soon as there is one. A virtual machine that is only just starting would complain
# in words of its own.
stop() {
  ended=$1
  [ -n "$child" ] || return 0
  tries=500
  while kill -0 "$child" 2>/dev/null && [ "$tries" -gt 0 ] && ! is_ready; do
    tries=$((tries - 1))
    sleep 0.01
  done
  kill -TERM "$child" 2>/dev/null || :
}

# is_ready: true once the child undoes what it did when it is told to end; StopSignal names its thread so.
is_ready() {
  for thread in /proc/"$child"/task/*/comm; do
    comm=
    { IFS= read -r comm <"$thread"; } 2>/dev/null || :
    [ "$comm" != can-be-stopped ] || return 0
  done
  return 1
}
