# How few scripts run at a time. Sourced by hotplug.sh.

# How many virtual machines there may be at a time for vifs, of which a toolstack may start hundreds at once; each
# takes some 40 MB.
slots=4

# take_slot: waits for one of the slots, a file's lock, which lasts as long as descriptor 8 is open in this process or
# what it becomes: the kernel frees it, however that ends, for one of those who wait. Of two calls at once each finds
# one; of hundreds none asks at each door, since asking takes a program. The directory is root's alone: whoever can open
# a lock can keep it. (An earlier version's, named slots, was not, and who had opened one then may hold it still.)
take_slot() {
  directory=${PASSERELLE_RUN_DIR:-/run/passerelle}/vif-slots
  [ -d "$directory" ] || (umask 077 && mkdir -p "$directory") 2>/dev/null || return 0
  [ -w "$directory" ] || return 0
  try_slot $(($$ % slots)) || try_slot $((($$ + 1) % slots)) || flock 8 2>/dev/null || :
}

# try_slot NUMBER: takes that one if it is free; if not, descriptor 8 is where to wait for it. Where it cannot be opened
# there is none: exec by itself would end the shell then, and command makes it a failure like others.
try_slot() {
  { command exec 8>>"$directory/$1"; } 2>/dev/null || return 1
  flock -n 8
}
