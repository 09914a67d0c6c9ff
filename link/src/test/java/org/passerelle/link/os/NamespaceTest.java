package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

@Needs(Capability.NET_ADMIN)
class NamespaceTest {
  private static final Callable<String> OWN =
      () -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  @Test
  void createLeavesTheCallerWhereItWas() throws Exception {
    String before = OWN.call();
    try (Namespace namespace = Namespace.create();
        NetlinkKernel kernel = namespace.kernel()) {
      assertThat(OWN.call()).isEqualTo(before);
      assertThat(namespace.call(OWN)).isNotEqualTo(before);
      assertThat(kernel.links())
          .extracting(Link::name, Link::isUp)
          .containsExactly(tuple("lo", false));
      namespace.loopbackUp();
      assertThat(kernel.link("lo").orElseThrow().isUp()).isTrue();
    }
  }

  @Test
  void cookieTellsNamespacesApart() {
    Namespace one = namespaces.create();
    Namespace other = namespaces.create();
    assertThat(one.cookie()).isEqualTo(one.cookie()).isNotEqualTo(other.cookie()).isPositive();
    try (Namespace current = Namespace.current()) {
      assertThat(current.cookie()).isNotEqualTo(one.cookie());
    }
  }

  @Test
  void ofPidIsTheProcessesNamespace() {
    try (Namespace mine = Namespace.ofPid(ProcessHandle.current().pid());
        Namespace current = Namespace.current()) {
      assertThat(mine.cookie()).isEqualTo(current.cookie());
    }
  }

  @Test
  void processesStartedInsideBelongToIt() throws Exception {
    Namespace namespace = namespaces.create();
    Process process = namespace.call(() -> new ProcessBuilder("sleep", "60").start());
    try (Namespace theirs = Namespace.ofPid(process.pid())) {
      assertThat(theirs.cookie()).isEqualTo(namespace.cookie());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void executorStaysInside() throws Exception {
    Namespace namespace = namespaces.create();
    try (ExecutorService executor = Executors.newSingleThreadExecutor(namespace.threads("guest"))) {
      String inside = namespace.call(OWN);
      assertThat(executor.submit(OWN).get()).isEqualTo(inside);
      assertThat(executor.submit(OWN).get()).isEqualTo(inside);
      assertThat(executor.submit(() -> Thread.currentThread().getName()).get())
          .isEqualTo("guest-0");
    }
  }

  @Test
  void tasksExceptionsComeThrough() {
    Namespace namespace = namespaces.create();
    assertThatThrownBy(
            () ->
                namespace.run(
                    () -> {
                      throw new IllegalArgumentException("mine");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mine");
  }

  /** A number that was freed may be somebody else's descriptor by now. */
  @Test
  void closedNamespaceForgetsItsDescriptor() {
    Namespace namespace = Namespace.current();
    assertThat(namespace.descriptor()).isPositive();
    namespace.close();
    assertThat(namespace.descriptor()).isEqualTo(-1);
    namespace.close();
    assertThatThrownBy(namespace::kernel)
        .hasMessage("enter a network namespace: EBADF (9, Bad file descriptor)");
  }

  @Test
  void missingFileIsNamed() {
    assertThatThrownBy(() -> Namespace.at("/run/netns/nosuch"))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "open the network namespace /run/netns/nosuch: ENOENT (2, No such file or directory)");
  }
}
