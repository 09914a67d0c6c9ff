# What a launcher asks first, of every hotplug script: is all there? No program is started for the answer, since
# each costs as much as a tenth of the script. Sourced by the launchers; needs $top.
JDK=

# How the scripts' virtual machine is started. The archive of classes is mapped where it was made for: to move it takes
# 4 ms (and the machine does not need the option, should a newer one not have it). JNA's properties keep it from
# running `ldconfig -p`, which takes longer than the script, and the next one from looking for loggers. The next is as
# conf/security/java.security has it, which is read for the first address otherwise, in 4 ms. With the last the JDK calls
# the few methods that JNA looks up by name as they are, and makes no handles of them, for which it needs 165 methods
# of its own.
java_flags='-XX:+UseSerialGC -XX:-UseContainerSupport -XX:-UsePerfData -Xshare:auto
  -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
  --enable-native-access=ALL-UNNAMED -Djna.nosys=true -Djna.platform.library.path=/usr/lib
  -Djava.util.logging.manager=org.passerelle.scripts.NoLogging
  -Djdk.includeInExceptions=hostInfoExclSocket
  -Djdk.reflect.useNativeAccessorOnly=true'

# recall MODULE: true when MODULE is built and neither a source nor the JDK has changed since; sets lib and class_path,
# and JDK unless it is set.
recall() {
  lib=$top/$1/target/lib
  [ -r "$lib/built" ] || return 1
  . "$lib/built"
  # An installed copy has no sources; to look for 400 in vain takes 2 ms.
  [ ! -e "$top/pom.xml" ] || is_unchanged && ! is_outdated || return 1
  class_path=
  for jar in $built_jars; do
    class_path=$class_path${class_path:+:}$lib/$jar
  done
  [ -n "$JDK" ] || recall_jdk
}

# is_unchanged: true when no source is newer. The directories are in the list too, so that a file that came or went is
# seen.
is_unchanged() {
  for source in $built_from; do
    [ ! "$top/$source" -nt "$lib/built" ] || return 1
  done
}

# The Java runtime that the build makes of the JDK's modules that ours need: its virtual machine starts 3 ms sooner than
# the JDK's, and a host that has it needs no other.
runtime=$top/scripts/target/java

# recall_jdk: the runtime of our own, or the JDK that it was built with, unless that is gone; another where the
# environment asks for it.
recall_jdk() {
  if [ -x "$runtime/bin/java" ]; then
    [ -z "${PASSERELLE_JAVA_HOME:-}" ] || [ "$PASSERELLE_JAVA_HOME" -ef "$built_with" ] || return 1
    JDK=$runtime
    return
  fi
  wanted=${PASSERELLE_JAVA_HOME:-${JAVA_HOME:-$built_with}}
  [ -x "$built_with/bin/java" ] && [ "$wanted" -ef "$built_with" ] && JDK=$built_with
}

# is_outdated: true when the JDK that the runtime is of has been updated since: then it is to be made anew.
is_outdated() {
  [ -r "$runtime/made-of" ] && [ -r "$built_with/release" ] || return 1
  jdk_signature "$built_with"
  IFS= read -r made_of <"$runtime/made-of"
  [ "$made_of" != "$signature" ]
}

# jdk_signature HOME: sets signature to what tells the JDK there from another one at the same place. One of our own may
# be copied with all the rest.
jdk_signature() {
  signature=${1#"$top"/}
  line=
  while [ "${#signature}" -lt 200 ] && IFS= read -r line; do
    signature="$signature $line"
  done <"$1/release"
}

# The kinds of scripts that have an archive of classes each. The virtual machine loads all that is in one: those of the
# network scripts would cost a vif's 3 ms.
kinds="vif-bridge vif-route vif-nat network agent"

# find_archive KIND: sets archive to $lib's class data archive for these scripts, which the virtual machine starts from,
# or to nothing when it is not for this JDK and these jars. (The virtual machine would refuse it without a word, and
# start slowly.)
find_archive() {
  archive=
  [ -r "$lib/$1.archived" ] || return 1
  . "$lib/$1.archived"
  [ ! "$JDK/lib/modules" -nt "$lib/$1.archived" ] || return 1
  # Of a runtime of our own its place says enough, and its time: to read 200 letters one by one takes half a ms.
  if [ "$JDK" = "$runtime" ]; then
    case $archived_for in "${runtime#"$top"/} "*) ;; *) return 1 ;; esac
  else
    jdk_signature "$JDK"
    [ "$signature" = "$archived_for" ] || return 1
  fi
  for jar in $built_jars; do
    [ ! "$lib/$jar" -nt "$lib/$1.archived" ] || return 1
  done
  archive=$lib/$1.jsa
}
