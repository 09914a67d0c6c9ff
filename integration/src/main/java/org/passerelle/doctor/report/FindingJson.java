package org.passerelle.doctor.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.passerelle.doctor.Finding;

/** Findings as one JSON object. */
public final class FindingJson {
  private FindingJson() {}

  public static String of(List<Finding> findings) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("problems", Tally.count(findings, Finding.Level.BAD));
      json.writeNumberField("warnings", Tally.count(findings, Finding.Level.WARN));
      json.writeNumberField("unseen", Tally.count(findings, Finding.Level.UNSEEN));
      json.writeArrayFieldStart("findings");
      for (Finding finding : findings) {
        finding(json, finding);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void finding(JsonGenerator json, Finding finding) throws IOException {
    json.writeStartObject();
    json.writeStringField("section", finding.section().name().toLowerCase(Locale.ROOT));
    json.writeStringField("name", finding.name());
    json.writeStringField("level", finding.level().name().toLowerCase(Locale.ROOT));
    json.writeStringField("subject", finding.subject());
    json.writeStringField("what", finding.what());
    json.writeStringField("effect", finding.effect());
    json.writeStringField("remedy", finding.remedy());
    json.writeArrayFieldStart("commands");
    for (String command : finding.commands()) {
      json.writeString(command);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
