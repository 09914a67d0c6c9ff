package org.passerelle.hypervisor.embedded;

/** Why something was refused at a door: Linux's names and numbers, of which Xen's are a part. */
enum DoorError {
  EIO(5),
  EINVAL(22),
  ENOSPC(28),
  ENOSYS(38),
  EPROTO(71),
  EPROTONOSUPPORT(93);

  private final int number;

  DoorError(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The name of a number, known here or not. */
  static String nameOf(int number) {
    for (DoorError known : values()) {
      if (known.number == number) {
        return known.name();
      }
    }
    return "errno " + number;
  }
}
