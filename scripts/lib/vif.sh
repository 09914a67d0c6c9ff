# What the launchers of vif scripts share: a call goes to the resident agent, or else to a virtual machine of its own, of
# which few run at a time. Sourced by scripts/bin/vif-bridge and its kin.
top=${self%/scripts/bin/*}
. "$top/scripts/lib/calls.sh"

# run_vif_script NAME PATH ARGUMENT...: runs it, and ends as it ends.
run_vif_script() {
  hand_over "$@"
  . "$top/scripts/lib/hotplug.sh"
  # Who only asks how it is used leaves no files, and waits for nobody.
  case " $* " in *' --help '* | *' -h '*) ;; *) take_slot ;; esac
  run_script "$@"
}
