# How a launcher hands its call over to the resident agent, where one is. Sourced by the launchers of vif scripts, which
# come first of all here: no program is started, so that a call takes a few milliseconds. The pipes and the lines are
# described in the package org.passerelle.scripts.agent.

# hand_over NAME PATH ARGUMENT...: has the agent run the script, and ends with its exit code. Returns where there is no
# agent for this call, or it ended meanwhile: then the script is to be run here, from the beginning.
hand_over() {
  calls=${PASSERELLE_RUN_DIR:-/run/passerelle}/calls
  # One of two lanes, so that one of us talks to the agent while it works for another.
  lane=$calls/$(($$ % 2))
  [ -p "$lane/token" ] && [ -O "$calls" ] || return 0
  IFS= read -r agent <"$calls/agent" || return 0
  # It acts in its own network namespace. One that was started before the last build runs the one before.
  [ "/proc/$agent/ns/net" -ef "/proc/$$/ns/net" ] && [ ! "$top/scripts/target/lib/built" -nt "$calls/agent" ] || return 0
  # The host's hooks take their time, and what they print is for whoever called.
  for hook in "${XEN_SCRIPT_DIR:-/etc/xen/scripts}"/vif-post.d/*.hook; do
    [ ! -x "$hook" ] || return 0
  done
  write_request "$@" || return 0
  # An agent that dies while we write to it must not end us.
  trap '' PIPE
  # While we wait for our turn the pipes may be made anew: for the sake of one who died in his.
  turn='' tries=3
  while [ -z "$turn" ] && [ "$tries" -gt 0 ] && open_pipes 2>/dev/null; do
    exchange
    tries=$((tries - 1))
  done
  exec 5<&- 6<&- 7>&-
  trap - PIPE
}

# write_request NAME PATH ARGUMENT...: sets request; false for what is not the agent's to do, and for what a line cannot
# hold, or one write.
write_request() {
  request="call $$ $1${newline}path $2"
  shift 2
  for word; do
    case $word in *"$newline"* | -*) return 1 ;; esac
    request="$request${newline}word $word"
  done
  for name in vif XENBUS_PATH XENBUS_TYPE XENBUS_BASE_PATH type_if INTERFACE UDEV_CALL XEN_LOG_DIR \
    XENSTORED_PATH XENSTORED_RUNDIR bridge ip netdev main_ip forward antispoof dhcp services switching; do
    eval "value=\${$name-}"
    case $value in *"$newline"*) return 1 ;; esac
    [ -z "$value" ] || request="$request${newline}with $name=$value"
  done
  [ "${#request}" -lt 2000 ]
}

newline='
'

# Opens token as 5, reply as 6 and request as 7: both ways first, which waits for nobody, then one way alone. So the end
# of an agent that is gone can be seen.
open_pipes() {
  [ -p "$lane/token" ] && [ -p "$lane/reply" ] && [ -p "$lane/request" ] &&
    command exec 8<>"$lane/token" 5<"$lane/token" 8<&- &&
    command exec 8<>"$lane/reply" 6<"$lane/reply" 8<&- &&
    command exec 8<>"$lane/request" 7>"$lane/request" 8<&-
}

# exchange: ends with the script's exit code, once it is known. Sets turn once we have it.
exchange() {
  read -r line <&5 || return 0
  turn=ours
  printf '%s\nend\n' "$request" >&7 2>/dev/null || return 0
  read -r answered code <&6 && [ "$answered" = $$ ] || return 0
  said=
  while IFS= read -r line <&6 && [ "$line" != end ]; do
    said="$said${line#|}$newline"
  done
  [ "$line" = end ] && [ "$code" != - ] || return 0
  printf %s "$said" >&2
  exit "$code"
}
