package org.passerelle.doctor.facts;

import java.util.Map;
import java.util.Optional;

/** Settings by their paths below /proc/sys/net; one that is not there is not here either. */
public record Settings(Map<String, String> values) {

  public Settings {
    values = Map.copyOf(values);
  }

  public Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  public boolean is(String key, String value) {
    return value.equals(values.get(key));
  }
}
