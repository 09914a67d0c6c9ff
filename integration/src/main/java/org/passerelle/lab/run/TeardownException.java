package org.passerelle.lab.run;

import java.util.List;

/** Something could not be taken down. */
public final class TeardownException extends Exception {
  private static final long serialVersionUID = 1L;

  public TeardownException(List<String> failures) {
    super("tear-down: " + String.join("; ", failures));
  }
}
