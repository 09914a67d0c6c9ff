package org.passerelle.link.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Java's refusals of files in the words of all others: operation, errno, and the remedy. */
public final class FileTrouble {
  private static final String NOT_PERMITTED = "Operation not permitted";

  private FileTrouble() {}

  /**
   * @param operation with the file that it was about
   */
  public static String text(String operation, IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> text(operation, Errno.EACCES);
      case FileSystemException refusal when NOT_PERMITTED.equals(refusal.getReason()) ->
          text(operation, Errno.EPERM);
      default -> operation + ": " + e;
    };
  }

  private static String text(String operation, int errno) {
    return operation + ": " + Errno.describe(errno) + ": " + Remedies.file(errno);
  }
}
