package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.hypervisor.embedded.TwoDomains.GRANTER;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.ForeignGrants;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.memory.GrantException;
import org.passerelle.hypervisor.memory.GrantStatus;

/** Any sequence of operations by an honest granter and two users, against an obvious model. */
class GrantModelTest {
  enum Verb {
    GRANT,
    END,
    MAP,
    UNMAP,
    COPY_FROM,
    COPY_TO
  }

  /** {@code pick} chooses among what there is: a grant, or a mapping. */
  record Step(Verb verb, int pick, int user, GrantAccess access) {}

  /** A grant as the model has it: to whom, what for, and the mappings in force. */
  record Granted(int reference, int to, GrantAccess access, List<GrantAccess> mappings) {
    boolean allows(int user, GrantAccess wanted) {
      return user == to && (wanted == GrantAccess.READ_ONLY || access == GrantAccess.READ_WRITE);
    }

    int flags() {
      int flags = access == GrantAccess.READ_ONLY ? 5 : 1;
      flags |= mappings.isEmpty() ? 0 : 8;
      return flags | (mappings.contains(GrantAccess.READ_WRITE) ? 16 : 0);
    }
  }

  record Mapped(Granted grant, GrantAccess access, MappedGrant page) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Verb.class),
            Arbitraries.integers().between(0, 1000),
            Arbitraries.of(0, 6),
            Arbitraries.of(GrantAccess.class))
        .as(Step::new)
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 150)
  void behavesAsTheModel(@ForAll("steps") List<Step> steps) throws GrantException {
    try (Run run = new Run()) {
      for (Step step : steps) {
        run.take(step);
        run.compare();
      }
    }
  }

  private static final class Run implements AutoCloseable {
    private final TwoDomains domains = new TwoDomains();
    private final Map<Integer, Granted> grants = new TreeMap<>();
    private final List<Mapped> mapped = new ArrayList<>();
    private final int frame = domains.granter.memory().allocate();

    void take(Step step) throws GrantException {
      switch (step.verb()) {
        case GRANT -> grant(step);
        case UNMAP -> unmap(step);
        default -> use(step);
      }
    }

    private void grant(Step step) {
      int reference =
          domains.granter.grants().grant(new DomainId(step.user()), frame, step.access());
      Granted before =
          grants.put(
              reference, new Granted(reference, step.user(), step.access(), new ArrayList<>()));
      assertThat(before).as("reference %d was free", reference).isNull();
    }

    private void use(Step step) throws GrantException {
      if (grants.isEmpty()) {
        return;
      }
      Granted grant = List.copyOf(grants.values()).get(step.pick() % grants.size());
      switch (step.verb()) {
        case END -> end(grant);
        case MAP -> map(grant, step);
        case COPY_FROM ->
            assertThat(copyFrom(grant, step.user()))
                .isEqualTo(status(grant.allows(step.user(), GrantAccess.READ_ONLY)));
        default ->
            assertThat(copyTo(grant, step.user()))
                .isEqualTo(status(grant.allows(step.user(), GrantAccess.READ_WRITE)));
      }
    }

    private void end(Granted grant) {
      boolean free = grant.mappings().isEmpty();
      assertThat(domains.granter.grants().end(grant.reference())).isEqualTo(free);
      if (free) {
        grants.remove(grant.reference());
        assertThat(domains.flags(grant.reference())).isZero();
      }
    }

    private void map(Granted grant, Step step) throws GrantException {
      if (!grant.allows(step.user(), step.access())) {
        assertThat(mapStatus(grant, step)).isEqualTo(GrantStatus.GENERAL_ERROR);
        return;
      }
      MappedGrant page = user(step.user()).map(GRANTER, grant.reference(), step.access());
      mapped.add(new Mapped(grant, step.access(), page));
      grant.mappings().add(step.access());
    }

    private int mapStatus(Granted grant, Step step) {
      try {
        user(step.user()).map(GRANTER, grant.reference(), step.access());
        return GrantStatus.OKAY;
      } catch (GrantException e) {
        return e.status();
      }
    }

    private void unmap(Step step) {
      if (!mapped.isEmpty()) {
        Mapped one = mapped.remove(step.pick() % mapped.size());
        one.page().close();
        one.grant().mappings().remove(one.access());
      }
    }

    private int copyFrom(Granted grant, int user) {
      return user(user).copyFrom(GRANTER, grant.reference(), 0, domains.local, 0, 60);
    }

    private int copyTo(Granted grant, int user) {
      return user(user).copyTo(GRANTER, grant.reference(), 0, domains.local, 0, 60);
    }

    private static int status(boolean allowed) {
      return allowed ? GrantStatus.OKAY : GrantStatus.GENERAL_ERROR;
    }

    private ForeignGrants user(int id) {
      return (id == 0 ? domains.dom0 : domains.dom6).foreignGrants();
    }

    /** The shared entries say what the model says. */
    void compare() {
      for (Granted grant : grants.values()) {
        assertThat(domains.flags(grant.reference())).as("%s", grant).isEqualTo(grant.flags());
      }
    }

    @Override
    public void close() {
      domains.close();
    }
  }
}
