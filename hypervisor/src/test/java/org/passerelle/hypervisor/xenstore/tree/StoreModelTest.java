package org.passerelle.hypervisor.xenstore.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.passerelle.hypervisor.xenstore.StoreException;

/**
 * The store against a model that is a map of paths to values in the order of their making. The
 * model knows no transactions: when the store commits one, the model does all its steps at that
 * moment, and each must answer as it did in the transaction. That is what a commit promises.
 */
class StoreModelTest {
  private static final int TRANSACTIONS = 3;

  enum Verb {
    READ,
    LIST,
    WRITE,
    MKDIR,
    REMOVE
  }

  /**
   * @param where a transaction's number; 0 for none
   */
  record Step(int where, boolean ends, Verb verb, String path, String value) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> name = Arbitraries.of("a", "b", "c");
    Arbitrary<String> path =
        name.list().ofMinSize(1).ofMaxSize(3).map(names -> "/" + String.join("/", names));
    Arbitrary<Boolean> ends =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.just(true)), Tuple.of(6, Arbitraries.just(false)));
    return Combinators.combine(
            Arbitraries.integers().between(0, TRANSACTIONS),
            ends,
            Arbitraries.of(Verb.class),
            path,
            Arbitraries.of("1", "2"))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  /** Paths and values, the eldest node first; the root is there without being in it. */
  private static final class Model {
    private final Map<String, String> nodes = new LinkedHashMap<>();

    Model() {
      nodes.put("/tool", "");
      nodes.put("/tool/xenstored", "");
    }

    String apply(Step step) {
      return switch (step.verb()) {
        case READ -> nodes.getOrDefault(step.path(), "ENOENT");
        case LIST -> nodes.containsKey(step.path()) ? names(step.path()) : "ENOENT";
        case WRITE -> write(step.path(), step.value());
        case MKDIR -> nodes.containsKey(step.path()) ? "ok" : write(step.path(), "");
        case REMOVE -> remove(step.path());
      };
    }

    private String names(String path) {
      List<String> names = new ArrayList<>();
      for (String each : nodes.keySet()) {
        if (each.startsWith(path + "/") && each.indexOf('/', path.length() + 1) < 0) {
          names.add(each.substring(path.length() + 1));
        }
      }
      return names.toString();
    }

    private String write(String path, String value) {
      for (int i = path.indexOf('/', 1); i > 0; i = path.indexOf('/', i + 1)) {
        nodes.putIfAbsent(path.substring(0, i), "");
      }
      nodes.put(path, value);
      return "ok";
    }

    private String remove(String path) {
      int slash = path.lastIndexOf('/');
      if (slash > 0 && !nodes.containsKey(path.substring(0, slash))) {
        return "ENOENT";
      }
      nodes.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
      return "ok";
    }
  }

  private static String apply(NodeOperations nodes, Step step) {
    StorePath path = StorePath.of(step.path());
    try {
      switch (step.verb()) {
        case READ -> {
          return new String(nodes.read(path).value(), StandardCharsets.UTF_8);
        }
        case LIST -> {
          return nodes.read(path).childNames().toString();
        }
        case WRITE -> nodes.write(path, TreeFixture.octets(step.value()));
        case MKDIR -> nodes.mkdir(path);
        case REMOVE -> nodes.remove(path);
      }
      return "ok";
    } catch (StoreException e) {
      return e.error();
    }
  }

  /** One run: the store, the model, and the transactions with what they did and were told. */
  private static final class Run {
    final Store store = new Store(Quotas.DEFAULT);
    final Model model = new Model();
    final Map<Integer, Transaction> open = new HashMap<>();
    final Map<Integer, List<Map.Entry<Step, String>>> told = new HashMap<>();
    final Set<Integer> disturbed = new HashSet<>();

    void step(Step step) {
      if (step.where() == 0) {
        Transaction alone = store.immediate();
        String answer = apply(store.operations(alone, Principal.DOM0), step);
        if (alone.hasChanges()) {
          store.commit(alone, Principal.DOM0);
          disturbed.addAll(open.keySet());
        }
        assertThat(answer).as("%s", step).isEqualTo(model.apply(step));
      } else {
        within(step);
      }
      assertThat(contents(store.current())).isEqualTo(model.nodes);
    }

    private void within(Step step) {
      Transaction transaction = open.computeIfAbsent(step.where(), id -> store.begin());
      String answer = apply(store.operations(transaction, Principal.DOM0), step);
      told.computeIfAbsent(step.where(), id -> new ArrayList<>()).add(Map.entry(step, answer));
      if (step.ends()) {
        end(step.where());
      }
    }

    private void end(int id) {
      List<Map.Entry<Step, String>> answers = told.remove(id);
      boolean wasDisturbed = disturbed.remove(id);
      Transaction transaction = open.remove(id);
      try {
        store.commit(transaction, Principal.DOM0);
      } catch (StoreException e) {
        assertThat(e.error()).isEqualTo("EAGAIN");
        assertThat(wasDisturbed).as("EAGAIN though nobody wrote").isTrue();
        return;
      }
      answers.forEach(
          each -> assertThat(model.apply(each.getKey())).as("%s", each).isEqualTo(each.getValue()));
      disturbed.addAll(open.keySet());
    }
  }

  private static Map<String, String> contents(StoreTree tree) {
    Map<String, String> contents = new TreeMap<>();
    tree.below(StorePath.ROOT)
        .forEach(
            (path, node) ->
                contents.put(path.text(), new String(node.value(), StandardCharsets.UTF_8)));
    contents.remove("/");
    return contents;
  }

  @Property(tries = 3000)
  void theStoreDoesWhatTheModelDoes(@ForAll("steps") List<Step> steps) {
    Run run = new Run();
    steps.forEach(run::step);
  }

  @Property(tries = 500)
  void accountsAreWhatIsThere(@ForAll("steps") List<Step> steps) {
    Run run = new Run();
    steps.forEach(run::step);
    StoreTree tree = run.store.current();
    int specials = 2;
    assertThat(tree.nodesOf(0)).isEqualTo(tree.below(StorePath.ROOT).size() + specials);
  }
}
