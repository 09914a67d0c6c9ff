package org.passerelle.hypervisor.xenstore.server;

import java.util.List;
import java.util.Random;

/** Requests of all kinds about few nodes, so that they meet; most of them legal. */
final class RandomRequests {
  private final Random random;
  private final int domains;

  RandomRequests(Random random, int domains) {
    this.random = random;
    this.domains = domains;
  }

  /** A request to be: its type's number and its payload's characters as octets. */
  record Request(int type, String payload) {
    @Override
    public String toString() {
      return type + " " + payload.replace('\0', ' ').replaceFirst("(.)\\1{20,}", "$1…");
    }
  }

  Request next(boolean within) {
    int type = type(within);
    return new Request(type, payload(type));
  }

  private int type(boolean within) {
    if (within && random.nextInt(8) == 0) {
      return 7;
    }
    int[] types = {1, 2, 3, 4, 5, 6, 7, 10, 11, 11, 11, 12, 12, 13, 14, 14, 17, 19, 21, 22, 27};
    int type = types[random.nextInt(types.length)];
    return type == 21 && (within || random.nextInt(10) > 0) ? 2 : type;
  }

  private String payload(int type) {
    return switch (type) {
      case 4 -> path() + "\0t" + random.nextInt(2) + "\0";
      case 5 -> legalPath() + "\0t" + random.nextInt(2) + "\0";
      case 6 -> "\0";
      case 7 -> random.nextInt(3) > 0 ? "T\0" : "F\0";
      case 10, 17 -> random.nextInt(domains + 1) + "\0";
      case 11 -> path() + "\0" + value();
      case 14 -> legalPath() + "\0" + permissions();
      case 3 -> legalPath() + "\0";
      case 19 -> (1 + random.nextInt(domains)) + "\0" + (1 + random.nextInt(domains)) + "\0";
      case 22 -> path() + "\0" + "0\0";
      default -> path() + "\0";
    };
  }

  private String value() {
    return random.nextInt(30) == 0 ? "v".repeat(2100) : "v\0\u00ff" + random.nextInt(3);
  }

  private String permissions() {
    StringBuilder entries = new StringBuilder();
    int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 7 : 3);
    for (int i = 0; i < count; i++) {
      entries.append("nrwb".charAt(random.nextInt(4)));
      entries.append(random.nextInt(domains)).append('\0');
    }
    return entries.toString();
  }

  private String path() {
    List<String> odd =
        List.of(
            "/", "", "//", "/a/", "/a.b", "/tool", "@releaseDomain", "@x", "/" + "x".repeat(2049));
    return random.nextInt(20) == 0 ? odd.get(random.nextInt(odd.size())) : legalPath();
  }

  private String legalPath() {
    List<String> places = List.of("", "rel", "/local/domain/1", "/local/domain/2", "/s");
    StringBuilder path = new StringBuilder(places.get(random.nextInt(places.size())));
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append('/').append((char) ('a' + random.nextInt(3)));
    }
    return path.toString();
  }
}
