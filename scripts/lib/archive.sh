# Makes the archive of loaded and linked classes from which the scripts' virtual machine starts: a static one, which
# unlike the JDK's newer cache notices a changed jar. Sourced by build.sh and scripts/lib/seal; needs $top, $JDK,
# $lib, $class_path and what ready.sh defines.

# archive_if_possible: makes it from the list of classes that the build left, unless another launcher is at it. That
# one, and whoever cannot write there, does without: everything works, and starts more slowly.
archive_if_possible() {
  [ -r "$lib/classes.list" ] && [ -w "$lib" ] || return 0
  (
    flock -n 9 || exit 0
    make_archive >"$lib/archive.log" 2>&1 || echo "no archive of classes; see $lib/archive.log" >&2
  ) 9>"$lib/archive.lock"
}

# The note that it is there is the last thing, and the first to go.
make_archive() {
  rm -f "$lib/archived"
  "$JDK/bin/java" -XX:+UseSerialGC -Xshare:dump -XX:+AOTClassLinking \
    -XX:SharedClassListFile="$lib/classes.list" -XX:SharedArchiveFile="$lib/classes.new" \
    --enable-native-access=ALL-UNNAMED -cp "$class_path" || return 1
  mv "$lib/classes.new" "$lib/classes.jsa"
  jdk_signature
  note archived_for "$signature" >"$lib/archived.new"
  mv "$lib/archived.new" "$lib/archived"
}

# note NAME VALUE: prints an assignment that the shell reads back as it was.
note() {
  printf "%s='%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/'\\\\''/g")"
}
