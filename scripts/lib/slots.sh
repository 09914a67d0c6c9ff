# How few scripts run at a time. Sourced by hotplug.sh.

# How many virtual machines there may be at a time for vifs, of which a toolstack may start hundreds at once; each
# takes some 40 MB. There is one more, which took no slot.
slots=3

# The note of being alone, once it is ours.
alone=

# take_slot: waits for one of the slots, a file's lock, which lasts as long as descriptor 8 is open in this process or
# what it becomes: the kernel frees it, however that ends, for one of those who wait. Of two calls at once each finds
# one; of hundreds none asks at each door, since asking takes a program. The directory is root's alone: whoever can open
# a lock can keep it. (An earlier version's, named slots, was not, and who had opened one then may hold it still.)
take_slot() {
  directory=${PASSERELLE_RUN_DIR:-/run/passerelle}/vif-slots
  [ -d "$directory" ] || (umask 077 && mkdir -p "$directory") 2>/dev/null || return 0
  [ -w "$directory" ] || return 0
  ! be_alone "$directory/alone" || return 0
  try_slot $(($$ % slots)) || try_slot $((($$ + 1) % slots)) || flock 8 2>/dev/null || :
}

# be_alone FILE: true when nobody else runs who took no slot: to take one starts a program, for 2 ms, and few scripts have
# another beside them. The file has the pid of who is alone, who removes it at his end (Alone.java). Of one that was
# killed it stays, with a pid that is nobody's; should it become another's, slots are taken until that one ends, too.
be_alone() {
  set -C
  if { echo $$ >"$1"; } 2>/dev/null; then
    alone=$1
  fi
  set +C
  [ -z "$alone" ] || return 0
  pid=
  { IFS= read -r pid <"$1"; } 2>/dev/null || return 1
  [ ! -e "/proc/$pid" ] && { echo $$ >"$1"; } 2>/dev/null && alone=$1
}

# try_slot NUMBER: takes that one if it is free; if not, descriptor 8 is where to wait for it. Where it cannot be opened
# there is none: exec by itself would end the shell then, and command makes it a failure like others.
try_slot() {
  { command exec 8>>"$directory/$1"; } 2>/dev/null || return 1
  flock -n 8
}
