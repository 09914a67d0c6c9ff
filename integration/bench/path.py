#!/usr/bin/env python3
"""One TCP stream and round trips through the whole path, and through two taps on vde_switch, in turn, in one run.

Ours: a domU's tap, netfront, shared ring, netback, vif, bridge, wire; with the kernel's bridges, with those and the
domU in a process of its own, and with bridges in user space (one in dom0, one for the wire). Theirs: a tap, vde_switch,
a tap. All have the same generator (iperf3, ping), two namespaces, and no CPU pinning. Prints medians and their ratio to
the first row. Arguments choose the rows, and their order.
Needs root, iperf3, vde2, iproute2 and iputils-ping. All traffic stays in namespaces that are gone afterwards.
"""
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile

from common import TOP, Namespace, TcpPair, await_true, run

ROUNDS, SECONDS = 5, 3
INSIDE, OUTSIDE = "192.0.2.11", "192.0.2.1"


class Pair(TcpPair):
    def round_trip(self):
        """The median of 300 round trips, microseconds."""
        text = self.on(INSIDE, "ping", "-c", "300", "-i", "0.005", OUTSIDE)
        return statistics.median(float(t) for t in re.findall(r"time=([\d.]+)", text)) * 1000


class Ours(Pair):
    def __init__(self, name, *options):
        self.enter = {}
        self.directory = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [TOP + "/scripts/bin/passerelle", "lab", "run", self.lab(name), *options,
             "--captures", self.directory.name],
            stdout=subprocess.DEVNULL)
        await_true("the lab's domU", self.find)

    def lab(self, name):
        """A lab file with a name of its own, so that several run at once."""
        with open(TOP + "/integration/bench/path.yaml") as given:
            text = given.read().replace("lab: bench-path", "lab: bench-path-" + name)
        path = os.path.join(self.directory.name, "path.yaml")
        with open(path, "w") as file:
            file.write(text)
        return path

    def find(self):
        if self.process.poll() is not None:
            raise SystemExit("bench path: the lab ended with exit code %d" % self.process.returncode)
        directory = "/proc/%d/fd" % self.process.pid
        for descriptor in os.listdir(directory):
            path = os.path.join(directory, descriptor)
            try:
                if not os.readlink(path).startswith("net:["):
                    continue
                enter = ["nsenter", "--net=" + path, "--"]
                text = run(*enter, "ip", "-brief", "address")
            except (OSError, subprocess.CalledProcessError):
                continue
            for address in (INSIDE, OUTSIDE):
                if " " + address + "/" in text:
                    self.enter[address] = enter
        return len(self.enter) == 2 and self.answers()

    def answers(self):
        command = self.enter[INSIDE] + ["ping", "-c", "1", "-W", "1", OUTSIDE]
        return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0

    def close(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.directory.cleanup()


class Vde(Pair):
    """The switch makes its taps in the first namespace, and the second tap moves."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.namespaces = [Namespace(), Namespace()]
        first, second = (namespace.enter for namespace in self.namespaces)
        self.enter = {INSIDE: first, OUTSIDE: second}
        self.switch = subprocess.Popen(
            first + ["vde_switch", "-s", self.directory.name + "/ctl", "-t", "tap0", "-t", "tap1"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await_true("vde_switch's taps", lambda: "tap1" in run(*first, "ip", "-brief", "link"), 10)
        run(*first, "ip", "link", "set", "tap1", "netns", str(self.namespaces[1].holder.pid))
        for enter, device, address in ((first, "tap0", INSIDE), (second, "tap1", OUTSIDE)):
            run(*enter, "ip", "address", "add", address + "/24", "dev", device)
            run(*enter, "ip", "link", "set", device, "up")

    def close(self):
        self.switch.terminate()
        self.switch.wait()
        for namespace in self.namespaces:
            namespace.close()
        self.directory.cleanup()


def measure(pairs):
    found = {name: {"out": [], "in": [], "rtt": []} for name in pairs}
    for number in range(ROUNDS):
        for name, pair in pairs.items():
            found[name]["out"].append(pair.tcp(INSIDE, OUTSIDE, SECONDS))
            found[name]["in"].append(pair.tcp(OUTSIDE, INSIDE, SECONDS))
            found[name]["rtt"].append(pair.round_trip())
        print("  round %d of %d" % (number + 1, ROUNDS), file=sys.stderr)
    return {name: {key: statistics.median(v) for key, v in values.items()} for name, values in found.items()}


def report(medians):
    first, base = next(iter(medians.items()))
    print("%-16s %14s %14s %12s" % ("", "TCP out Gbit/s", "TCP in Gbit/s", "ping p50 us"))
    for name, values in medians.items():
        print("%-16s %14.2f %14.2f %12.0f" % (name, values["out"], values["in"], values["rtt"]))
    for name, values in medians.items():
        print("%-16s %13.2fx %13.2fx %11.2fx   of %s"
              % (name, values["out"] / base["out"], values["in"] / base["in"], values["rtt"] / base["rtt"], first))


ROWS = {
    "kernel": lambda: Ours("kernel", "--switching=kernel"),
    "process": lambda: Ours("process", "--switching=kernel", "--guests=process"),
    "userspace": lambda: Ours("userspace", "--switching=userspace"),
    "vde_switch": Vde,
}


def main():
    rows = sys.argv[1:] or list(ROWS)
    pairs = {}
    try:
        for row in rows:
            pairs[row] = ROWS[row]()
        report(measure(pairs))
    finally:
        for pair in pairs.values():
            pair.close()


if __name__ == "__main__":
    main()
