# What the launchers of vif scripts share: a call goes to the resident agent, or else to a virtual machine of its own, of
# which few run at a time. Sourced by scripts/bin/vif-bridge and its kin.
top=${self%/scripts/bin/*}
. "$top/scripts/lib/calls.sh"

# run_vif_script NAME PATH ARGUMENT...: runs it, and ends as it ends.
run_vif_script() {
  hand_over "$@"
  . "$top/scripts/lib/hotplug.sh"
  take_slot
  run_script "$@"
}
