package org.passerelle.link.plan;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What could not be done with a file; whoever says so finds the words for the cause. */
public final class FileFailure extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private final String operation;

  FileFailure(String operation, IOException cause) {
    super(operation + ": " + cause, cause);
    this.operation = operation;
  }

  /** It ends with the file. */
  public String operation() {
    return operation;
  }
}
