package org.passerelle.link.testing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.link.os.Namespace;

/** Runs ip(8) in a namespace and reads its JSON: a second opinion on what the kernel has. */
public final class IpCommand {
  private final Namespace namespace;

  public IpCommand(Namespace namespace) {
    this.namespace = namespace;
  }

  /** Runs {@code ip words…}; fails when it does. */
  public void run(String words) {
    output("", words.split(" "));
  }

  /** Runs {@code ip words…} of each, in one process: on an emulated processor one takes long. */
  public void batch(List<String> all) {
    output(String.join("\n", all) + "\n", "-batch", "-");
  }

  /** What {@code ip -j -d words…} prints: objects in a list. */
  public List<Map<String, Object>> list(String words) {
    String json = output("", ("-j -d " + words).split(" "));
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Object object : json.isBlank() ? List.of() : (List<?>) parse(json)) {
      if (!((Map<?, ?>) object).isEmpty()) {
        objects.add(asMap(object));
      }
    }
    return objects;
  }

  /** The only object of {@link #list}. */
  public Map<String, Object> one(String words) {
    List<Map<String, Object>> objects = list(words);
    if (objects.size() != 1) {
      throw new AssertionError("ip " + words + ": " + objects);
    }
    return objects.get(0);
  }

  public static Map<String, Object> asMap(Object object) {
    Map<String, Object> map = new LinkedHashMap<>();
    ((Map<?, ?>) object).forEach((key, value) -> map.put((String) key, value));
    return map;
  }

  private String output(String input, String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    return namespace.call(
        () -> {
          Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
          try (Writer writer = process.outputWriter()) {
            writer.write(input);
          }
          String text = new String(process.getInputStream().readAllBytes());
          if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + text);
          }
          return text;
        });
  }

  private static Object parse(String json) {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      return value(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_ARRAY -> array(parser);
      case START_OBJECT -> object(parser);
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> parser.getText();
    };
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map;
  }
}
