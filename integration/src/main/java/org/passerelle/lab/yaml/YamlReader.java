package org.passerelle.lab.yaml;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads one YAML document; notes duplicate keys and whatever is not YAML. */
public final class YamlReader {
  private final Problems problems;
  // An alias stands for the node of its anchor: each node is read once, and one that contains
  // itself is noticed.
  private final Map<Node, Value> read = new IdentityHashMap<>();
  private final Map<Node, Boolean> open = new IdentityHashMap<>();

  private YamlReader(Problems problems) {
    this.problems = problems;
  }

  /** The document's value; empty when there is none or it is not YAML, which is then noted. */
  public static Optional<Value> read(String text, String label, Problems problems) {
    LoadSettings settings = LoadSettings.builder().setLabel(label).setUseMarks(true).build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        problems.error(Position.START, "the file is empty; a lab begins with `lab: NAME`");
      }
      return root.map(new YamlReader(problems)::value);
    } catch (MarkedYamlEngineException e) {
      Position at = e.getProblemMark().map(YamlReader::position).orElse(Position.START);
      problems.error(at, "not YAML: " + e.getProblem());
    } catch (ReaderException e) {
      problems.error(place(text, e.getPosition()), notText(e));
    } catch (YamlEngineException e) {
      problems.error(Position.START, "not YAML: " + e.getMessage());
    } catch (StackOverflowError e) {
      // The parser calls itself for each level, and knows no limit of its own.
      problems.error(Position.START, "nested too deeply; a lab file has a handful of levels");
    }
    return Optional.empty();
  }

  private static String notText(ReaderException e) {
    return "not YAML: character U+%04X is not allowed".formatted(e.getCodePoint());
  }

  private static Position place(String text, int index) {
    String before = text.substring(0, Math.clamp(index, 0, text.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Position(line, before.length() - before.lastIndexOf('\n'));
  }

  private Value value(Node node) {
    Value known = read.get(node);
    if (known != null) {
      return known;
    }
    if (open.put(node, true) != null) {
      problems.error(position(node), "this node contains itself; an alias must point elsewhere");
      return new Value.Scalar("", false, position(node));
    }
    Value made =
        switch (node) {
          case ScalarNode scalar -> scalar(scalar);
          case SequenceNode sequence ->
              new Value.Sequence(
                  sequence.getValue().stream().map(this::value).toList(), position(node));
          case MappingNode mapping -> mapping(mapping);
          default -> new Value.Scalar("", false, position(node));
        };
    open.remove(node);
    read.put(node, made);
    return made;
  }

  private static Value.Scalar scalar(ScalarNode node) {
    boolean nothing = node.getTag().equals(Tag.NULL);
    boolean quoted = node.getScalarStyle() != ScalarStyle.PLAIN;
    return new Value.Scalar(nothing ? "" : node.getValue(), quoted, position(node));
  }

  private Value.Mapping mapping(MappingNode node) {
    Map<String, Value.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        Value.Entry entry = new Value.Entry(position(key), value(tuple.getValueNode()));
        Value.Entry earlier = entries.putIfAbsent(key.getValue(), entry);
        if (earlier != null) {
          problems.error(
              entry.keyAt(), key.getValue() + ": this key was given before, at " + earlier.keyAt());
        }
      } else {
        problems.error(position(tuple.getKeyNode()), "a key must be a single word");
      }
    }
    return new Value.Mapping(entries, position(node));
  }

  private static Position position(Node node) {
    return node.getStartMark().map(YamlReader::position).orElse(Position.START);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** A value as a list: a single one stands for a list of one, nothing for an empty list. */
  public static List<Value> items(Value value) {
    return switch (value) {
      case Value.Sequence sequence -> new ArrayList<>(sequence.items());
      case Value.Scalar scalar when scalar.text().isEmpty() && !scalar.quoted() -> List.of();
      default -> List.of(value);
    };
  }
}
