# Builds what is not built. Sourced by the launchers when recall says no, after ready.sh, jdk.sh and system.sh; needs
# $top and $JDK.

# build_if_needed MODULE: builds the module and all below it, without tests, and recalls it.
# Two launchers at once take turns; the second finds the work done.
build_if_needed() {
  recall "$1" && return 0
  if [ ! -e "$top/pom.xml" ]; then
    echo "passerelle: $top is not whole, and has no sources to build it from: run scripts/install again, where they are" >&2
    return 1
  fi
  need maven "builds it" command -v mvn
  install_missing "the build" || return 1
  if ! mkdir -p "$top/target" 2>/dev/null || [ ! -w "$top/target" ]; then
    echo "passerelle: not built yet, and $top is not writable for you: run scripts/bin/passerelle --version once as its owner" >&2
    return 1
  fi
  (
    flock 9
    recall "$1" && exit 0
    echo "passerelle: building (the first time takes a minute or two, and needs Maven Central)" >&2
    if ! JAVA_HOME=$JDK mvn -q -B -f "$top/pom.xml" -pl "$1" -am -Dformat.skip=true -DskipTests package \
      >"$top/target/build.log" 2>&1; then
      grep -v '^WARNING' "$top/target/build.log" | head -n 30 >&2
      echo "passerelle: the build failed; the whole log: $top/target/build.log" >&2
      exit 1
    fi
  ) 9>"$top/target/build.lock" || return 1
  recall "$1"
}
