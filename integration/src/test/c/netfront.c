/*
 * A netfront in C that shares no code with Passerelle: it enters at a domain's door (the protocol is drawn in the
 * documentation of the package hypervisor.embedded), speaks XenStore's wire protocol and the rings of Xen's io/netif.h,
 * and answers ARP and ping.
 *
 *   netfront DOOR ADDRESS [ring|door|length|unread|ports|full|storm]
 *
 * The last argument makes it hostile once it is connected. It prints a line for each step and ends with the host.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAGE = 4096, SLOTS = 256, MOST = 65536, VIF = 0 };
enum { HELLO = 1, ALLOCATE = 2 };
enum { XS_READ = 2, XS_WATCH = 4, XS_BEGIN = 6, XS_END = 7, XS_WRITE = 11, XS_EVENT = 15 };
enum { TX_MORE = 4, RX_MORE = 4 };

struct message { uint32_t type; int32_t status; uint32_t word[4]; };
struct grant { uint16_t flags, domid; uint32_t frame; };
struct ring { uint32_t req_prod, req_event, rsp_prod, rsp_event; uint8_t pad[48]; uint8_t slots[]; };
struct tx_request { uint32_t gref; uint16_t offset, flags, id, size; };
struct tx_response { uint16_t id; int16_t status; };
struct rx_request { uint16_t id, pad; uint32_t gref; };
struct rx_response { uint16_t id, offset, flags; int16_t status; };

static int door, store, events, kick;
static uint8_t *memory;
static uint32_t next_frame, next_grant = 8, request_id;
static struct ring *tx, *rx;
static uint32_t tx_made, tx_seen, rx_made, rx_seen;
static uint32_t tx_page[SLOTS], tx_gref[SLOTS], rx_page[SLOTS], rx_gref[SLOTS];
static char backend[4097];
static uint8_t mac[6], address[4];

static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("\n");
  fflush(stdout);
  exit(1);
}

static void say(const char *what) {
  printf("%s\n", what);
  fflush(stdout);
}

/* ---- the door ---- */

static int enter(const char *path) {
  struct sockaddr_un where = {.sun_family = AF_UNIX};
  strncpy(where.sun_path, path, sizeof where.sun_path - 1);
  int made = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (connect(made, (struct sockaddr *)&where, sizeof where) < 0) die("connect %s: %s", path, strerror(errno));
  return made;
}

static struct message ask(uint32_t type, uint32_t word, int *descriptors) {
  struct message request = {.type = type, .word = {word}}, reply;
  union { char room[CMSG_SPACE(2 * sizeof(int))]; struct cmsghdr align; } control;
  struct iovec vector = {&reply, sizeof reply};
  struct msghdr header = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  if (send(door, &request, sizeof request, MSG_NOSIGNAL) < 0) die("host gone");
  if (recvmsg(door, &header, 0) != sizeof reply) die("host gone");
  struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
  if (rights && descriptors) memcpy(descriptors, CMSG_DATA(rights), 2 * sizeof(int));
  return reply;
}

/* ---- XenStore ---- */

static void all(int fd, void *octets, size_t length, int out) {
  for (char *at = octets; length > 0;) {
    ssize_t done = out ? write(fd, at, length) : read(fd, at, length);
    if (done <= 0) die("host gone");
    at += done;
    length -= done;
  }
}

/* One message; returns its type, with the payload NUL-ended in `payload`. */
static uint32_t next_message(char *payload) {
  uint32_t header[4];
  all(store, header, sizeof header, 0);
  if (header[3] > 4096) die("a payload of %u", header[3]);
  all(store, payload, header[3], 0);
  payload[header[3]] = 0;
  return header[0];
}

/* The answer to a request; events that come before it are left out: we look at the state after each answer. */
static int call(uint32_t type, uint32_t transaction, const char *payload, size_t length, char *answer) {
  uint32_t header[4] = {type, ++request_id, transaction, length}, got;
  all(store, header, sizeof header, 1);
  all(store, (void *)payload, length, 1);
  while ((got = next_message(answer)) == XS_EVENT) {}
  return got == type ? 0 : -1;
}

static int read_node(const char *path, char *value) {
  return call(XS_READ, 0, path, strlen(path) + 1, value);
}

static void write_node(uint32_t transaction, const char *name, const char *format, unsigned value) {
  char payload[256], answer[4097];
  int path = sprintf(payload, "device/vif/%d/%s", VIF, name) + 1;
  int text = sprintf(payload + path, format, value);
  if (call(XS_WRITE, transaction, payload, path + text, answer) < 0) die("write %s: %s", payload, answer);
}

static void watch(const char *path) {
  char payload[4200], answer[4097];
  int length = sprintf(payload, "%s%ctoken", path, 0) + 1;
  if (call(XS_WATCH, 0, payload, length, answer) < 0) die("watch %s: %s", path, answer);
}

static int backend_state(void) {
  char path[4110], value[4097];
  snprintf(path, sizeof path, "%s/state", backend);
  return read_node(path, value) < 0 ? 0 : atoi(value);
}

/* ---- memory, grants, rings ---- */

static uint32_t granted_page(uint32_t *frame) {
  struct grant *entry = (struct grant *)memory + next_grant;
  *frame = next_frame++;
  entry->domid = 0;
  entry->frame = *frame;
  __atomic_store_n(&entry->flags, 1, __ATOMIC_RELEASE);
  return next_grant++;
}

static uint8_t *page(uint32_t frame) { return memory + (size_t)frame * PAGE; }

static struct ring *make_ring(uint32_t *reference) {
  uint32_t frame;
  *reference = granted_page(&frame);
  struct ring *made = (struct ring *)page(frame);
  made->req_event = made->rsp_event = 1;
  return made;
}

static void notify(void) {
  uint64_t one = 1;
  if (write(kick, &one, sizeof one) < 0) die("kick: %s", strerror(errno));
}

static void push(struct ring *ring, uint32_t made) {
  uint32_t old = ring->req_prod;
  __atomic_store_n(&ring->req_prod, made, __ATOMIC_RELEASE);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  if (made - ring->req_event < made - old) notify();
}

static void offer(uint16_t id) {
  struct rx_request *slot = (struct rx_request *)rx->slots + (rx_made++ & (SLOTS - 1));
  *slot = (struct rx_request){.id = id, .gref = rx_gref[id]};
}

static void connect_rings(void) {
  char answer[4097];
  uint32_t tx_ring, rx_ring, transaction;
  int lent[2];
  struct message port = ask(ALLOCATE, 0, lent);
  if (port.status != 0) die("no port: %d", port.status);
  events = lent[0];
  kick = lent[1];
  tx = make_ring(&tx_ring);
  rx = make_ring(&rx_ring);
  for (int i = 0; i < SLOTS; i++) {
    tx_gref[i] = granted_page(&tx_page[i]);
    rx_gref[i] = granted_page(&rx_page[i]);
    offer(i);
  }
  if (call(XS_BEGIN, 0, "", 1, answer) < 0) die("no transaction: %s", answer);
  transaction = strtoul(answer, NULL, 10);
  write_node(transaction, "tx-ring-ref", "%u", tx_ring);
  write_node(transaction, "rx-ring-ref", "%u", rx_ring);
  write_node(transaction, "event-channel", "%u", port.word[0]);
  write_node(transaction, "request-rx-copy", "%u", 1);
  write_node(transaction, "feature-rx-notify", "%u", 1);
  write_node(transaction, "feature-sg", "%u", 1);
  write_node(transaction, "feature-no-csum-offload", "%u", 1);
  if (call(XS_END, transaction, "T", 2, answer) < 0) die("not committed: %s", answer);
  push(rx, rx_made);
  write_node(0, "state", "%u", 4);
}

/* ---- frames ---- */

static void send_frame(const uint8_t *frame, int length) {
  int pages = (length + PAGE - 1) / PAGE;
  tx_seen = __atomic_load_n(&tx->rsp_prod, __ATOMIC_ACQUIRE);
  if (tx_made - tx_seen + pages > SLOTS) return;
  for (int i = 0; i < pages; i++) {
    int id = tx_made & (SLOTS - 1), rest = length - i * PAGE, part = rest < PAGE ? rest : PAGE;
    memcpy(page(tx_page[id]), frame + i * PAGE, part);
    struct tx_request *slot = (struct tx_request *)tx->slots + (tx_made++ & (SLOTS - 1));
    /* The first slot has the length of the whole frame. */
    *slot = (struct tx_request){
        .gref = tx_gref[id], .flags = i + 1 < pages ? TX_MORE : 0, .id = id, .size = i == 0 ? length : part};
  }
  push(tx, tx_made);
}

static void swap(uint8_t *one, uint8_t *other, int length) {
  uint8_t kept[16];
  memcpy(kept, one, length);
  memcpy(one, other, length);
  memcpy(other, kept, length);
}

static void answer_frame(uint8_t *frame, int length) {
  if (length >= 42 && frame[12] == 8 && frame[13] == 6 && frame[21] == 1 && !memcmp(frame + 38, address, 4)) {
    memcpy(frame, frame + 6, 6);
    memcpy(frame + 6, mac, 6);
    frame[21] = 2;
    swap(frame + 22, frame + 32, 10);
    memcpy(frame + 22, mac, 6);
    send_frame(frame, 42);
  } else if (length >= 42 && frame[12] == 8 && frame[13] == 0 && frame[14] == 0x45 && frame[23] == 1 &&
             frame[34] == 8 && !memcmp(frame + 30, address, 4)) {
    uint32_t sum = (frame[36] << 8 | frame[37]) + 0x800; /* RFC 1624: type 8 becomes type 0 */
    sum = (sum & 0xffff) + (sum >> 16);
    frame[34] = 0;
    frame[36] = sum >> 8;
    frame[37] = sum;
    swap(frame + 26, frame + 30, 4);
    memcpy(frame, frame + 6, 6);
    memcpy(frame + 6, mac, 6);
    send_frame(frame, length);
  }
}

static void receive_frames(void) {
  static uint8_t frame[MOST + PAGE];
  static int length;
  struct epoll_event taken;
  epoll_wait(events, &taken, 1, 0);
  do {
    while (rx_seen != __atomic_load_n(&rx->rsp_prod, __ATOMIC_ACQUIRE)) {
      uint32_t at = rx_seen++ & (SLOTS - 1);
      struct rx_response slot = ((struct rx_response *)rx->slots)[at];
      if (slot.status > 0 && slot.offset + slot.status <= PAGE && length + slot.status <= MOST) {
        memcpy(frame + length, page(rx_page[at]) + slot.offset, slot.status);
        length += slot.status;
      }
      if (!(slot.flags & RX_MORE)) {
        answer_frame(frame, length);
        length = 0;
      }
      offer(at);
    }
    push(rx, rx_made);
    __atomic_store_n(&rx->rsp_event, rx_seen + 1, __ATOMIC_SEQ_CST);
  } while (rx_seen != __atomic_load_n(&rx->rsp_prod, __ATOMIC_SEQ_CST));
}

/* ---- hostile ---- */

static void turn_hostile(const char *how) {
  struct message nonsense = {.type = 0xdeadbeef, .status = -1, .word = {~0u, ~0u, ~0u, ~0u}};
  if (!strcmp(how, "ring")) { /* indices beyond the ring */
    __atomic_store_n(&tx->req_prod, tx->req_prod + 1000, __ATOMIC_SEQ_CST);
    notify();
  } else if (!strcmp(how, "door")) { /* types and words that mean nothing */
    for (uint32_t i = 0; i < 2000; i++) {
      struct message reply = ask(i % 7 == 2 ? 3 : i * 2654435761u, i * 40503u, NULL);
      if (reply.status == 0) die("type %u was taken", i * 2654435761u);
    }
    say("refused");
  } else if (!strcmp(how, "length")) {
    send(door, &nonsense, sizeof nonsense - 3, MSG_NOSIGNAL);
  } else if (!strcmp(how, "unread")) {
    while (send(door, &nonsense, sizeof nonsense, MSG_NOSIGNAL) > 0) {}
  } else if (!strcmp(how, "ports")) {
    struct message reply;
    int lent[2], made = 0;
    while ((reply = ask(ALLOCATE, 0, lent)).status == 0) {
      close(lent[0]);
      close(lent[1]);
      made++;
    }
    printf("%d more ports, then %d\n", made, reply.status);
    fflush(stdout);
  } else if (!strcmp(how, "full")) { /* a blocking eventfd with a full count: whoever writes it waits for ever */
    uint64_t most = -2;
    fcntl(kick, F_SETFL, fcntl(kick, F_GETFL) & ~O_NONBLOCK);
    for (int i = 0; i < 100000; i++) {
      struct pollfd rung = {kick, POLLIN, 0};
      /* Only the host reads it: what is empty stays empty until we write. */
      if (poll(&rung, 1, 0) == 0 && write(kick, &most, sizeof most) < 0) die("write: %s", strerror(errno));
    }
    say("full");
  } else if (!strcmp(how, "storm")) {
    for (;;) notify();
  }
}

static void await_device(void) {
  char path[64], value[4097];
  sprintf(path, "device/vif/%d/backend", VIF);
  watch("device/vif");
  while (read_node(path, value) < 0) next_message(value);
  snprintf(backend, sizeof backend, "%s", value);
  sprintf(path, "device/vif/%d/mac", VIF);
  if (read_node(path, value) < 0) die("no mac");
  sscanf(value, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5);
  char state[4110];
  snprintf(state, sizeof state, "%s/state", backend);
  watch(state);
  while (backend_state() != 2) next_message(value);
}

int main(int count, char **arguments) {
  int lent[2];
  char payload[4097];
  if (count < 3) die("usage: netfront DOOR ADDRESS [HOW]");
  inet_pton(AF_INET, arguments[2], address);
  door = enter(arguments[1]);
  struct message welcome = ask(HELLO, 1, lent);
  if (welcome.status != 0) die("not let in: %d", welcome.status);
  next_frame = welcome.word[2];
  memory = mmap(NULL, (size_t)(welcome.word[2] + welcome.word[3]) * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, lent[0], 0);
  if (memory == MAP_FAILED) die("mmap: %s", strerror(errno));
  close(lent[0]);
  store = lent[1];
  say("inside");
  await_device();
  connect_rings();
  say("told");
  while (backend_state() != 4) next_message(payload);
  say("connected");
  if (count > 3) turn_hostile(arguments[3]);
  for (;;) {
    struct pollfd each[] = {{events, POLLIN, 0}, {store, POLLIN, 0}, {door, 0, 0}};
    poll(each, 3, -1);
    if (each[2].revents) die("host gone");
    if (each[0].revents) receive_frames();
    if (each[1].revents) {
      next_message(payload);
      int state = backend_state();
      if (state == 5 || state == 6 || state == 0) {
        write_node(0, "state", "%u", 6);
        die("closed by the backend");
      }
    }
  }
}
