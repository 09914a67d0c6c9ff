package org.passerelle.netback.protocol;

/**
 * Flags of a {@link RxResponse}: {@code NETRXF_*}. The first two are swapped in {@link TxFlags}.
 */
public final class RxFlags {
  /** The data is known to be right; a blank checksum counts as right. */
  public static final int DATA_VALIDATED = 1;

  /** The transport checksum is not filled in: the field holds the pseudo header's sum. */
  public static final int CHECKSUM_BLANK = 2;

  /** Another fragment of the same frame follows. */
  public static final int MORE_DATA = 4;

  /** An {@link ExtraInfo} follows. */
  public static final int EXTRA_INFO = 8;

  private RxFlags() {}
}
