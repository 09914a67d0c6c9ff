# Builds what is not built. Sourced by the launchers, after jdk.sh and system.sh; needs $top and $JDK.

# is_built MODULE: true when the module's jars are there and no source is newer.
is_built() {
  stamp=$top/$1/target/lib/built
  [ -e "$stamp" ] || return 1
  [ -z "$(find "$top"/pom.xml "$top"/*/pom.xml "$top"/*/src/main -newer "$stamp" -type f -print 2>/dev/null | head -n 1)" ]
}

# build_if_needed MODULE: builds the module and all below it, without tests.
# Two launchers at once take turns; the second finds the work done.
build_if_needed() {
  is_built "$1" && return 0
  need maven "builds it" command -v mvn
  install_missing "the build" || return 1
  if ! mkdir -p "$top/target" 2>/dev/null || [ ! -w "$top/target" ]; then
    echo "passerelle: not built yet, and $top is not writable for you: run scripts/bin/passerelle --version once as its owner" >&2
    return 1
  fi
  (
    flock 9
    is_built "$1" && exit 0
    echo "passerelle: building (the first time takes a minute or two, and needs Maven Central)" >&2
    if ! JAVA_HOME=$JDK mvn -q -B -f "$top/pom.xml" -pl "$1" -am -Dformat.skip=true -DskipTests package \
      >"$top/target/build.log" 2>&1; then
      grep -v '^WARNING' "$top/target/build.log" | head -n 30 >&2
      echo "passerelle: the build failed; the whole log: $top/target/build.log" >&2
      exit 1
    fi
    touch "$top/$1/target/lib/built"
  ) 9>"$top/target/build.lock"
}
