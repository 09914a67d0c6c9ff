package org.passerelle.hypervisor.xenstore.wire;

import java.util.Optional;

/**
 * Message types ({@code enum xsd_sockmsg_type} in Xen's {@code io/xs_wire.h}). A number that is not
 * here is kept as a number by {@link XsMessage}; whoever must act on it refuses it.
 */
public enum XsType {
  CONTROL(0),
  DIRECTORY(1),
  READ(2),
  GET_PERMS(3),
  WATCH(4),
  UNWATCH(5),
  TRANSACTION_START(6),
  TRANSACTION_END(7),
  INTRODUCE(8),
  RELEASE(9),
  GET_DOMAIN_PATH(10),
  WRITE(11),
  MKDIR(12),
  RM(13),
  SET_PERMS(14),
  WATCH_EVENT(15),
  ERROR(16),
  IS_DOMAIN_INTRODUCED(17),
  RESUME(18),
  SET_TARGET(19),
  // 20 was RESTRICT, which no server has any more.
  RESET_WATCHES(21),
  DIRECTORY_PART(22),
  GET_FEATURE(23),
  SET_FEATURE(24),
  GET_QUOTA(25),
  SET_QUOTA(26);

  private static final XsType[] BY_CODE = new XsType[27];

  static {
    for (XsType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  XsType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<XsType> of(int code) {
    return code >= 0 && code < BY_CODE.length
        ? Optional.ofNullable(BY_CODE[code])
        : Optional.empty();
  }

  /** The type's name, or its number where it has none. */
  public static String nameOf(int code) {
    return of(code).map(XsType::name).orElseGet(() -> "type " + Integer.toUnsignedString(code));
  }
}
