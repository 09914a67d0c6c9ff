# What we need of the system: looks for it, installs it where we may, names it where we may not.
# Sourced by the launchers and by scripts/check.

# may_install: true for root on Debian, Ubuntu and their kin.
may_install() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1
}

# has_library NAME: true when the dynamic linker can find libNAME.so of any version.
has_library() {
  for dir in /lib /usr/lib /usr/local/lib /lib64 /usr/lib64 /lib/*-linux-gnu /usr/lib/*-linux-gnu; do
    for file in "$dir/lib$1.so" "$dir/lib$1.so."*; do
      [ -e "$file" ] && return 0
    done
  done
  return 1
}

# need PACKAGE WHAT TEST...: unless the command TEST succeeds, adds PACKAGE to $missing.
need() {
  package=$1 what=$2
  shift 2
  "$@" >/dev/null 2>&1 || missing="${missing:-} $package" reasons="${reasons:-}
  $package: $what"
}

# install_missing WHY: installs what `need` collected, saying so; without the right to, names it and returns 1.
install_missing() {
  [ -n "${missing:-}" ] || return 0
  if ! may_install; then
    cat >&2 <<EOF
passerelle: $1 needs packages that are not here:${reasons}
Install them as root (Debian, Ubuntu): apt-get install$missing
EOF
    return 1
  fi
  echo "passerelle: installing for $1:$missing" >&2
  log=$(mktemp)
  # The lists may be missing or old on a fresh machine: look with what is there, then refresh once.
  # shellcheck disable=SC2086
  apt_install $missing >"$log" 2>&1 ||
    { apt-get update && apt_install $missing; } >>"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    echo "passerelle: apt-get could not install$missing (the whole log: $log)" >&2
    return 1
  }
  rm -f "$log"
  missing= reasons=
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# unpack_xenstored DIRECTORY: unpacks Xen's C xenstored, the judge and peer of ours; installing it would start services.
# Exports where it is, and its libraries.
unpack_xenstored() {
  unpack_packages "$1" xen-utils-4.17 '^(xen-utils-4|libxen)' || return 1
  PASSERELLE_XENSTORED=$(find "$1" -name xenstored -type f | head -n 1)
  LD_LIBRARY_PATH=$(dirname "$(find "$1" -name 'libxenctrl.so*' | head -n 1)")
  export PASSERELLE_XENSTORED LD_LIBRARY_PATH
}

# unpack_scripts DIRECTORY: unpacks Xen's own network scripts, which judge ours. Exports where they are.
unpack_scripts() {
  (cd "$1" && apt-get download -q xen-utils-common) >/dev/null 2>&1 && dpkg -x "$1"/xen-utils-common_*.deb "$1" ||
    return 1
  PASSERELLE_STOCK=$1/etc/xen/scripts
  export PASSERELLE_STOCK
}

# unpack_packages DIRECTORY PACKAGE PATTERN: unpacks a package, and those of its dependencies whose names match, without
# installing them. Returns 1 when there is no such package.
unpack_packages() {
  apt-cache show "$2" >/dev/null 2>&1 || apt-get update >/dev/null 2>&1
  names=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances "$2" 2>/dev/null | grep -E "$3" | grep -v -e common -e '[<:]' | sort -u) || return 1
  # shellcheck disable=SC2086
  (cd "$1" && apt-get download -q $names >/dev/null 2>&1) || return 1
  for file in "$1"/*.deb; do
    dpkg -x "$file" "$1" || return 1
  done
}
