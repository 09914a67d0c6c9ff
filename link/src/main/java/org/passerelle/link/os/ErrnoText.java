package org.passerelle.link.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** An errno for messages: {@code ENOENT (2, No such file or directory)}. */
@SuppressWarnings("restricted")
final class ErrnoText {
  private static final int LONGEST = 256;

  private ErrnoText() {}

  /** Asks the C library: glibc 2.32 or newer, safe in any thread. */
  static String of(int errno) {
    return ask("strerrorname_np", errno)
        + " ("
        + errno
        + ", "
        + ask("strerrordesc_np", errno)
        + ")";
  }

  private static String ask(String function, int errno) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address = linker.defaultLookup().find(function).orElseThrow();
    try {
      // const char *strerrorname_np(int errnum);
      // const char *strerrordesc_np(int errnum);
      MemorySegment text =
          (MemorySegment)
              linker
                  .downcallHandle(address, FunctionDescriptor.of(ADDRESS, JAVA_INT))
                  .invokeExact(errno);
      return text.equals(MemorySegment.NULL) ? "?" : text.reinterpret(LONGEST).getString(0);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
  }
}
