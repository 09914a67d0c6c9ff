package org.passerelle.link.fake;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.passerelle.link.rtnl.Refusal;

/** Settings of {@link FakeKernel}: all that are asked for are there, and 0 until they are set. */
final class FakeSysctl {
  private final FakeState state;
  private final Map<String, String> values = new HashMap<>();

  FakeSysctl(FakeState state) {
    this.state = state;
  }

  Optional<String> read(String key) {
    return place(key).map(place -> values.getOrDefault(place, "0"));
  }

  void write(String key, String value) {
    String place =
        place(key).orElseThrow(() -> FakeState.refusal("set sysctl " + key, Refusal.ENOENT, ""));
    values.put(place, value);
  }

  /** By number for a device's: they go with it through renames, and not to the next of its name. */
  private Optional<String> place(String key) {
    List<String> parts = Arrays.asList(key.split("/"));
    boolean common = parts.size() < 5 || parts.get(3).matches("all|default");
    return common
        ? Optional.of(key)
        : state
            .find(parts.get(3))
            .map(link -> key.replace("/" + parts.get(3) + "/", "/#" + link.index + "/"));
  }
}
