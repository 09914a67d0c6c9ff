package org.passerelle.hypervisor.xenstore.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.xenstore.StoreException;

class StorePathTest {
  private static final StorePath HOME = StorePath.ofDomain(5);

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a", "/a/b-c_d/E0@9", "@releaseDomain", "@releaseDomain/5", "@"})
  void legal(String path) {
    assertThat(StorePath.of(path).text()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "/a/", "//", "/a//b", "/a.b", "/a b", "/a\0b", "/a:b", "/ä", "/a,b", "@/"
      })
  void illegal(String path) {
    assertThatThrownBy(() -> StorePath.of(path))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.error()).isEqualTo("EINVAL"));
  }

  @Test
  void theLongestPathHas2048OctetsBelowADomainsDirectoryOrElsewhere() {
    assertThat(StorePath.of("/" + "a".repeat(2047)).text()).hasSize(2048);
    assertThat(StorePath.of("/local/domain/5/" + "a".repeat(2048)).name()).hasSize(2048);
    assertThatThrownBy(() -> StorePath.of("/local/domain/5/" + "a".repeat(2049)))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> StorePath.of("/" + "a".repeat(2048)))
        .isInstanceOf(StoreException.class)
        .message()
        .hasSizeLessThan(120);
  }

  @Test
  void aRelativePathBeginsAtTheDomainsDirectory() {
    assertThat(StorePath.resolve(HOME, "device/vif/0").text())
        .isEqualTo("/local/domain/5/device/vif/0");
    assertThat(StorePath.resolve(HOME, "/x").text()).isEqualTo("/x");
    assertThat(StorePath.resolve(HOME, "@releaseDomain").text()).isEqualTo("@releaseDomain");
    assertThatThrownBy(() -> StorePath.resolve(HOME, "")).isInstanceOf(StoreException.class);
  }

  @Test
  void aboveAndBelow() {
    assertThat(StorePath.of("/a/b").parent()).isEqualTo(StorePath.of("/a"));
    assertThat(StorePath.of("/a").parent()).isEqualTo(StorePath.ROOT);
    assertThat(StorePath.ROOT.parent()).isEqualTo(StorePath.ROOT);
    assertThat(StorePath.RELEASE_DOMAIN.parent()).isEqualTo(StorePath.ROOT);
    assertThat(StorePath.of("@releaseDomain/5").parent()).isEqualTo(StorePath.RELEASE_DOMAIN);
    assertThat(StorePath.ROOT.child("a")).isEqualTo(StorePath.of("/a"));
    assertThat(StorePath.of("/a").child("b")).isEqualTo(StorePath.of("/a/b"));
  }

  @Test
  void stepsLeadDownFromAboveTheRoot() {
    assertThat(StorePath.ROOT.steps()).containsExactly("");
    assertThat(StorePath.of("/a/b").steps()).containsExactly("", "a", "b");
    assertThat(StorePath.RELEASE_DOMAIN.steps()).containsExactly("@releaseDomain");
  }

  @Test
  void onlyWhatIsBelowADomainsDirectoryCounts() {
    assertThat(StorePath.of("/local/domain/12/abc/d").countedLength()).isEqualTo(5);
    assertThat(StorePath.of("/vm/12").countedLength()).isEqualTo(6);
  }
}
