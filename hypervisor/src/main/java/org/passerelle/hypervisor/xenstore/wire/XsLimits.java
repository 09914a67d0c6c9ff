package org.passerelle.hypervisor.xenstore.wire;

/** The protocol's own limits, in octets (Xen's {@code io/xs_wire.h}). */
public final class XsLimits {
  /** {@code XENSTORE_PAYLOAD_MAX}. */
  public static final int PAYLOAD_MAX = 4096;

  /** {@code XENSTORE_REL_PATH_MAX}; XENSTORE_ABS_PATH_MAX, 3072, is out of reach with it. */
  public static final int RELATIVE_PATH_MAX = 2048;

  private XsLimits() {}
}
