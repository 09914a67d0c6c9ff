package org.passerelle.link.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Set;

/** Java's refusals of files in the words of all others: operation, errno, and the remedy. */
public final class FileTrouble {
  private static final String BETWEEN = ": ";
  private static final Set<Integer> REFUSALS = Set.of(Errno.EACCES, Errno.EPERM, Errno.EROFS);

  private FileTrouble() {}

  /**
   * @param operation with the file that it was about, at its end
   */
  public static String text(String operation, IOException e) {
    return e instanceof FileSystemException refusal
        ? about(operation, refusal) + BETWEEN + cause(refusal)
        : operation + BETWEEN + reason(e);
  }

  /** It may have been one of the directories above that was refused. */
  private static String about(String operation, FileSystemException refusal) {
    String file = refusal.getFile();
    return file == null || operation.endsWith(file) ? operation : operation + BETWEEN + file;
  }

  private static String cause(FileSystemException refusal) {
    int errno = errno(refusal);
    if (errno == 0) {
      return reason(refusal);
    }
    String remedy = Remedies.file(errno);
    return Errno.describe(errno) + (remedy.isEmpty() ? "" : BETWEEN + remedy);
  }

  /** Java has no other words for it than these kinds, and the C library's; 0 when unknown. */
  private static int errno(FileSystemException refusal) {
    return switch (refusal) {
      case AccessDeniedException _ -> Errno.EACCES;
      case NoSuchFileException _ -> Errno.ENOENT;
      case FileAlreadyExistsException _ -> Errno.EEXIST;
      case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
      case NotDirectoryException _ -> Errno.ENOTDIR;
      default -> refusal.getReason() == null ? 0 : Errno.ofLocalText(refusal.getReason());
    };
  }

  /** Whether another try would not do, as long as nobody changes rights or mounts. */
  public static boolean isRefusal(IOException e) {
    return e instanceof FileSystemException refusal && REFUSALS.contains(errno(refusal));
  }

  private static String reason(IOException e) {
    String said = e instanceof FileSystemException refusal ? refusal.getReason() : e.getMessage();
    return said == null ? e.toString() : said;
  }
}
