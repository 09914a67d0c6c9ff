# Finds a JDK 25 or newer. Sourced by the launchers and the build scripts; defines find_jdk.
#
# The default `java` of a distribution is often older than we need while a newer one lies beside it, so we
# look before we ask. PASSERELLE_JAVA_HOME wins over everything.

PASSERELLE_JAVA_MIN=25

# jdk_version HOME: prints the major version of the JDK at HOME, from its `release` file.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# jdk_candidates: the homes worth a look, one a line, best first.
jdk_candidates() {
  [ -n "${PASSERELLE_JAVA_HOME:-}" ] && printf '%s\n' "$PASSERELLE_JAVA_HOME"
  [ -n "${JAVA_HOME:-}" ] && printf '%s\n' "$JAVA_HOME"
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/*; do
    [ -d "$home" ] && printf '%s\n' "$home"
  done
  on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path") &&
    printf '%s\n' "${on_path%/bin/java}"
}

# can_compile HOME: true where the JDK at HOME has a compiler, or none is needed: what was installed has no sources.
can_compile() {
  [ -x "$1/bin/javac" ] || [ ! -e "${top:-.}/pom.xml" ]
}

# find_jdk: sets JDK to the home of a fitting JDK (with javac, where there are sources), or explains on stderr and
# returns 1.
find_jdk() {
  JDK= seen=
  while IFS= read -r home; do
    version=$(jdk_version "$home") || continue
    seen="$seen
  $version  $home"
    if [ -z "$JDK" ] && [ "${version:-0}" -ge "$PASSERELLE_JAVA_MIN" ] && can_compile "$home"; then
      JDK=$home
    fi
  done <<EOF
$(jdk_candidates)
EOF
  [ -n "$JDK" ] && return 0
  cat >&2 <<EOF
passerelle: no JDK $PASSERELLE_JAVA_MIN or newer was found.
Found:${seen:- none}
Looked at: PASSERELLE_JAVA_HOME, JAVA_HOME, /usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks, java on PATH.
Install one (Debian and Ubuntu, where they have it: apt-get install openjdk-25-jdk-headless; or Eclipse Temurin 25),
or set PASSERELLE_JAVA_HOME to its directory.
EOF
  return 1
}
