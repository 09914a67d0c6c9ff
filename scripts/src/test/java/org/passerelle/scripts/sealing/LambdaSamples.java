package org.passerelle.scripts.sealing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** A use of each kind of lambda; what they give is compared with and without PlainLambdas. */
public final class LambdaSamples {
  private final String name;
  private int calls;

  private LambdaSamples(String name) {
    this.name = name;
  }

  /** An interface whose lambdas lie in it, static and not. */
  interface Greeting {
    String name();

    default Supplier<String> polite() {
      return () -> "dear " + name() + suffix();
    }

    private String suffix() {
      return own(() -> "!");
    }

    private static String own(Supplier<String> end) {
      return end.get();
    }
  }

  private record Guest(String name) implements Greeting {}

  /** What all of them gave, in a fixed order. */
  public static List<String> all() {
    List<String> given = new ArrayList<>();
    new LambdaSamples("vif").ofAnObject(given);
    captured(given, 7, 1L << 40, 2.5, "x", true);
    references(given);
    primitives(given);
    given.add(new Guest("guest").polite().get());
    return given;
  }

  private void ofAnObject(List<String> given) {
    Runnable count = () -> calls++;
    count.run();
    count.run();
    Supplier<String> own = () -> name + calls + secret("a");
    Function<String, String> secret = this::secret;
    given.add(own.get() + secret.apply("b"));
  }

  private String secret(String more) {
    return name + more;
  }

  private static void captured(
      List<String> given, int small, long large, double real, String text, boolean truth) {
    Supplier<String> all = () -> small + text + large + real + truth;
    Supplier<Supplier<String>> nested = () -> () -> all.get() + large;
    for (int index = 0; index < 2; index++) {
      int now = index;
      given.add(nested.get().get() + now);
    }
    Runnable ignores = given::isEmpty;
    ignores.run();
  }

  private static void references(List<String> given) {
    Function<String, Guest> made = Guest::new;
    Function<Guest, String> named = Guest::name;
    Function<Greeting, String> asInterface = Greeting::name;
    IntFunction<String[]> array = String[]::new;
    Supplier<List<String>> list = ArrayList::new;
    BiFunction<List<String>, String, Boolean> add = List::add;
    List<String> filled = list.get();
    given.add(named.apply(made.apply("n")) + asInterface.apply(new Guest("i")));
    given.add(array.apply(3).length + "" + add.apply(filled, "one") + filled);
    Predicate<String> empty = String::isEmpty;
    given.add("" + empty.negate().test(""));
  }

  private static void primitives(List<String> given) {
    ToIntFunction<Integer> unboxed = Integer::intValue;
    ToLongFunction<Integer> unboxedWide = value -> value;
    ToLongFunction<Integer> referred = Integer::intValue;
    Function<Integer, Long> boxed = Integer::longValue;
    IntToLongFunction widened = Math::abs;
    LongSupplier large = () -> 1L << 33;
    Function<Integer, Integer> same = LambdaSamples::twice;
    Supplier<Character> letter = () -> 'c';
    long sum = unboxedWide.applyAsLong(5) + referred.applyAsLong(6) + large.getAsLong();
    given.add(unboxed.applyAsInt(4) + sum + boxed.apply(9) + widened.applyAsLong(-3) + "");
    given.add(same.apply(21) + "" + letter.get());
    ToLongFunction<String> unboxedResult = Integer::valueOf;
    ToLongFunction<Optional<Integer>> ofAnyObject = Optional::get;
    Predicate<Optional<Boolean>> truth = Optional::get;
    given.add(unboxedResult.applyAsLong("12") + ofAnyObject.applyAsLong(Optional.of(13)) + "");
    given.add("" + truth.test(Optional.of(true)));
    Runnable dropsTwo = () -> Math.multiplyFull(2, 3);
    dropsTwo.run();
    Runnable dropsReferred = System::nanoTime;
    dropsReferred.run();
  }

  private static int twice(int value) {
    return 2 * value;
  }
}
