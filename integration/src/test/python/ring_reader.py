#!/usr/bin/env python3
"""A reader of the shared rings that shares no code with Passerelle.

It knows only offsets: those of Xen's public headers io/ring.h, io/netif.h and grant_table.h (version 1 entries),
and XenStore's wire format of io/xs_wire.h. It finds a domain's memory as the file memfd:passerelle-dom<N> among
a process's descriptors; grant reference r is the entry at byte 8 * r, and page f lies at byte 4096 * f.

  ring_reader.py PID SOCKET DOMID DEVID sample        prints the producer indices of both rings as JSON
  ring_reader.py PID SOCKET DOMID DEVID watch SECONDS HEXTOKEN
        looks until the token is seen in a granted page, for so long at most, and says whether it was
  ring_reader.py PID SOCKET DOMID DEVID break         writes request_producer + 1000 into the tx ring
"""
import json
import mmap
import os
import socket
import struct
import sys
import time

PAGE = 4096
XS_READ = 2
XS_ERROR = 16
REQ_PROD, RSP_PROD = 0, 8
TX_SLOT, RX_SLOT, RING_START, SLOTS = 12, 8, 64, 256
GTF_PERMIT_ACCESS = 1


class Store:
    """One connection; one question at a time."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)

    def receive(self, length):
        data = b""
        while len(data) < length:
            more = self.socket.recv(length - len(data))
            if not more:
                raise SystemExit("the store closed the connection")
            data += more
        return data

    def read(self, path):
        payload = path.encode() + b"\0"
        self.socket.sendall(struct.pack("<IIII", XS_READ, 1, 0, len(payload)) + payload)
        kind, _, _, length = struct.unpack("<IIII", self.receive(16))
        value = self.receive(length).decode()
        if kind == XS_ERROR:
            raise SystemExit("xenstore read %s: %s" % (path, value.rstrip("\0")))
        return value


class DomainMemory:
    def __init__(self, pid, domid):
        wanted = "/memfd:passerelle-dom%d" % domid
        for fd in os.listdir("/proc/%d/fd" % pid):
            path = "/proc/%d/fd/%s" % (pid, fd)
            try:
                if os.readlink(path).split(" ")[0] == wanted:
                    handle = os.open(path, os.O_RDWR)
                    self.size = os.fstat(handle).st_size
                    self.map = mmap.mmap(handle, self.size)
                    return
            except OSError:
                continue
        raise SystemExit("process %d has no %s" % (pid, wanted))

    def grant(self, reference):
        """The page's frame number, or None when the entry grants nothing."""
        flags, _, frame = struct.unpack_from("<HHI", self.map, 8 * reference)
        if not flags & GTF_PERMIT_ACCESS or (frame + 1) * PAGE > self.size:
            return None
        return frame

    def u32(self, frame, offset):
        return struct.unpack_from("<I", self.map, frame * PAGE + offset)[0]

    def page(self, frame):
        return self.map[frame * PAGE:(frame + 1) * PAGE]


class Vif:
    def __init__(self, pid, store_path, domid, devid):
        store = Store(store_path)
        node = "/local/domain/%d/device/vif/%d/" % (domid, devid)
        self.memory = DomainMemory(pid, domid)
        self.tx = self.memory.grant(int(store.read(node + "tx-ring-ref")))
        self.rx = self.memory.grant(int(store.read(node + "rx-ring-ref")))
        if self.tx is None or self.rx is None:
            raise SystemExit("the ring pages are not granted")

    def sample(self):
        u32 = self.memory.u32
        return {
            "tx_requests": u32(self.tx, REQ_PROD), "tx_responses": u32(self.tx, RSP_PROD),
            "rx_requests": u32(self.rx, REQ_PROD), "rx_responses": u32(self.rx, RSP_PROD),
        }

    def granted_pages(self):
        """The frames that the slots of both rings name, whether they are in use now or were a moment ago."""
        frames = set()
        for slot in range(SLOTS):
            tx = self.memory.u32(self.tx, RING_START + TX_SLOT * slot)
            rx = self.memory.u32(self.rx, RING_START + RX_SLOT * slot + 4)
            for reference in (tx, rx):
                if 8 * (reference + 1) <= self.memory.size:
                    frames.add(self.memory.grant(reference))
        frames.discard(None)
        return frames

    def holds(self, token):
        return any(token in self.memory.page(frame) for frame in self.granted_pages())

    def break_ring(self):
        at = self.tx * PAGE + REQ_PROD
        broken = (self.memory.u32(self.tx, REQ_PROD) + 1000) & 0xFFFFFFFF
        struct.pack_into("<I", self.memory.map, at, broken)


def watch(vif, seconds, token):
    end = time.monotonic() + seconds
    while not (seen := vif.holds(token)) and time.monotonic() < end:
        time.sleep(0.01)
    return {"token_seen": seen}


def main(argv):
    pid, store_path, domid, devid, action = int(argv[1]), argv[2], int(argv[3]), int(argv[4]), argv[5]
    vif = Vif(pid, store_path, domid, devid)
    if action == "sample":
        print(json.dumps(vif.sample()))
    elif action == "watch":
        print(json.dumps(watch(vif, float(argv[6]), bytes.fromhex(argv[7]))))
    elif action == "break":
        vif.break_ring()
        print(json.dumps(vif.sample()))
    else:
        raise SystemExit("unknown action " + action)


if __name__ == "__main__":
    main(sys.argv)
