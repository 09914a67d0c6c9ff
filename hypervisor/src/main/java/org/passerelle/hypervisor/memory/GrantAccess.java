package org.passerelle.hypervisor.memory;

/** What a grant allows. */
public enum GrantAccess {
  READ_ONLY,
  READ_WRITE
}
