package org.passerelle.link.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;

/**
 * Leaves a {@link RunMark} for later scripts, or takes it away.
 *
 * @param file the mark's
 * @param word what is to be in it; empty: no mark
 */
public record SetMark(String file, Optional<String> word) implements Operation {

  /** The word to be there afterwards. */
  public static SetMark of(RunMark mark, Optional<String> word) {
    return new SetMark(mark.file().toString(), word);
  }

  private RunMark mark() {
    return new RunMark(Path.of(file));
  }

  @Override
  public String command() {
    return word.map(text -> "printf '%s' '" + text + "' >'" + file + "'")
        .orElse("rm '" + file + "'");
  }

  @Override
  public List<String> devices() {
    return List.of();
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    word.ifPresentOrElse(mark()::set, mark()::remove);
  }

  @Override
  public List<Operation> undo(Host now) {
    Optional<String> before = mark().wordIfSet();
    return before.equals(word) ? List.of() : List.of(new SetMark(file, before));
  }

  /** Marks are changed by nobody but scripts that have the same lock. */
  @Override
  public boolean applyIfDue(Kernel kernel) {
    mark().removeUnfinished();
    boolean due = !mark().wordIfSet().equals(word);
    if (due) {
      apply(kernel);
    }
    return due;
  }
}
