package org.passerelle.hypervisor.xenstore.tree;

import java.util.Optional;

/** What a permission allows, and the letter that the protocol writes it with. */
public enum Access {
  NONE('n', false, false),
  READ('r', true, false),
  WRITE('w', false, true),
  BOTH('b', true, true);

  private final char letter;
  private final boolean read;
  private final boolean write;

  Access(char letter, boolean read, boolean write) {
    this.letter = letter;
    this.read = read;
    this.write = write;
  }

  static Optional<Access> of(char letter) {
    for (Access access : values()) {
      if (access.letter == letter) {
        return Optional.of(access);
      }
    }
    return Optional.empty();
  }

  char letter() {
    return letter;
  }

  boolean read() {
    return read;
  }

  boolean write() {
    return write;
  }
}
