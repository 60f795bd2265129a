#!/bin/sh
# SPDX-License-Identifier: ISC
# Counts a log, keeps its history, draws it: `make demo [LOG=FILE]`.
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
trap 'kill $daemon 2>/dev/null || :' EXIT

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
kill $daemon
wait $daemon
trap - EXIT

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
