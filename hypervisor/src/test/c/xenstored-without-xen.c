/*
 * Lets Xen's own C xenstored run on a host without Xen, for tests: loaded before it (LD_PRELOAD),
 * this answers the calls that it makes to the hypervisor's libraries when it starts, and gives it
 * files in the place of the two that the kernel's xenfs would have. Its Unix socket then serves
 * ordinary clients. A domain exists when there is a file ring-<domid> of 4096 octets in the
 * daemon's run directory: that is the page which the domain shares with the daemon.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* Handles that are never looked into. */
#define HANDLE(name, result) \
  void *name() { return (void *)(result); }
#define CONSTANT(name, result) \
  int name() { return (result); }

static int wakeups = -1;

HANDLE(xc_interface_open, 16)
CONSTANT(xc_interface_close, 0)
HANDLE(xengnttab_open, 32)
CONSTANT(xengnttab_close, 0)
CONSTANT(xengnttab_set_max_grants, 0)
CONSTANT(xenevtchn_close, 0)
CONSTANT(xenevtchn_bind_interdomain, 7)
CONSTANT(xenevtchn_bind_virq, 8)
CONSTANT(xenevtchn_pending, -1)
CONSTANT(xenevtchn_unmask, 0)
CONSTANT(xenevtchn_notify, 0)
CONSTANT(xenevtchn_unbind, 0)

void *xenevtchn_open() {
  wakeups = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return (void *)48;
}

void *xenevtchn_fdopen() { return xenevtchn_open(); }

int xenevtchn_fd() { return wakeups; }

static int open_ring(uint32_t domain) {
  char path[4096];
  snprintf(path, sizeof path, "%s/ring-%u", getenv("XENSTORED_RUNDIR"), domain);
  return open(path, O_RDWR | O_CLOEXEC);
}

/* The one page that is ever mapped is a domain's ring. */
void *xengnttab_map_grant_ref(void *handle, uint32_t domain, uint32_t reference, int protection) {
  int fd = open_ring(domain);
  if (fd < 0) return NULL;
  void *page = mmap(NULL, 4096, protection, MAP_SHARED, fd, 0);
  close(fd);
  return page == MAP_FAILED ? NULL : page;
}

int xengnttab_unmap(void *handle, void *page, uint32_t count) { return munmap(page, 4096 * count); }

/* xc_dominfo_t begins with the domain's number; the flags behind it, all 0, say that it lives. */
int xc_domain_getinfo(void *handle, uint32_t first, unsigned int most, void *info) {
  int fd = first == 0 ? -1 : open_ring(first);
  if (first != 0 && fd < 0) return 0;
  if (fd >= 0) close(fd);
  memset(info, 0, 12);
  memcpy(info, &first, sizeof first);
  return 1;
}

/* A domain may write some 200 times a second: a thousand times faster a clock, and none waits. */
int clock_gettime(clockid_t clock, struct timespec *now) {
  int (*real)(clockid_t, struct timespec *) =
      (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, now);
  if (clock == CLOCK_MONOTONIC) {
    now->tv_sec = now->tv_sec * 1000 + now->tv_nsec / 1000000;
    now->tv_nsec = now->tv_nsec % 1000000 * 1000;
  }
  return result;
}

/* A file with dom0's event channel, or an empty page for its ring; -2 for any other path. */
static int stand_in(const char *path) {
  int port = !strcmp(path, "/proc/xen/xsd_port") || !strcmp(path, "/dev/xen/xsd_port");
  int page = !strcmp(path, "/proc/xen/xsd_kva") || !strcmp(path, "/dev/xen/xsd_kva");
  if (!port && !page) return -2;
  int fd = memfd_create("xenfs", 0);
  if (fd < 0 || ftruncate(fd, page ? 4096 : 0) || (port && write(fd, "5\n", 2) != 2)) return -1;
  lseek(fd, 0, SEEK_SET);
  return fd;
}

static int open_by(const char *name, const char *path, int flags, mode_t mode) {
  int fd = stand_in(path);
  if (fd != -2) return fd;
  int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  return real(path, flags, mode);
}

#define OPEN(name)                             \
  int name(const char *path, int flags, ...) { \
    va_list rest;                              \
    va_start(rest, flags);                     \
    mode_t mode = va_arg(rest, mode_t);        \
    va_end(rest);                              \
    return open_by(#name, path, flags, mode);  \
  }

OPEN(open)
OPEN(open64)
