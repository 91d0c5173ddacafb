#!/usr/bin/env bash
# A Ceph object gateway on loopback, in memory, of Debian's packages ceph-mon, ceph-osd, ceph-common and radosgw:
#   ceph-gateway.sh start FOLDER PORT   returns when it answers; its user has the keys below
#   ceph-gateway.sh stop FOLDER
# It is what the tests of the store run against when STORYC_TEST_S3 names its address.
set -euo pipefail

folder=$(mkdir -p "$2" && cd "$2" && pwd)

if [ "$1" = stop ]; then
  for daemon in rgw osd mon; do
    [ ! -f "$folder/$daemon.pid" ] || kill "$(cat "$folder/$daemon.pid")" 2>/dev/null || true
  done
  exit 0
fi

port=$3
mkdir -p "$folder/mon" "$folder/osd" "$folder/rgw"
fsid=11111111-2222-3333-4444-555555555555

cat >"$folder/ceph.conf" <<END
[global]
fsid = $fsid
mon host = v2:127.0.0.1:$((port + 1))
mon initial members = a
# Without it the gateway hangs.
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $folder/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
mon allow pool size one = true
mon max pg per osd = 1000
ms bind msgr1 = false
ms bind ipv6 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = $folder
admin socket =
pid file =
log file = $folder/\$name.log
mon data = $folder/mon
osd data = $folder/osd
rgw data = $folder/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
rgw enable usage log = false
rgw run sync thread = false
END
export CEPH_ARGS="-c $folder/ceph.conf"

key() { ceph-authtool "$folder/keyring" --gen-key -n "$@" >/dev/null; }
ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
key client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
key client.rgw.t --cap mon 'allow *' --cap osd 'allow *'
key osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'

run() { # NAME COMMAND…: in the background, its number in NAME.pid
  local name=$1
  shift
  "$@" >"$folder/$name.out" 2>&1 &
  echo $! >"$folder/$name.pid"
}

monmaptool --create --fsid $fsid --addv a "[v2:127.0.0.1:$((port + 1))]" "$folder/monmap" >/dev/null
ceph-mon --mkfs -i a --monmap "$folder/monmap" --keyring "$folder/keyring" >/dev/null 2>&1
run mon ceph-mon -f -i a
ceph osd new 22222222-3333-4444-5555-666666666666 >/dev/null
ceph-osd --mkfs -i 0 --osd-uuid 22222222-3333-4444-5555-666666666666 >"$folder/mkfs.out" 2>&1
run osd ceph-osd -f -i 0
radosgw-admin user create --uid t --display-name t --access-key TESTKEY --secret-key TESTSECRET/with+signs \
  >/dev/null 2>"$folder/user.out"
run rgw radosgw -f -n client.rgw.t --keyring "$folder/keyring"

for _ in $(seq 600); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then exit 0; fi
  sleep 0.1
done
echo "the gateway did not come up within a minute; its logs are in $folder" >&2
exit 1
