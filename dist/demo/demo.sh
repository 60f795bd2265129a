#!/bin/sh
# SPDX-License-Identifier: ISC
# Counts a log, keeps its history, draws it, shows it by SNMP:
# `make demo [LOG=FILE]`.
#
# Everything it makes lies in build/demo; the log is only read.
set -eu

log=${1:-dist/demo/mail.log}
bin=build/release/bin
out=build/demo
config=$out/mailtally.conf
[ -r "$log" ] || {
	echo "demo: $log cannot be read" >&2
	exit 1
}
case $log in
/*) ;;
*) log=$PWD/$log ;;
esac

rm -rf "$out"
mkdir -p "$out/rules.d"
cat >"$config" <<EOF
state_dir = "$PWD/$out/state"
run_dir = "$PWD/$out/run"
rules_dir = "$PWD/$out/rules.d"
input "$log" { }
snmp { community = "demo" }
EOF

echo "== $bin/mailtally scan $log"
$bin/mailtally scan "$log"
span=$($bin/mailtally scan --json "$log")
first=$(printf %s "$span" | sed 's/.*"first":\([0-9]*\).*/\1/')
last=$(printf %s "$span" | sed 's/.*"last":\([0-9]*\).*/\1/')
lines=$(printf %s "$span" | sed 's/.*"lines":\([0-9]*\).*/\1/')

echo
echo "== $bin/mailtallyd -c $config"
$bin/mailtallyd -c "$config" &
daemon=$!
agent=
trap 'kill $daemon $agent 2>/dev/null || :' EXIT

# History is complete when no step of the log's time is left in the snapshot.
waited=0
until $bin/mailtally status -c "$config" --json 2>/dev/null |
	grep -q "\"lines\":$lines[,}]" &&
	[ "$(sed -n '/^step/{s/^step \([0-9]*\) .*/\1/p;q}' \
		"$out/run/snapshot")" -gt "$last" ]; do
	kill -0 $daemon || exit 1
	sleep 0.2
	waited=$((waited + 1))
	if [ $waited -gt 1500 ]; then
		echo 'demo: the collector did not finish within 5 minutes' >&2
		exit 1
	fi
done
echo
echo "== History: $(find "$out/state/rrd" -name '*.rrd' | wc -l) RRD files in $out/state/rrd"
find "$out/state/rrd/total" -name '*.rrd' | sort
hours=$(((last - first) / 3600 + 1))
echo
echo '== Graphs'
for group in dkim spf dmarc milter smtpd smtpd.rejects smtp; do
	file=$out/$group.png
	if $bin/mailtally graph "$group" -c "$config" --range "${hours}h" \
		--end "$last" -o "$file" 2>"$out/why"; then
		echo "$file"
	else
		cat "$out/why"
	fi
done
rm -f "$out/why"

# The first port that nobody else has.
for port in 11161 11162 11163 11164 11165 11166 11167 11168 11169; do
	$bin/mailtally-agent -c "$config" \
		--standalone 127.0.0.1:$port 2>"$out/agent.log" &
	agent=$!
	until grep -q 'listening' "$out/agent.log"; do
		kill -0 $agent 2>/dev/null || break
		sleep 0.1
	done
	kill -0 $agent 2>/dev/null && break
done
kill -0 $agent 2>/dev/null || {
	cat "$out/agent.log" >&2
	exit 1
}

# Debian has none of the modules that a MIB builds upon: dist/snmp/mibs.  The
# tools read and write nothing of this machine's own.
mkdir -p "$out/snmp/cert_indexes"
export MIBDIRS=agent:dist/snmp/mibs:/usr/share/snmp/mibs \
	MIBS=MAILTALLY-MIB SNMPCONFPATH="$PWD/$out/snmp" \
	SNMP_PERSISTENT_DIR="$PWD/$out/snmp"
manager="-v2c -c demo 127.0.0.1:$port"
echo
echo "== $bin/mailtally-agent --standalone 127.0.0.1:$port; snmpwalk"
# shellcheck disable=SC2086
{
	snmpget -OQs $manager mtCollectorState.0 mtSnapshotAge.0
	snmpwalk -OQs $manager mtTotals |
		grep -E '^mt(Dkim|Spf|Dmarc|Milter|Qmgr(Acc|Rem)|SmtpSent)' |
		grep -v ' = 0$'
}
echo
echo '== snmptable, some of its columns'
# shellcheck disable=SC2086
snmptable -Cb -Cw 9999 $manager mtSourceTable | awk \
	-v names='Name DkimPass DkimFail SpfPass DmarcPass DmarcFail LogLines' '
	NR == 3 {
		for (i = 1; i <= NF; i++)
			place[$i] = i
		count = split(names, name)
	}
	NR >= 3 && NF > 1 {
		printf "%-14s", $place[name[1]]
		for (i = 2; i <= count; i++)
			printf " %9s", $place[name[i]]
		print ""
	}'

kill $agent $daemon
wait $agent
wait $daemon
trap - EXIT
