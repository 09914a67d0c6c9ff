#!/usr/bin/env python3
"""256 vifs in NAT mode, one after the other: Debian's vif-nat, ours, and ours while the resident agent runs, in one run.

Prints what one of the first and one of the last took, which shows whether a vif's time grows with their number, and
fails when addresses, routes or rules are not as before when all are gone. Each of ours has a port of dom0's that leads
to it. Run by scripts/bench, in network and mount namespaces of its own; PASSERELLE_STOCK is the directory of Xen's
scripts.
"""
import os
import statistics
import subprocess
import time

from common import BIN, STOCK, host_with_agent, run

VIFS, SOME = 256, 32
STOCK_NAT = os.path.join(os.path.dirname(STOCK), "vif-nat")


def backend(domain):
    return "/local/domain/0/backend/vif/%d/0" % domain


def make_host():
    lines = ["link set lo up", "link add eth0 type veth peer name w0", "link set eth0 up", "link set w0 up",
             "address add 192.0.2.10/24 dev eth0"]
    lines += ["link add vif%d.0 type veth peer name guest%d" % (n, n) for n in range(1, VIFS + 1)]
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)
    for domain in range(1, VIFS + 1):
        at = backend(domain)
        run("xenstore-write", at + "/handle", "0", at + "/frontend-id", str(domain), at + "/domain", "d%d" % domain,
            at + "/forward", "tcp:%d:80" % (10000 + domain))


def call(script, more, command, domain):
    """Seconds that one call takes."""
    environment = dict(os.environ, **more, XENBUS_PATH="backend/vif/%d/0" % domain, vif="vif%d.0" % domain)
    begin = time.monotonic()
    done = subprocess.run([script, command, "type_if=vif"], env=environment, stdin=subprocess.DEVNULL, text=True,
                          capture_output=True)
    if done.returncode != 0:
        raise SystemExit("bench nat: %s %s of vif%d.0: %s" % (script, command, domain, done.stderr))
    return time.monotonic() - begin


def state():
    addresses = run("ip", "-o", "-4", "address", "show", "up")
    return addresses, run("ip", "-4", "route", "show", "table", "all"), run("nft", "-s", "list", "ruleset")


def settle(domain):
    """What an original leaves up would be in the next one's way."""
    run("ip", "link", "set", "vif%d.0" % domain, "down")
    run("ip", "address", "flush", "dev", "vif%d.0" % domain)


def round_of(script, more):
    times = {}
    for command in ("online", "offline"):
        times[command] = [call(script, more, command, domain) for domain in range(1, VIFS + 1)]
    for domain in range(1, VIFS + 1):
        settle(domain)
    return times


def row(name, times):
    for command, all_times in times.items():
        first, last = (1000 * statistics.median(some) for some in (all_times[:SOME], all_times[-SOME:]))
        print("%-14s %-8s %12.1f %12.1f %8.2f" % (name, command, first, last, last / first))


def main():
    with host_with_agent(make_host) as agent:
        run(BIN + "network-nat", "start", "netdev=eth0")
        before = state()
        scripts = {"Debian's": (STOCK_NAT, {}), "ours": (BIN + "vif-nat", {}),
                   "ours, agent": (BIN + "vif-nat", agent.environment)}
        print("%-14s %-8s %12s %12s %8s" % ("%d vifs" % VIFS, "", "first, ms", "last, ms", "ratio"))
        for name, (script, more) in scripts.items():
            row(name, round_of(script, more))
            if name != "Debian's" and state() != before:
                raise SystemExit("bench nat: %s: something is left: %s" % (name, state()))


if __name__ == "__main__":
    main()
