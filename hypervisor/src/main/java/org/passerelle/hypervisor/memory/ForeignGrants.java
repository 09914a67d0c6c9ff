package org.passerelle.hypervisor.memory;

import java.lang.foreign.MemorySegment;
import org.passerelle.hypervisor.domain.DomainId;

/**
 * The granted side: how a backend reaches pages that another domain granted to it. Calls may come
 * from any thread.
 *
 * <p>Reference, offset and length are usually a peer's words: nothing that they can be makes a call
 * throw anything but a {@link GrantException}. The memory of our own that is named is the caller's
 * responsibility, and checked as any segment is.
 */
public interface ForeignGrants {

  /**
   * Maps a granted page. Throws {@link GrantException} with the hypervisor's status. A grant may be
   * mapped more than once; it is in use until the last mapping is closed.
   */
  MappedGrant map(DomainId granter, int reference, GrantAccess access) throws GrantException;

  /**
   * Copies out of a granted page into memory of our own, as GNTTABOP_copy does: the grant is
   * checked, held for the time of the copy, and let go.
   *
   * @param offset of the first byte in the granted page; {@code offset + length} may reach 4096
   * @return {@link GrantStatus#OKAY} or a negative status; never throws on what the other domain
   *     wrote
   */
  int copyFrom(
      DomainId granter, int reference, int offset, MemorySegment to, long toOffset, int length);

  /** Copies memory of our own into a granted page; status as above. */
  int copyTo(
      DomainId granter, int reference, int offset, MemorySegment from, long fromOffset, int length);

  /**
   * A page of another domain in our address space, until closed. It stays readable when that domain
   * ends.
   */
  interface MappedGrant extends AutoCloseable {
    /** The page's 4096 bytes; a read-only segment when it was mapped so. */
    MemorySegment page();

    /** Unmaps the page; once, further calls do nothing. No thread may be using the page. */
    @Override
    void close();
  }
}
