package org.passerelle.hypervisor.event;

import org.passerelle.hypervisor.domain.DomainId;

/**
 * An event channel operation was refused: operation, domain, port, Xen's error name and the reason,
 * for example {@code bind dom0 to dom3 port 7: EINVAL: it is kept for dom2}. A backend meets it
 * when a frontend names a port that it may not have.
 */
public final class EventChannelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String error;

  public EventChannelException(String operation, String error, String reason) {
    super(operation + ": " + error + ": " + reason);
    this.error = error;
  }

  /** A domain used a port of its own that it does not have. */
  public static EventChannelException noPort(String operation, DomainId domain, int port) {
    return new EventChannelException(
        operation + " " + domain + " port " + port, "EINVAL", "there is no such port");
  }

  /** Xen's error name: EINVAL, ESRCH (no such domain), ENOSPC (no port left). */
  public String error() {
    return error;
  }
}
