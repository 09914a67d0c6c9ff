#!/usr/bin/env python3
"""256 vif-bridge calls at once, as when a toolstack starts many domains: Debian's own script, ours, and ours while the
resident agent runs, in one run.

Prints how long it took until the last was done, of the 40 s that libxl allows each, and for ours how many virtual
machines ran at a time and how much memory they had. Run by scripts/bench, in network and mount namespaces of its own;
PASSERELLE_STOCK is the directory of Xen's scripts.
"""
import os
import statistics
import subprocess
import time

from common import OURS, STOCK, host_with_agent, run

VIFS, ROUNDS = 256, 1
PAGE = os.sysconf("SC_PAGE_SIZE")


def backend(domain):
    return "/local/domain/0/backend/vif/%d/0" % domain


def make_host():
    lines = ["link set lo up", "link add xenbr0 type bridge", "link set xenbr0 up"]
    lines += ["link add vif%d.0 type veth peer name guest%d" % (n, n) for n in range(1, VIFS + 1)]
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)
    for domain in range(1, VIFS + 1):
        run("xenstore-write", backend(domain) + "/handle", "0", backend(domain) + "/bridge", "xenbr0")


def start(script, more, command, domain):
    environment = dict(os.environ, **more, XENBUS_PATH="backend/vif/%d/0" % domain, vif="vif%d.0" % domain)
    return subprocess.Popen([script, command, "type_if=vif"], env=environment, stdin=subprocess.DEVNULL)


def resident(process):
    """Octets of a child that is a virtual machine by now; else 0."""
    try:
        if not os.readlink("/proc/%d/exe" % process.pid).endswith("/java"):
            return 0
        with open("/proc/%d/statm" % process.pid) as file:
            return int(file.read().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def at_once(script, more, command):
    """Seconds to the end of the last, the most virtual machines at a time, and their octets."""
    begin, machines, octets = time.monotonic(), 0, 0
    all_of_them = [start(script, more, command, domain) for domain in range(1, VIFS + 1)]
    alive = all_of_them
    while alive := [process for process in alive if process.poll() is None]:
        sizes = [size for size in map(resident, alive) if size]
        machines, octets = max(machines, len(sizes)), max(octets, sum(sizes))
        time.sleep(0.05)
    took = time.monotonic() - begin
    failed = sum(process.returncode != 0 for process in all_of_them)
    if failed:
        raise SystemExit("bench many: %d of %d calls of %s %s failed" % (failed, VIFS, script, command))
    return took, machines, octets


def round_of(script, more):
    for domain in range(1, VIFS + 1):
        run("xenstore-write", backend(domain) + "/hotplug-status", "")
    online = at_once(script, more, "online")
    lost = [n for n in range(1, VIFS + 1)
            if run("xenstore-read", backend(n) + "/hotplug-status").strip() != "connected"]
    ports = len(os.listdir("/sys/class/net/xenbr0/brif"))
    if lost or ports != VIFS:
        raise SystemExit("bench many: %s: not connected: %s; %d ports" % (script, lost, ports))
    return online, at_once(script, more, "offline")


def main():
    with host_with_agent(make_host) as agent:
        scripts = {"Debian's": (STOCK, {}), "ours": (OURS, {}), "ours, agent": (OURS, agent.environment)}
        found = {name: [] for name in scripts}
        for _ in range(ROUNDS):
            for name, (script, more) in scripts.items():
                found[name].append(round_of(script, more))
        print("the agent's memory: %.1f MB" % agent.close())
    print("%-12s %18s %18s %22s" % ("%d at once" % VIFS, "online, s", "offline, s", "machines, MB at most"))
    for name, rounds in found.items():
        both = [one for pair in rounds for one in pair]
        print("%-12s %18.1f %18.1f %12d %9.0f" % (
            name, statistics.median(online[0] for online, _ in rounds),
            statistics.median(offline[0] for _, offline in rounds),
            max(machines for _, machines, _ in both), max(octets for _, _, octets in both) / 1e6))


if __name__ == "__main__":
    main()
