/*
 * A kernel without the bridge module, for the program that this is preloaded into (LD_PRELOAD): whoever asks rtnetlink
 * for a link of kind "bridge" gets the kernel's own answer to one that it does not know.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define KIND "bridge"
#define UNKNOWN "absent"

static struct rtattr *find(struct rtattr *attribute, int left, unsigned short type) {
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        if ((attribute->rta_type & NLA_TYPE_MASK) == type) {
            return attribute;
        }
    }
    return NULL;
}

static void hide(struct nlmsghdr *message) {
    struct ifinfomsg *link = NLMSG_DATA(message);
    struct rtattr *info = find(IFLA_RTA(link), IFLA_PAYLOAD(message), IFLA_LINKINFO);
    struct rtattr *kind = info ? find(RTA_DATA(info), RTA_PAYLOAD(info), IFLA_INFO_KIND) : NULL;
    if (kind && RTA_PAYLOAD(kind) >= strlen(KIND) && !memcmp(RTA_DATA(kind), KIND, strlen(KIND))) {
        memcpy(RTA_DATA(kind), UNKNOWN, strlen(UNKNOWN));
    }
}

ssize_t sendto(int fd, const void *octets, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    ssize_t (*next)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "sendto");
    const struct nlmsghdr *message = octets;
    if (!to || to->sa_family != AF_NETLINK || length < NLMSG_LENGTH(sizeof(struct ifinfomsg)) ||
        message->nlmsg_type != RTM_NEWLINK) {
        return next(fd, octets, length, flags, to, size);
    }
    char copy[length];
    memcpy(copy, octets, length);
    hide((struct nlmsghdr *)copy);
    return next(fd, copy, length, flags, to, size);
}
