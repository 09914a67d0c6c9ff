/*
 * Clients of XenStore by Debian's libxenstore, for tests; XENSTORED_PATH names the socket.
 *
 *   store-clients conflict        two connections, of which one comes between the other's work
 *   store-clients increment N     adds 1 to /counter N times, each in a transaction
 *   store-clients values          a value with every octet there and back
 *   store-clients permissions     each permission, set and read back
 *
 * The declarations are those of xenstore.h.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct xs_handle;
struct xs_permissions {
  unsigned int id;
  unsigned int perms; /* 1 may read, 2 may write */
};
struct xs_handle *xs_open(unsigned long flags);
void xs_close(struct xs_handle *store);
uint32_t xs_transaction_start(struct xs_handle *store);
bool xs_transaction_end(struct xs_handle *store, uint32_t transaction, bool abort);
void *xs_read(struct xs_handle *store, uint32_t transaction, const char *path, unsigned int *length);
bool xs_write(struct xs_handle *store, uint32_t transaction, const char *path, const void *value,
              unsigned int length);
struct xs_permissions *xs_get_permissions(struct xs_handle *store, uint32_t transaction,
                                          const char *path, unsigned int *count);
bool xs_set_permissions(struct xs_handle *store, uint32_t transaction, const char *path,
                        struct xs_permissions *permissions, unsigned int count);

static struct xs_handle *connect_store() {
  struct xs_handle *store = xs_open(0);
  if (!store) {
    perror("xs_open");
    exit(1);
  }
  return store;
}

static void end(struct xs_handle *store, uint32_t transaction, const char *what) {
  bool done = xs_transaction_end(store, transaction, false);
  printf("%s: %s\n", what, done ? "done" : strerror(errno));
}

static void show(struct xs_handle *store, const char *path) {
  char *value = xs_read(store, 0, path, NULL);
  printf("%s is %s\n", path, value ? value : strerror(errno));
  free(value);
}

static int conflict() {
  struct xs_handle *one = connect_store(), *two = connect_store();
  xs_write(one, 0, "/n", "0", 1);
  uint32_t first = xs_transaction_start(one), second = xs_transaction_start(two);
  free(xs_read(one, first, "/n", NULL));
  xs_write(one, first, "/n", "one", 3);
  free(xs_read(two, second, "/n", NULL));
  xs_write(two, second, "/n", "two", 3);
  show(one, "/n");
  end(one, first, "the first to end");
  end(two, second, "the second to end");
  show(two, "/n");
  uint32_t again = xs_transaction_start(two);
  xs_write(two, again, "/n", "two", 3);
  end(two, again, "again");
  uint32_t apart = xs_transaction_start(one);
  xs_write(one, apart, "/a/b/c", "1", 1);
  xs_write(two, 0, "/b/b/c", "2", 1);
  end(one, apart, "with another's work elsewhere");
  xs_close(one);
  show(two, "/n");
  xs_close(two);
  return 0;
}

static int increment(int times) {
  struct xs_handle *store = connect_store();
  for (int left = times; left > 0;) {
    uint32_t transaction = xs_transaction_start(store);
    char *value = xs_read(store, transaction, "/counter", NULL);
    char next[16];
    int length = snprintf(next, sizeof next, "%d", value ? atoi(value) + 1 : 1);
    free(value);
    xs_write(store, transaction, "/counter", next, length);
    if (xs_transaction_end(store, transaction, false))
      left--;
    else if (errno != EAGAIN)
      return 1;
  }
  xs_close(store);
  return 0;
}

static int values() {
  struct xs_handle *store = connect_store();
  unsigned char octets[256];
  unsigned int length;
  for (int i = 0; i < 256; i++) octets[i] = i;
  xs_write(store, 0, "/octets", octets, sizeof octets);
  void *back = xs_read(store, 0, "/octets", &length);
  printf("%u octets, %s\n", length, back && !memcmp(octets, back, 256) ? "the same" : "others");
  free(back);
  xs_close(store);
  return 0;
}

static int permissions() {
  struct xs_handle *store = connect_store();
  struct xs_permissions set[] = {{3, 0}, {1, 1}, {2, 2}, {4, 3}};
  unsigned int count = 0;
  xs_write(store, 0, "/p", "", 0);
  if (!xs_set_permissions(store, 0, "/p", set, 4)) printf("%s\n", strerror(errno));
  struct xs_permissions *got = xs_get_permissions(store, 0, "/p", &count);
  for (unsigned int i = 0; got && i < count; i++) printf("%u may %u\n", got[i].id, got[i].perms);
  free(got);
  xs_close(store);
  return 0;
}

int main(int count, char **words) {
  if (count > 1 && !strcmp(words[1], "conflict")) return conflict();
  if (count > 2 && !strcmp(words[1], "increment")) return increment(atoi(words[2]));
  if (count > 1 && !strcmp(words[1], "values")) return values();
  if (count > 1 && !strcmp(words[1], "permissions")) return permissions();
  return 2;
}
