package org.passerelle.scripts;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.passerelle.link.list.Lists;

/** The scripts, by the names by which toolstacks call them. */
public enum ScriptName {
  VIF_BRIDGE,
  VIF_ROUTE,
  VIF_NAT,
  NETWORK_BRIDGE,
  NETWORK_BRIDGE_VLAN,
  NETWORK_MULTI_VLAN,
  NETWORK_ROUTE,
  NETWORK_NAT;

  private static final Set<ScriptName> VIFS = Set.of(VIF_BRIDGE, VIF_ROUTE, VIF_NAT);

  private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** Empty for what is no such script. */
  public static Optional<ScriptName> of(String words) {
    return Lists.first(List.of(values()), name -> name.words.equals(words));
  }

  /** Whether it is one of those for vifs, which come and go by the hundred. */
  public static boolean isOfVifs(String words) {
    return of(words).filter(VIFS::contains).isPresent();
  }

  /** The keys of the words, {@code key=value}, that mean something to it. */
  public List<String> takes() {
    return ScriptCall.script(this).words();
  }

  @Override
  public String toString() {
    return words;
  }
}
