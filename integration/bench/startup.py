#!/usr/bin/env python3
"""How long vif-bridge takes from start to exit: Debian's own (xen-utils-common) and ours, in turn, in one run.

Both do the same work on the same vif and bridge, in a network namespace of this run, ask the same C xenstored and log
to the same /dev/log. Prints medians, and the floors below both: a shell and a virtual machine that do nothing.
Run by scripts/bench, in network and mount namespaces of its own; PASSERELLE_STOCK is the directory of Xen's scripts.
"""
import os
import statistics
import sys
import time

from common import OURS, STOCK, XenStored, private_files, run

ROUNDS, WARM_UP = 30, 3
VIF, BRIDGE, BACKEND = "vif1.0", "xenbr0", "/local/domain/0/backend/vif/1/0"
FIND_JDK = '. "${0%/bin/*}/lib/jdk.sh"; find_jdk && echo "$JDK/bin/java"'
NULL = os.open("/dev/null", os.O_RDWR)


def make_host():
    for line in ("link set lo up", "link add %s type bridge" % BRIDGE, "link set %s up" % BRIDGE,
                 "link add %s type veth peer name guest" % VIF, "link set guest up"):
        run("ip", *line.split())
    run("xenstore-write", BACKEND + "/frontend-id", "1", BACKEND + "/handle", "0", BACKEND + "/bridge", BRIDGE,
        BACKEND + "/mac", "00:16:3e:00:00:01", BACKEND + "/frontend", "/local/domain/1/device/vif/0")


def timed(command, environment):
    """Milliseconds from start to exit, which must be a success."""
    begin = time.perf_counter()
    child = os.posix_spawn(
        command[0], command, environment, file_actions=[(os.POSIX_SPAWN_DUP2, NULL, descriptor) for descriptor in (0, 1)])
    _, status = os.waitpid(child, 0)
    took = (time.perf_counter() - begin) * 1000
    if status:
        raise SystemExit("bench startup: %s: exit code %d" % (" ".join(command), os.waitstatus_to_exitcode(status)))
    return took


def vif_bridge(script, environment):
    """Milliseconds of online and of offline."""
    found = []
    for command, connected in (("online", True), ("offline", False)):
        run("xenstore-write", BACKEND + "/hotplug-status", "")
        found.append(timed([script, command, "type_if=vif"], environment))
        if connected and run("xenstore-read", BACKEND + "/hotplug-status").strip() != "connected":
            raise SystemExit("bench startup: %s did not say connected" % script)
        if ("master " + BRIDGE in run("ip", "link", "show", VIF)) != connected:
            raise SystemExit("bench startup: %s %s left the vif elsewhere" % (script, command))
    return found


def measure(scripts, floors, environment):
    found = {name: ([], []) for name in scripts}
    found.update({name: ([],) for name in floors})
    for number in range(WARM_UP + ROUNDS):
        for name, script in scripts.items():
            times = vif_bridge(script, environment)
            if number >= WARM_UP:
                for values, value in zip(found[name], times):
                    values.append(value)
        for name, command in floors.items():
            if number >= WARM_UP:
                found[name][0].append(timed(command, environment))
    return found


def report(found):
    print("%-30s %22s %22s" % ("ms, median (lowest, highest)", "vif-bridge online", "vif-bridge offline"))
    for name, columns in found.items():
        print("%-30s" % name + "".join(
            " %8.1f (%5.1f, %5.1f)" % (statistics.median(v), min(v), max(v)) for v in columns))


def main():
    private_files()
    store = XenStored()
    try:
        make_host()
        environment = dict(os.environ, XENBUS_PATH="backend/vif/1/0", XENBUS_BASE_PATH="backend", XENBUS_TYPE="vif",
                           vif=VIF)
        scripts = {"Debian's": STOCK, "ours": OURS}
        java = run("sh", "-c", FIND_JDK, OURS).strip()
        floors = {"floor: sh -c true": ["/bin/sh", "-c", "true"],
                  "floor: java --version": [java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                                           "--version"]}
        report(measure(scripts, floors, environment))
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
