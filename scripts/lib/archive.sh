# Makes an archive of loaded and linked classes from which the scripts' virtual machine starts: a static one, which
# unlike the JDK's newer cache notices a changed jar. Sourced by build.sh and scripts/lib/seal; needs $top, $JDK,
# $lib, $class_path and what ready.sh defines.

# archive_if_possible KIND: makes it from the list of classes that the build left, unless another launcher is at it.
# That one, and whoever cannot write there, does without: everything works, and starts more slowly.
archive_if_possible() {
  [ -r "$lib/$1.list" ] && [ -w "$lib" ] || return 0
  (
    flock -n 9 || exit 0
    make_archive "$1" >"$lib/$1.log" 2>&1 || echo "no archive of classes; see $lib/$1.log" >&2
  ) 9>"$lib/$1.lock"
}

# The note that it is there is the last thing, and the first to go.
make_archive() {
  rm -f "$lib/$1.archived"
  "$JDK/bin/java" -XX:+UseSerialGC -Xshare:dump -XX:+AOTClassLinking \
    -XX:SharedClassListFile="$lib/$1.list" -XX:SharedArchiveFile="$lib/$1.new" \
    --enable-native-access=ALL-UNNAMED "-Xbootclasspath/a:$class_path" -cp "$lib/none" || return 1
  mv "$lib/$1.new" "$lib/$1.jsa"
  jdk_signature "$JDK"
  note archived_for "$signature" >"$lib/$1.archived.new"
  mv "$lib/$1.archived.new" "$lib/$1.archived"
}

# note NAME VALUE: prints an assignment that the shell reads back as it was.
note() {
  printf "%s='%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/'\\\\''/g")"
}
