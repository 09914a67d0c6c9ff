"""What the benchmarks share: commands, waiting, namespaces that die with us, a XenStore without Xen."""
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NAME = os.path.splitext(os.path.basename(sys.argv[0]))[0]

# Ours as a host has them, which need not look whether a source is newer.
BIN = os.environ.get("PASSERELLE_INSTALLED", TOP) + "/scripts/bin/"
OURS, STOCK = BIN + "vif-bridge", os.environ.get("PASSERELLE_STOCK", "") + "/vif-bridge"


# How the launchers start the virtual machine for network-*: the runtime, the options, the class path; and the JDK.
MACHINE = """top=$0; . "$top/scripts/lib/ready.sh"; recall scripts && find_archive network || exit 1
echo "$JDK/bin"
echo $java_flags -XX:TieredStopAtLevel=1 -XX:SharedArchiveFile="$archive" -Djna.boot.library.path="$lib" \
  "-Xbootclasspath/a:$class_path"
echo "$class_path"
echo "$built_with/bin"
"""


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def await_true(what, test, seconds=120):
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            raise SystemExit("bench %s: %s did not come about within %d s" % (NAME, what, seconds))
        time.sleep(0.1)


def private_files():
    """What the scripts write, and the log that they write to, are this run's alone."""
    run("mount", "-t", "sysfs", "sysfs", "/sys")
    for directory in ("/run", "/var/log"):
        run("mount", "-t", "tmpfs", "tmpfs", directory)
    os.makedirs("/var/log/xen")
    os.mkdir("/run/dev")
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        open("/run/dev/" + name, "w").close()
        run("mount", "--bind", "/dev/" + name, "/run/dev/" + name)
    os.symlink("/proc/self/fd", "/run/dev/fd")
    run("mount", "--rbind", "/run/dev", "/dev")
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.bind("/dev/log")
    threading.Thread(target=read_forever, args=(log,), daemon=True).start()


def read_forever(log):
    while True:
        log.recv(4096)


class Namespace:
    """A network namespace, kept by a process that sleeps in it; `enter` is the command prefix that enters it."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        own, path = os.readlink("/proc/self/ns/net"), "/proc/%d/ns/net" % self.holder.pid
        await_true("a namespace", lambda: os.readlink(path) != own, 10)
        self.enter = ["nsenter", "--target", str(self.holder.pid), "--net", "--"]

    def run(self, *command):
        return run(*self.enter, *command)

    def ip(self, *lines):
        for line in lines:
            self.run("ip", *line.split())

    def close(self):
        self.holder.terminate()
        self.holder.wait()


def virtual_machine():
    return run("sh", "-c", MACHINE, TOP).splitlines()


def java(directory, name, *words):
    """The command of a program of this directory, compiled into the directory; with all that the compilers can."""
    _, _, class_path, jdk = virtual_machine()
    run(jdk + "/javac", "-cp", class_path, "-d", directory, "%s/integration/bench/%s.java" % (TOP, name))
    return [jdk + "/java", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
            directory + ":" + class_path, name, *words]


class TcpPair:
    """Two hosts or more: `enter[address]` is the command prefix that runs a program on the one with that address."""

    enter = {}

    def on(self, address, *command):
        return run(*self.enter[address], *command)

    def iperf(self, source, target, seconds, *words):
        """iperf3's report of what went from one to the other in that time."""
        server = subprocess.Popen(self.enter[target] + ["iperf3", "-s", "-1"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        try:
            await_true("iperf3's server", lambda: ":5201 " in self.on(target, "ss", "-ltn"))
            return json.loads(
                self.on(source, "iperf3", "-c", target, "-t", str(seconds), "-J", *words))
        finally:
            server.terminate()
            server.wait()

    def tcp(self, source, target, seconds):
        """Gbit/s that the receiver got."""
        return self.iperf(source, target, seconds, "-O", "1")["end"]["sum_received"]["bits_per_second"] / 1e9


class XenStored:
    """Xen's C xenstored (PASSERELLE_XENSTORED names it), without Xen, as the tests run it."""

    SHIM = TOP + "/hypervisor/src/test/c/xenstored-without-xen.c"

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        here = self.directory.name
        run("gcc", "-shared", "-fPIC", "-O1", "-o", here + "/shim.so", self.SHIM, "-ldl")
        self.path = here + "/socket"
        self.process = subprocess.Popen(
            [os.environ["PASSERELLE_XENSTORED"], "-N", "--pid-file", here + "/pid"],
            env=dict(os.environ, LD_PRELOAD=here + "/shim.so", XENSTORED_RUNDIR=here, XENSTORED_ROOTDIR=here,
                     XENSTORED_PATH=self.path),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await_true("xenstored's socket", lambda: os.path.exists(self.path), 10)
        os.environ["XENSTORED_PATH"] = self.path

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.directory.cleanup()


class Agent:
    """Our resident agent, with a run directory of its own: whoever has `environment` hands it his calls."""

    def __init__(self):
        # Where a host has it, too: in memory, which has no journal of its own to wait for.
        self.directory = tempfile.TemporaryDirectory(dir="/run")
        self.environment = {"PASSERELLE_RUN_DIR": self.directory.name}
        self.process = subprocess.Popen([BIN + "passerelle", "agent"],
                                        env=dict(os.environ, **self.environment), stderr=subprocess.DEVNULL)
        await_true("the agent", lambda: os.path.exists(self.directory.name + "/calls/0/token"), 30)
        self.megabytes = None

    def close(self):
        """Ends it, and returns how much memory it had at most, in MB."""
        if self.megabytes is None:
            self.process.terminate()
            _, status, used = os.wait4(self.process.pid, 0)
            self.process.returncode = os.waitstatus_to_exitcode(status)
            self.directory.cleanup()
            self.megabytes = used.ru_maxrss * 1024 / 1e6
        return self.megabytes


@contextlib.contextmanager
def host_with_agent(make_host):
    """A XenStore, the host that make_host makes, and the resident agent beside it; afterwards all are gone."""
    private_files()
    store = XenStored()
    try:
        make_host()
        # The libraries are xenstored's alone.
        os.environ.pop("LD_LIBRARY_PATH", None)
        agent = Agent()
        try:
            yield agent
        finally:
            agent.close()
    finally:
        store.close()
