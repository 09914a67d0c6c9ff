# Waits for a child whatever happens meanwhile. Sourced by those who have traps: hotplug.sh and hold.

# await_child: sets code to how $child has ended. A signal that is trapped ends the shell's wait before the child.
await_child() {
  code=0
  wait "$child" || code=$?
  while kill -0 "$child" 2>/dev/null; do
    code=0
    wait "$child" || code=$?
  done
}
