package org.passerelle.hypervisor.memory;

import java.lang.foreign.MemorySegment;
import org.passerelle.hypervisor.domain.DomainId;

/**
 * The granted side: how a backend reaches pages that another domain granted to it. Owned by one
 * thread.
 */
public interface ForeignGrants {

  /** Maps a granted page. Throws {@link GrantException} with the hypervisor's status. */
  MappedGrant map(DomainId granter, int reference, GrantAccess access) throws GrantException;

  /**
   * Copies out of a granted page into memory of our own, as GNTTABOP_copy does.
   *
   * @return {@link GrantStatus#OKAY} or a negative status; never throws on what the other domain
   *     wrote
   */
  int copyFrom(
      DomainId granter, int reference, int offset, MemorySegment to, long toOffset, int length);

  /** Copies memory of our own into a granted page; status as above. */
  int copyTo(
      DomainId granter, int reference, int offset, MemorySegment from, long fromOffset, int length);

  /** A page of another domain in our address space, until closed. */
  interface MappedGrant extends AutoCloseable {
    MemorySegment page();

    @Override
    void close();
  }
}
