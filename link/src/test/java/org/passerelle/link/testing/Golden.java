package org.passerelle.link.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Octets as commented text: hexadecimal pairs, then {@code #} and what they are. A file has
 * sections, each begun by {@code == name}.
 */
public final class Golden {
  private Golden() {}

  /** The octets of one text. */
  public static byte[] octets(String text) {
    StringBuilder digits = new StringBuilder();
    text.lines()
        .map(line -> line.replaceFirst("#.*", "").replaceAll("\\s", ""))
        .forEach(digits::append);
    return HexFormat.of().parseHex(digits);
  }

  /** The sections of files that lie beside a class. */
  public static Map<String, byte[]> sections(Class<?> beside, String... files) {
    Map<String, byte[]> sections = new LinkedHashMap<>();
    for (String file : files) {
      addSections(text(beside, file), sections);
    }
    return sections;
  }

  private static void addSections(String text, Map<String, byte[]> sections) {
    for (String section : ("\n" + text).split("\n== ")) {
      int end = section.indexOf('\n');
      if (!section.isBlank() && !section.startsWith("\n#")) {
        sections.put(section.substring(0, end), octets(section.substring(end)));
      }
    }
  }

  private static String text(Class<?> beside, String file) {
    try (InputStream in = beside.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
