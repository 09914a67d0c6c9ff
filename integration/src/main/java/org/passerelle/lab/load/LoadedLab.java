package org.passerelle.lab.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problem;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.parse.LabParser;
import org.passerelle.lab.topology.Topology;
import org.passerelle.lab.topology.TopologyPlanner;
import org.passerelle.lab.validate.Validator;

/**
 * A lab file that was read and checked.
 *
 * @param file as the user named it
 * @param topology present as far as the file could be read at all; to be built only when {@link
 *     #isValid}
 */
public record LoadedLab(String file, Optional<Topology> topology, List<Problem> problems) {
  /** Far more than a lab that a machine could run needs. */
  private static final long LARGEST = 1 << 20;

  /** Reads and checks a file. Whatever is wrong is a problem in the result, never an exception. */
  public static LoadedLab load(Path file) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
        return unreadable(file, "not a file that ends");
      }
      if (Files.size(file) > LARGEST) {
        return unreadable(file, "more than " + LARGEST + " bytes: this is not a lab file");
      }
      return parse(text(file), file.toString());
    } catch (NoSuchFileException e) {
      return unreadable(file, "no such file");
    } catch (CharacterCodingException e) {
      return unreadable(file, "not UTF-8 text");
    } catch (IOException e) {
      return unreadable(file, "cannot be read: " + e.getMessage());
    }
  }

  /** Reads and checks a text; {@code file} is its name in messages. */
  public static LoadedLab parse(String text, String file) {
    Problems problems = new Problems();
    Optional<Lab> lab = LabParser.parse(text, file, problems);
    Optional<Topology> topology = lab.map(TopologyPlanner::plan);
    topology.ifPresent(planned -> Validator.validate(planned, problems));
    return new LoadedLab(file, topology, problems.all());
  }

  private static String text(Path file) throws IOException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
        .toString();
  }

  private static LoadedLab unreadable(Path file, String why) {
    Problem problem = new Problem(Position.START, Problem.Severity.ERROR, why);
    return new LoadedLab(file.toString(), Optional.empty(), List.of(problem));
  }

  public boolean isValid() {
    return problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
  }
}
