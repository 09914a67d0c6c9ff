# What the tests share that are scripts themselves, in dom0 and in Linux mode. Sourced by them.
stock=/etc/xen/scripts/vif-bridge
ours=/opt/passerelle/scripts/bin/vif-bridge
results=/share/reports/TEST-${TEST//\//-}.xml

# check NAME COMMAND [ARGUMENT…]: one result, and the seconds it took. What the command prints is shown when it fails.
check() {
  local name=$1 output code=0 began=${EPOCHREALTIME/./} failure=
  shift
  output=$("$@" 2>&1) || code=$?
  local seconds=$(((${EPOCHREALTIME/./} - began) / 1000000))
  if [ $code -eq 0 ]; then
    echo "  ok      $name ($seconds s)"
  else
    echo "  FAILED  $name ($seconds s)"
    sed 's/^/          /' <<<"$output"
    failure="<failure message=\"$(escape "$output" | tr '\n' ' ')\"/>"
    echo "$TEST: $name" >>/share/failed
  fi
  printf '<testcase classname="%s" name="%s" time="%s">%s</testcase>\n' \
    "${TEST//\//.}" "$(escape "$name")" $seconds "$failure" >>"$results"
}

escape() {
  sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g' <<<"$1"
}

# The scripts as an admin installs them, once for all tests.
install_scripts() {
  [ ! -e /opt/passerelle ] || return 0
  mkdir -p /opt
  cp -rp /project/integration/target/guest/stage/passerelle /opt/
}

# Bridges with dom0 on them, 10.0.0.1 and 10.0.2.1; and what gatewaydev= names.
host() {
  echo 3 >/proc/sys/kernel/printk
  new_bridge xenbr0 10.0.0.1
  new_bridge xenbr1 10.0.2.1
  ip link add gw0 type dummy
  ip address add 192.0.2.1/24 dev gw0
  ip link set gw0 up
}

new_bridge() {
  ip link add "$1" type bridge
  ip address add "$2/24" dev "$1"
  ip link set "$1" up
}

# What spares the emulation work, as in ../boot.
unguarded="norandmaps mitigations=off init_on_alloc=0 hardened_usercopy=off"

# domu NAME WORDS VIF…: starts a domU; WORDS go to its kernel's command line.
domu() {
  local name=$1 words=$2 vifs
  shift 2
  vifs=$(printf "'%s'," "$@")
  cat >"/run/$name.cfg" <<END
name = "$name"
type = "pv"
kernel = "/lab/vmlinux"
ramdisk = "/lab/domu.gz"
extra = "console=hvc0 quiet $unguarded $words"
memory = 96
vcpus = 1
vif = [ $vifs ]
END
  xl create "/run/$name.cfg"
}

# eventually COMMAND [ARGUMENT…]: until it succeeds, for a minute; its last words when it never does.
eventually() {
  local end=$((SECONDS + 60)) last
  until last=$("$@" 2>&1); do
    if ((SECONDS > end)); then
      echo "$last"
      return 1
    fi
    sleep 0.2
  done
}

answers() {
  ping -n -c 1 -W 1 "$1"
}

console_says() {
  grep "$2" "/var/log/xen/console/guest-$1.log"
}

# fails_with TEXT COMMAND [ARGUMENT…]: it fails, and says so.
fails_with() {
  local text=$1 said
  shift
  if said=$("$@" 2>&1); then
    echo "no failure: $said"
    return 1
  fi
  echo "$said"
  grep -qF -- "$text" <<<"$said"
}

nothing_left() {
  local left
  left=$(ip -br link show | grep -E '^(vif|web0)'; xenstore-ls -f /local/domain/0/backend/vif 2>/dev/null)
  echo "$left"
  [ -z "$left" ]
}

# state NAME STAGE: store, links, addresses and routes, in /run/NAME.STAGE (and on the host, to look at), without what
# differs from one domU to the next: its number and UUID, the script's path, indices, timers, what netfront chose, which
# IPv6 address nobody asked for, and which broadcast address ifconfig adds. A renamed vif of ours has its first name as
# alias, and no IPv6 address of its own: scripts/DEVIATIONS.md. The domU "more" and its bridge are left out.
state() {
  local domain more
  domain=$(xl domid "$1" 2>/dev/null || echo none)
  more=$(xl domid more 2>/dev/null || echo none)
  {
    xenstore-ls -f /local/domain/0/backend/vif
    xenstore-ls -f "/local/domain/$domain/device/vif"
    xenstore-ls -f "/libxl/$domain/device/vif"
    ip -o -d link
    ip -o -4 address
    ip -4 route
    bridge -o -d link
  } 2>/dev/null | grep -vE "backend/vif/$more(/| )|vif$more\\.|xenbr1" | sed -E "
    s,(local/domain|backend/vif|libxl)/$domain(/| |\"|\$),\\1/DOMAIN\\2,g; s/vif$domain\\./vifDOMAIN./g; s/vif-$domain-/vif-DOMAIN-/
    s,(frontend-id = \")$domain\",\\1DOMAIN\",; s,($(dirname "$stock")|$(dirname "$ours"))/,SCRIPTS/,; s/$1/NAME/g
    s/ brd [0-9.]+ scope / scope /; s/(ring-ref|event-channel)([a-z-]*) = .*/\\1\\2/
    s/^[0-9]+: /N: /; s/(_timer) +[0-9.]+/\\1 T/g; s/addrgenmode [a-z0-9]+ //g; s/ *\\\\ +alias vifDOMAIN\\.[0-9]+ *\$//; s/ +\$//" | tee "/share/$1.$2" >"/run/$1.$2"
}
