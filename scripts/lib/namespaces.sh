# Namespaces for a lab, so that nothing it does can reach the machine's own network. Sourced by scripts/bin/passerelle
# and scripts/check.

# What everybody may have of his own where the host lets him; see user_namespaces(7).
own_namespaces="--user --map-root-user --net --pid"

# choose_namespaces: sets $enter to what runs a command in namespaces of its own, or says why there are none and
# returns 1. Whoever may make a network namespace gets no more than that: nothing forks, the command keeps this
# process's id, gets its signals, and takes the namespace along when it dies.
choose_namespaces() {
  if unshare --net -- true 2>/dev/null; then
    enter="unshare --net --"
  elif refusal=$(own_namespaces_work 2>&1); then
    enter="unshare $own_namespaces -- $top/scripts/lib/hold"
  else
    refuse_namespaces >&2
    return 1
  fi
}

# Tries all that scripts/lib/hold does: some hosts let a user make namespaces, and then do nothing in them.
own_namespaces_work() {
  # shellcheck disable=SC2086
  unshare $own_namespaces -- "$top/scripts/lib/hold" true
}

refuse_namespaces() {
  echo "passerelle: a lab without root needs namespaces of its own, and this host does not give them: $refusal"
  found=
  switch user.max_user_namespaces 0 10000
  switch user.max_net_namespaces 0 10000
  switch user.max_pid_namespaces 0 10000
  switch user.max_mnt_namespaces 0 10000
  switch kernel.unprivileged_userns_clone 0 1
  switch kernel.apparmor_restrict_unprivileged_userns 1 0
  # What is mounted over parts of them keeps the kernel from showing them afresh; see mount_namespaces(7).
  case $refusal in
    "mount: /proc:"* | "mount: /sys:"*)
      found=yes
      echo "A container with parts of /proc and /sys hidden is not enough. Start it with them in sight" \
        "(podman: --security-opt unmask=ALL; docker: --security-opt systempaths=unconfined)."
      ;;
  esac
  [ -n "$found" ] || echo "No sysctl forbids it; a container's seccomp profile or the host's SELinux or AppArmor may."
  echo "Or run it as root."
}

# switch NAME FORBIDS ALLOWS: names a setting that forbids, and how to change it.
switch() {
  file=/proc/sys/$(echo "$1" | tr . /)
  if [ -r "$file" ] && [ "$(cat "$file")" = "$2" ]; then
    found=yes
    echo "$1 is $2. As root: sysctl -w $1=$3"
  fi
}
