#!/usr/bin/env python3
"""How long dom0 cannot be reached while network-bridge starts and stops, by its launcher.

From a host outside, at the other end of a veth pair that is dom0's NIC: a ping every 2 ms and a paced TCP stream, IPv4
and IPv6 each. The gap is the longest time between two answers, or two receipts of the stream, until a second after
the script's end. The stream's octets are counted: it must arrive whole and in order. Medians over the rounds, for
a NIC that keeps its name, for the way of Linux 6.2 and later, which renames links that are up, and for the older one,
which takes them down; and for comparison those of a second in which nothing is done.
Needs root, iproute2 and iputils-ping. All traffic stays in namespaces that are gone afterwards.
"""
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from common import TOP, Namespace, await_true, run

ROUNDS, SETTLE = 5, 1.0
PORT, CHUNK, PAUSE = 7000, 1024, 0.002
COMMANDS = ("idle", "start", "stop")
FAMILIES = {"IPv4": "192.0.2.10", "IPv6": "2001:db8::10"}
BEFORE_6_2 = {"JDK_JAVA_OPTIONS": "-Dos.version=6.1"}
WAYS = {"generation=keep": ("keep", {}), "netloop, links renamed while up": ("netloop", {}),
        "netloop, links down for it": ("netloop", BEFORE_6_2), "rename, links renamed while up": ("rename", {}),
        "rename, links down for it": ("rename", BEFORE_6_2)}


def pattern(offset, length):
    """The stream's octets from an offset on: each group of four is its own number."""
    first = offset // 4
    numbers = b"".join(n.to_bytes(4, "big") for n in range(first, (offset + length + 3) // 4))
    return numbers[offset - 4 * first:][:length]


def receive(address):
    """In dom0: one connection's octets; prints when some came, and at its end how many, all in order."""
    with socket.create_server((address, PORT), family=family(address)) as server:
        print("ready", flush=True)
        connection, _ = server.accept()
    count, times = 0, []
    while data := connection.recv(1 << 16):
        times.append(time.time())
        if data != pattern(count, len(data)):
            raise SystemExit("octets from %d on are not those that were sent" % count)
        count += len(data)
    for moment in times:
        print("%.6f" % moment)
    print("total", count)


def send(address):
    """Outside: a chunk every few milliseconds until SIGTERM; prints how many octets it sent."""
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    count = 0
    with socket.create_connection((address, PORT)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while not asked:
            connection.sendall(pattern(count, CHUNK))
            count += CHUNK
            time.sleep(PAUSE)
    print("total", count)


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


class Stream:
    def __init__(self, dom0, outside, address):
        command = [sys.executable, os.path.abspath(__file__)]
        self.receiver = subprocess.Popen(dom0.enter + command + ["receive", address], stdout=subprocess.PIPE, text=True)
        self.receiver.stdout.readline()
        self.sender = subprocess.Popen(outside.enter + command + ["send", address], stdout=subprocess.PIPE, text=True)

    def end(self):
        """When octets came."""
        self.sender.terminate()
        sent, _ = self.sender.communicate()
        received, _ = self.receiver.communicate()
        lines = received.split("\n")[:-1]
        if self.sender.returncode or self.receiver.returncode or lines[-1:] != sent.split("\n")[:1]:
            raise SystemExit("bench reach: a stream did not survive: sent %s, received %s" % (sent, lines[-1:]))
        return [float(line) for line in lines[:-1]]


class Ping:
    """Its output goes to a file: nobody reads it meanwhile, and a pipe would fill."""

    def __init__(self, outside, address):
        self.output = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(outside.enter + ["ping", "-D", "-n", "-i", str(PAUSE), address],
                                        stdout=self.output)

    def end(self):
        """When answers came."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.output.seek(0)
        with self.output:
            return [float(t) for t in re.findall(r"^\[([\d.]+)\] .*time=", self.output.read(), re.M)]


class Host:
    """dom0 and a host outside, wired."""

    def __init__(self):
        self.dom0, self.outside = Namespace(), Namespace()
        # As systemd has it: what comes in must come from where there is a way back.
        self.dom0.run("sh", "-c", "echo 2 >/proc/sys/net/ipv4/conf/default/rp_filter")
        self.dom0.ip("link set lo up",
                     "link add eth0 type veth peer name w0 netns %d" % self.outside.holder.pid, "link set eth0 up")
        self.outside.ip("link set w0 up", "address add 192.0.2.1/24 dev w0", "address add 2001:db8::1/64 dev w0 nodad")
        self.dom0.ip("address add 192.0.2.10/24 dev eth0", "address add 2001:db8::10/64 dev eth0",
                     "route add default via 192.0.2.1", "-6 route add default via 2001:db8::1")
        for namespace in (self.dom0, self.outside):
            await_true("duplicate detection", lambda ns=namespace: "tentative" not in ns.run("ip", "address"), 20)
        for address in FAMILIES.values():
            self.outside.run("ping", "-c", "1", "-W", "5", address)

    def close(self):
        self.dom0.close()
        self.outside.close()


def network_bridge(host, command, generation, environment):
    """When it began and when it is over: some time after its end. Without a command just that time."""
    begin = time.time()
    if command in ("start", "stop"):
        subprocess.run(host.dom0.enter + [TOP + "/scripts/bin/network-bridge", command, "netdev=eth0",
                                          "generation=" + generation],
                       check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(SETTLE)
    return begin, time.time()


def longest(times, span):
    """The longest gap, in ms; what does not answer at all in the span is as long as it."""
    begin, end = span
    moments = [begin] + [t for t in times if begin <= t <= end] + [end]
    return max(b - a for a, b in zip(moments, moments[1:])) * 1000


def measure(host, generation, environment):
    """{(kind, family, command): gap}, of doing nothing, one start and one stop."""
    kinds = {("ping", name): Ping(host.outside, address) for name, address in FAMILIES.items()}
    kinds.update({("stream", name): Stream(host.dom0, host.outside, address) for name, address in FAMILIES.items()})
    time.sleep(SETTLE)
    spans = {command: network_bridge(host, command, generation, environment) for command in COMMANDS}
    times = {key: kind.end() for key, kind in kinds.items()}
    return {key + (command,): longest(times[key], span) for key in times for command, span in spans.items()}


def report(way, rounds):
    print(way)
    for command in COMMANDS:
        for kind in ("ping", "stream"):
            for name in FAMILIES:
                gaps = [found[kind, name, command] for found in rounds]
                print("  %-6s %-7s %-5s %8.1f ms   (%.1f to %.1f)"
                      % (command, kind, name, statistics.median(gaps), min(gaps), max(gaps)))
    print("  every stream arrived whole and in order")


def main():
    host = Host()
    try:
        with tempfile.TemporaryDirectory() as directory:
            for way, (generation, more) in WAYS.items():
                environment = dict(os.environ, PASSERELLE_RUN_DIR=directory, **more)
                report(way, [measure(host, generation, environment) for _ in range(ROUNDS)])
    finally:
        host.close()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        {"receive": receive, "send": send}[sys.argv[1]](sys.argv[2])
    else:
        main()
