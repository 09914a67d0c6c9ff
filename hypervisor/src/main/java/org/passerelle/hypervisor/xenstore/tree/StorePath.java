package org.passerelle.hypervisor.xenstore.tree;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.wire.XsLimits;

/**
 * An absolute, legal path such as {@code /local/domain/1}, or a special one, {@code
 * @releaseDomain}. Its steps lead down from above the root: {@code ""}, {@code local}, {@code
 * domain}, {@code 1}; a special path's first step is its own name, so that special nodes are the
 * root's sisters and never listed.
 *
 * <p>Legal (docs/misc/xenstore.txt): letters, digits and {@code -/_@}; no empty step, no slash at
 * the end; at most 2048 octets, those before {@code /local/domain/N/}'s end not counted.
 */
public final class StorePath implements Comparable<StorePath> {
  public static final StorePath ROOT = new StorePath("/");
  public static final StorePath INTRODUCE_DOMAIN = new StorePath("@introduceDomain");
  public static final StorePath RELEASE_DOMAIN = new StorePath("@releaseDomain");

  private static final Pattern DOMAIN = Pattern.compile("/local/domain/[0-9]{1,5}/");

  private final String text;

  private StorePath(String text) {
    this.text = text;
  }

  /** Throws {@link StoreException} EINVAL where the path is not legal. */
  public static StorePath of(String text) {
    if (!isLegal(text)) {
      throw new StoreException("path " + printable(text), "EINVAL");
    }
    return new StorePath(text);
  }

  /**
   * What a client at {@code base} means by {@code given}: relative unless it begins with / or @.
   */
  public static StorePath resolve(StorePath base, String given) {
    return of(isRelative(given) ? base.text + "/" + given : given);
  }

  public static boolean isRelative(String given) {
    return !given.startsWith("/") && !given.startsWith("@");
  }

  /** The directory of a domain, where its relative paths begin. */
  public static StorePath ofDomain(int domain) {
    return new StorePath("/local/domain/" + domain);
  }

  public String text() {
    return text;
  }

  public boolean isSpecial() {
    return text.startsWith("@");
  }

  public boolean isRoot() {
    return text.equals("/");
  }

  /** The path above; of a special path, as in C xenstored, the root. */
  public StorePath parent() {
    int slash = text.lastIndexOf('/');
    return slash <= 0 ? ROOT : new StorePath(text.substring(0, slash));
  }

  /** The path one step down; {@code name} is a legal step. */
  StorePath child(String name) {
    return new StorePath(isRoot() ? text + name : text + "/" + name);
  }

  /** The last step. */
  public String name() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** Octets that count against a limit: those below {@code /local/domain/N/}. */
  public int countedLength() {
    return countedLength(text);
  }

  private static int countedLength(String text) {
    Matcher matcher = DOMAIN.matcher(text);
    return text.length() - (matcher.lookingAt() ? matcher.end() : 0);
  }

  String[] steps() {
    return isRoot() ? new String[] {""} : text.split("/", -1);
  }

  @Override
  public int compareTo(StorePath other) {
    return text.compareTo(other.text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StorePath that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private static boolean isLegal(String text) {
    if (text.isEmpty() || countedLength(text) > XsLimits.RELATIVE_PATH_MAX || text.contains("//")) {
      return false;
    }
    char first = text.charAt(0);
    boolean closed = text.length() > 1 && text.endsWith("/");
    return (first == '/' || first == '@') && !closed && text.chars().allMatch(StorePath::isLegal);
  }

  private static boolean isLegal(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '-' && c <= '9' && c != '.'
        || c == '_'
        || c == '@';
  }

  private static String printable(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return shown.replaceAll("[^ -~…]", "?");
  }
}
