#!/usr/bin/env python3
"""Two hosts of one VLAN on a switch in user space, and one of another: ours, and Open vSwitch's, in turn, in one run.

Each switch has the ends of three veth pairs in a namespace of its own, as access ports, and reads them by packet
sockets; the other ends are the hosts. `passerelle` is the learning bridge that labs use. `openvswitch` is
ovs-vswitchd with datapath_type=netdev, its hosts' devices cutting and summing by themselves, as its manual says;
`openvswitch tso` is the same with userspace-tso-enable, and the devices' offloads. All have the same generator
(iperf3): one TCP stream each way, and the smallest UDP frames as fast as they go, of which the received are counted.
Prints medians and their ratio to the first row, after it saw that the third host hears nothing. Arguments choose rows.
Run by scripts/bench, which says where Open vSwitch lies (PASSERELLE_OVS). All traffic stays in namespaces that are
gone afterwards.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

from common import TOP, Namespace, TcpPair, await_true, java, run

ROUNDS, SECONDS = 5, 3
ADDRESSES = "10.0.0.1", "10.0.0.2", "10.0.0.3"
VLANS = 10, 10, 20
PORTS = ["p%d" % n for n in range(len(VLANS))]
SMALL = 18  # octets of payload that make 60 of a frame


class Switch(TcpPair):
    """The hosts and their cables; what switches is for the kinds."""

    def __init__(self, offloads):
        self.middle = Namespace()
        self.hosts = [Namespace() for _ in ADDRESSES]
        self.enter = {address: host.enter for address, host in zip(ADDRESSES, self.hosts)}
        for port, host, address in zip(PORTS, self.hosts, ADDRESSES):
            self.middle.ip("link add %s type veth peer name eth0 netns %d" % (port, host.holder.pid),
                           "link set %s up gso_max_size 65400" % port)
            host.ip("link set eth0 gso_max_size 65400", "address add %s/24 dev eth0" % address, "link set eth0 up")
            if not offloads:
                host.run("ethtool", "-K", "eth0", "tx", "off", "tso", "off", "gso", "off")
        self.start()
        first, second, third = ADDRESSES
        await_true("an echo through " + type(self).__name__, lambda: self.answers(first, second), 30)
        if self.answers(first, third):
            raise SystemExit("bench vlan: %s lets frames into another VLAN" % type(self).__name__)

    def answers(self, source, target):
        command = self.enter[source] + ["ping", "-c", "1", "-W", "1", target]
        return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0

    def small(self):
        """Thousands of the smallest frames that arrived in a second."""
        before = self.received()
        report = self.iperf(ADDRESSES[0], ADDRESSES[1], SECONDS, "-u", "-b", "0", "-l", str(SMALL))
        return (self.received() - before) / report["end"]["sum"]["seconds"] / 1e3

    def received(self):
        """By the receiver's device: iperf3 counts wrong what a stream's first second lost."""
        statistics_of = json.loads(self.on(ADDRESSES[1], "ip", "-j", "-s", "link", "show", "dev", "eth0"))
        return statistics_of[0]["stats64"]["rx"]["packets"]

    def close(self):
        self.stop()
        for namespace in [self.middle] + self.hosts:
            namespace.close()


class Passerelle(Switch):
    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.process = None
        super().__init__(True)

    def start(self):
        words = ["%s=%d" % pair for pair in zip(PORTS, VLANS)]
        command = java(self.directory.name, "VlanSwitch", *words)
        self.process = subprocess.Popen(self.middle.enter + command, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "switching\n":
            raise SystemExit("bench vlan: our switch does not start")

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.directory.cleanup()


class OpenVSwitch(Switch):
    """With a database and a run directory of its own; nothing of the machine's is asked, or changed."""

    offloads = False

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.processes = []
        super().__init__(self.offloads)

    def start(self):
        here, there = self.directory.name, os.environ["PASSERELLE_OVS"]
        self.environment = dict(
            os.environ, OVS_RUNDIR=here, OVS_LOGDIR=here, OVS_DBDIR=here, OVS_SYSCONFDIR=here,
            PATH="%s/usr/bin:%s/usr/sbin:%s" % (there, there, os.environ["PATH"]),
            LD_LIBRARY_PATH=os.environ["PASSERELLE_OVS_LIBRARIES"])
        self.ovs("ovsdb-tool", "create", here + "/db", there + "/usr/share/openvswitch/vswitch.ovsschema")
        self.keep("ovsdb-server", "--remote=punix:%s/db.sock" % here, "--unixctl=%s/db.ctl" % here, here + "/db")
        await_true("ovsdb", lambda: os.path.exists(here + "/db.sock"), 10)
        self.vsctl("--no-wait", "init", "--", "set", "Open_vSwitch", ".",
                   "other_config:userspace-tso-enable=%s" % str(self.offloads).lower())
        self.keep(there + "/usr/lib/openvswitch-switch/ovs-vswitchd", "--unixctl=%s/switch.ctl" % here,
                  "unix:%s/db.sock" % here)
        words = ["add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev"]
        for port, vlan in zip(PORTS, VLANS):
            words += ["--", "add-port", "br0", port, "tag=%d" % vlan]
        self.vsctl(*words)

    def ovs(self, *command):
        return run(*self.middle.enter, *command, env=self.environment)

    def vsctl(self, *words):
        self.ovs("ovs-vsctl", "--timeout=20", "--db=unix:%s/db.sock" % self.directory.name, *words)

    def keep(self, *command):
        self.processes.append(subprocess.Popen(
            self.middle.enter + list(command), env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL))

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()
        self.directory.cleanup()


class OpenVSwitchTso(OpenVSwitch):
    offloads = True


ROWS = {"passerelle": Passerelle, "openvswitch": OpenVSwitch, "openvswitch-tso": OpenVSwitchTso}


def measure(switches):
    found = {name: {"out": [], "in": [], "small": []} for name in switches}
    for number in range(ROUNDS):
        for name, switch in switches.items():
            found[name]["out"].append(switch.tcp(ADDRESSES[0], ADDRESSES[1], SECONDS))
            found[name]["in"].append(switch.tcp(ADDRESSES[1], ADDRESSES[0], SECONDS))
            found[name]["small"].append(switch.small())
        print("  round %d of %d" % (number + 1, ROUNDS), file=sys.stderr)
    return {name: {key: statistics.median(v) for key, v in values.items()} for name, values in found.items()}


def report(medians):
    first, base = next(iter(medians.items()))
    print("%-16s %14s %14s %16s" % ("", "TCP out Gbit/s", "TCP in Gbit/s", "small, 1000/s"))
    for name, values in medians.items():
        print("%-16s %14.2f %14.2f %16.1f" % (name, values["out"], values["in"], values["small"]))
    for name, values in medians.items():
        ratios = [values[key] / base[key] for key in ("out", "in", "small")]
        print("%-16s %13.2fx %13.2fx %15.2fx   of %s" % (name, *ratios, first))


def main():
    switches = {}
    try:
        for row in sys.argv[1:] or list(ROWS):
            switches[row] = ROWS[row]()
        report(measure(switches))
    finally:
        for switch in switches.values():
            switch.close()


if __name__ == "__main__":
    main()
