#!/usr/bin/env python3
"""How long the scripts take from start to exit, and how much memory: Debian's own and ours, in turn, in one run.

vif-bridge, vif-route and vif-nat: all do the same work on the same vif, in a network namespace of this run, ask the
same C xenstored and log to the same /dev/log; Debian's also with XenStore clients that answer at once, which is what
ours are compared with, one by one and through the resident agent. Below them, for a measure, a shell and a virtual
machine that do nothing. Then 1000 bridges with a port each, as one plan of ours and as one `ip -batch`.
Run by scripts/bench, in network and mount namespaces of its own; PASSERELLE_STOCK is the directory of Xen's scripts.
"""
import os
import shutil
import statistics
import sys
import tempfile
import time

from common import BIN, STOCK, TOP, Agent, Namespace, XenStored, private_files, run, virtual_machine

ROUNDS, WARM_UP, PLAN_ROUNDS, LINKS = 30, 3, 3, 1000
BRIDGE = "xenbr0"
# Each script with a vif of its own, by its domain's number.
DOMAINS = {"vif-bridge": 1, "vif-route": 2, "vif-nat": 3}
# What the environment says, for who has no XenStore.
WORDS = {"vif-route": {"ip": "192.0.2.77"}}
# Of the links that a plan of ours makes (Ownership.GROUP).
GROUP = str(0x5057)
CLIENTS = ("read", "write", "exists", "list", "rm")
NULL = os.open("/dev/null", os.O_RDWR)
STUBS = "Debian's, instant XenStore"


def vif(domain):
    return "vif%d.0" % domain


def backend(domain):
    return "/local/domain/0/backend/vif/%d/0" % domain


def make_host():
    """A bridge, and eth0 with the address that vif-route gives its vifs."""
    for line in ("link set lo up", "link add %s type bridge" % BRIDGE, "link set %s up" % BRIDGE,
                 "link add eth0 type veth peer name wire", "link set eth0 up", "link set wire up",
                 "address add 192.0.2.1/24 dev eth0"):
        run("ip", *line.split())
    for domain in DOMAINS.values():
        run("ip", "link", "add", vif(domain), "type", "veth", "peer", "name", "guest%d" % domain)
        run("ip", "link", "set", "guest%d" % domain, "up")
        at = backend(domain)
        run("xenstore-write", at + "/frontend-id", str(domain), at + "/handle", "0", at + "/bridge", BRIDGE,
            at + "/mac", "00:16:3e:00:00:%02x" % domain, at + "/frontend", "/local/domain/%d/device/vif/0" % domain,
            at + "/domain", "guest%d" % domain)


def is_attached(domain):
    """A port, or the way to an address."""
    return "master " + BRIDGE in run("ip", "link", "show", vif(domain)) or run("ip", "route", "show", "dev", vif(domain)) != ""


def with_stubs(directory):
    """Debian's scripts, whose XenStore clients are stubs: a copy that looks for programs there first."""
    clients, scripts = directory + "/clients", directory + "/scripts"
    os.mkdir(clients)
    run("gcc", "-static", "-O1", "-o", clients + "/stub", TOP + "/integration/bench/xenstore-stub.c")
    for client in CLIENTS:
        os.link(clients + "/stub", clients + "/xenstore-" + client)
    shutil.copytree(os.path.dirname(STOCK), scripts)
    run("sed", "-i", "s|^bindir=.*|bindir=%s|" % clients, scripts + "/hotplugpath.sh")
    return scripts + "/"


def timed(command, environment):
    """Milliseconds from start to exit, which must be a success, and the most memory that a process of it had, in MB."""
    begin = time.perf_counter()
    child = os.posix_spawn(
        command[0], command, environment, file_actions=[(os.POSIX_SPAWN_DUP2, NULL, descriptor) for descriptor in (0, 1)])
    _, status, used = os.wait4(child, 0)
    took = (time.perf_counter() - begin) * 1000
    if status:
        raise SystemExit("bench scripts: %s: exit code %d" % (" ".join(command), os.waitstatus_to_exitcode(status)))
    return took, used.ru_maxrss * 1024 / 1e6


def calls(name, script, domain, environment):
    """What online and offline took."""
    environment = dict(environment, XENBUS_PATH="backend/vif/%d/0" % domain, vif=vif(domain))
    found = []
    for command, connected in (("online", True), ("offline", False)):
        run("xenstore-write", backend(domain) + "/hotplug-status", "")
        found.append(timed([script, command, "type_if=vif"], environment))
        status = run("xenstore-read", backend(domain) + "/hotplug-status").strip()
        if connected and name != STUBS and status != "connected":
            raise SystemExit("bench scripts: %s did not say connected" % script)
        if is_attached(domain) != connected:
            raise SystemExit("bench scripts: %s %s left the vif elsewhere" % (script, command))
    # What the original vif-route and vif-nat leave would be in the next one's way.
    run("ip", "link", "set", vif(domain), "down")
    run("ip", "address", "flush", "dev", vif(domain))
    return found


def measure(script, ways, floors, environment):
    """Of each name, a list of what each round found."""
    found = {name: [] for name in (*ways, *floors)}
    for number in range(WARM_UP + ROUNDS):
        rounds = {name: calls(name, directory + script, DOMAINS[script], dict(environment, **WORDS.get(script, {}), **more))
                  for name, (directory, more) in ways.items()}
        rounds.update({name: [timed(command, environment)] for name, command in floors.items()})
        if number >= WARM_UP:
            for name, values in rounds.items():
                found[name].append(values)
    return found


def column(rounds, number):
    return [values[number][0] for values in rounds]


def cell(times, against):
    return "%7.1f (%5.1f, %5.1f) %5.2f" % (
        statistics.median(times), min(times), max(times), statistics.median(times) / statistics.median(against))


def report(script, found):
    head = "ms, median (lowest, highest), ratio"
    print("%-36s %28s %28s %9s" % (head, script + " online", script + " offline", "MB"))
    for name, rounds in found.items():
        cells = [cell(column(rounds, n), column(found[STUBS], n)) for n in range(len(rounds[0]))]
        memory = max(value[1] for values in rounds for value in values)
        print("%-36s %28s %28s %9.1f" % (name, cells[0], cells[1] if len(cells) > 1 else "", memory))
    print()


def links(machine):
    """Milliseconds of 1000 bridges, each with a veth pair's end as a port, as `ip -batch` and as one plan."""
    java, options, class_path, jdk = machine
    lines = []
    for n in range(LINKS):
        lines += ["link add br%d group %s type bridge stp_state 0 forward_delay 0" % (n, GROUP),
                  "link add va%d group %s type veth peer name vb%d group %s" % (n, GROUP, n, GROUP),
                  "link set va%d master br%d" % (n, n)]
    with tempfile.TemporaryDirectory() as directory:
        with open(directory + "/batch", "w") as batch:
            batch.write("\n".join(lines))
        run(jdk + "/javac", "-cp", class_path, "-d", directory, TOP + "/integration/bench/ManyLinks.java")
        commands = {"ip -batch": ["ip", "-batch", batch.name],
                    "one plan": [java + "/java", *options.split(), "-cp", directory, "ManyLinks", str(LINKS)]}
        found = {name: [] for name in commands}
        for _ in range(PLAN_ROUNDS):
            for name, command in commands.items():
                found[name].append(in_namespace(command))
    return found


def in_namespace(command):
    """What a command takes in an empty namespace, by its own clock if it says so."""
    namespace = Namespace()
    try:
        begin = time.perf_counter()
        said = namespace.run(*command)
        took = float(said) if said else (time.perf_counter() - begin) * 1000
        # That many keep the kernel busy for seconds, which would be the next command's if the namespace just ended.
        namespace.run("ip", "link", "delete", "group", GROUP)
        return took
    finally:
        namespace.close()


def report_links(found):
    print("\n%-36s %28s" % ("ms, median (lowest, highest), ratio", "%d bridges with a port" % LINKS))
    for name, times in found.items():
        print("%-36s %28s" % (name, cell(times, found["ip -batch"])))
    print("ip from start to exit; the plan made and carried out in a virtual machine just started.")


def main():
    private_files()
    machine = virtual_machine()
    store = XenStored()
    try:
        # The C xenstored is unpacked, not installed, and needs to be told of its libraries. Programs that are not
        # would be looked up there in vain, which is slow for a script that starts thirty.
        os.environ.pop("LD_LIBRARY_PATH", None)
        make_host()
        environment = dict(os.environ, XENBUS_BASE_PATH="backend", XENBUS_TYPE="vif")
        floors = {"floor: sh -c true": ["/bin/sh", "-c", "true"],
                  "floor: java --version": [machine[0] + "/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                                            "--version"]}
        with tempfile.TemporaryDirectory() as directory:
            agent = Agent()
            ways = {"Debian's": (os.path.dirname(STOCK) + "/", {}), STUBS: (with_stubs(directory), {}),
                    "ours, one-shot": (BIN, {}), "ours, through the agent": (BIN, agent.environment)}
            for script in DOMAINS:
                report(script, measure(script, ways, floors, environment))
            print("MB: the largest process; at least this program's own, which started them.")
            print("the agent's memory: %.1f MB" % agent.close())
        report_links(links(machine))
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
