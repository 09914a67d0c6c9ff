package org.passerelle.link.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.OptionalInt;

/** Java's refusals of files in the words of all others: operation, errno, and the remedy. */
public final class FileTrouble {
  private FileTrouble() {}

  /**
   * @param operation with the file that it was about
   */
  public static String text(String operation, IOException e) {
    OptionalInt errno = refusal(e);
    return operation + ": " + (errno.isPresent() ? text(errno.getAsInt()) : e);
  }

  private static String text(int errno) {
    return Errno.describe(errno) + ": " + Remedies.file(errno);
  }

  /** Whether another try would not do, as long as nobody changes rights or mounts. */
  public static boolean isRefusal(IOException e) {
    return refusal(e).isPresent();
  }

  /** Java has the errno's text only. */
  private static OptionalInt refusal(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> OptionalInt.of(Errno.EACCES);
      case FileSystemException of when "Operation not permitted".equals(of.getReason()) ->
          OptionalInt.of(Errno.EPERM);
      case FileSystemException of when "Read-only file system".equals(of.getReason()) ->
          OptionalInt.of(Errno.EROFS);
      default -> OptionalInt.empty();
    };
  }
}
