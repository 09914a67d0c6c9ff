#!/usr/bin/env python3
"""Reads a granted page of a domain's memory from outside, knowing only offsets.

  grant_reader.py PID DOMID REFERENCE     prints flags, domid, frame and the page's first 16 bytes as hex
  grant_reader.py PID DOMID REFERENCE HEX writes those bytes at the page's byte 100 first

The offsets are those of struct grant_entry_v1 in Xen's public header grant_table.h.
"""
import mmap
import os
import struct
import sys

PAGE = 4096


def memory_of(pid, domid):
    wanted = "/memfd:passerelle-dom%d (deleted)" % domid
    for fd in os.listdir("/proc/%d/fd" % pid):
        path = "/proc/%d/fd/%s" % (pid, fd)
        try:
            if os.readlink(path) == wanted:
                handle = os.open(path, os.O_RDWR)
                return mmap.mmap(handle, os.fstat(handle).st_size)
        except FileNotFoundError:
            continue
    raise SystemExit("process %d has no %s" % (pid, wanted))


def main(argv):
    pid, domid, reference = (int(word) for word in argv[1:4])
    memory = memory_of(pid, domid)
    flags, to, frame = struct.unpack_from("<HHI", memory, 8 * reference)
    page = PAGE * frame
    if len(argv) > 4:
        written = bytes.fromhex(argv[4])
        memory[page + 100:page + 100 + len(written)] = written
    print(flags, to, frame, memory[page:page + 16].hex())


main(sys.argv)
