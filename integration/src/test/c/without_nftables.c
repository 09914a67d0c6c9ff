/*
 * A kernel without nf_tables, for the program that this is preloaded into (LD_PRELOAD): with WITHOUT=nfnetlink there is
 * no netlink to packet filters at all, with WITHOUT=nf_tables the kernel is asked for a part of it that it does not have.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* nfnetlink_acct: nothing here loads it. */
#define UNKNOWN NFNL_SUBSYS_ACCT

static int lacks(const char *what) {
    const char *without = getenv("WITHOUT");
    return without && !strcmp(without, what);
}

int socket(int family, int type, int protocol) {
    int (*next)(int, int, int) = dlsym(RTLD_NEXT, "socket");
    if (family == AF_NETLINK && protocol == NETLINK_NETFILTER && lacks("nfnetlink")) {
        errno = EPROTONOSUPPORT;
        return -1;
    }
    return next(family, type, protocol);
}

static int is_for_nf_tables(int fd, const struct nlmsghdr *message, size_t length) {
    int protocol = 0;
    socklen_t size = sizeof protocol;
    return lacks("nf_tables") && length >= sizeof *message &&
           !getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) && protocol == NETLINK_NETFILTER &&
           NFNL_SUBSYS_ID(message->nlmsg_type) == NFNL_SUBSYS_NFTABLES;
}

ssize_t sendto(int fd, const void *octets, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    ssize_t (*next)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "sendto");
    if (!is_for_nf_tables(fd, octets, length)) {
        return next(fd, octets, length, flags, to, size);
    }
    char copy[length];
    memcpy(copy, octets, length);
    struct nlmsghdr *message = (struct nlmsghdr *)copy;
    message->nlmsg_type = UNKNOWN << 8 | NFNL_MSG_TYPE(message->nlmsg_type);
    return next(fd, copy, length, flags, to, size);
}
