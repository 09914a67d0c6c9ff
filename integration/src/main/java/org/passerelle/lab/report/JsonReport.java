package org.passerelle.lab.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.passerelle.lab.check.Outcome;

/** The run as one JSON object, for programs. */
public final class JsonReport {
  private JsonReport() {}

  /** What is written into an object. */
  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static String object(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  public static String of(RunResult result) {
    return object(
        json -> {
          json.writeStringField("lab", result.lab());
          json.writeStringField("switching", result.switching().toString());
          json.writeArrayFieldStart("checks");
          for (Outcome outcome : result.outcomes()) {
            check(json, outcome);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("crashes");
          for (Crash crash : result.crashes()) {
            crash(json, crash);
          }
          json.writeEndArray();
          json.writeNumberField("passed", result.passed());
          json.writeNumberField("failed", result.failed());
          json.writeNumberField("seconds", seconds(result.took()));
        });
  }

  /**
   * Of a run that did not come to its checks, or not to its end.
   *
   * @param problems in the words that a person is told them in
   */
  public static String ofProblems(List<String> problems) {
    return object(json -> strings(json, "problems", problems));
  }

  private static void check(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", outcome.name());
    json.writeBooleanField("passed", outcome.passed());
    json.writeStringField("expected", outcome.expected());
    json.writeStringField("seen", outcome.seen());
    json.writeNumberField("seconds", seconds(outcome.took()));
    strings(json, "captures", outcome.captures());
    json.writeEndObject();
  }

  private static void crash(JsonGenerator json, Crash crash) throws IOException {
    json.writeStartObject();
    json.writeStringField("domain", crash.domain());
    json.writeStringField("reason", crash.reason());
    strings(json, "log", crash.log());
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String field, List<?> values) throws IOException {
    json.writeArrayFieldStart(field);
    for (Object value : values) {
      json.writeString(value.toString());
    }
    json.writeEndArray();
  }

  /** To the millisecond. */
  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
