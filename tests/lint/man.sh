#!/bin/sh
# Man pages: mandoc finds nothing, each program and file format has its page,
# and no page sends the reader to one of ours that is not there.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0
complain() { echo "$1"; bad=1; }

mandoc -T lint -W warning docs/man/*.[1-9] || bad=1

# mailtally-rrd is a part of mailtally(1): users never call it.
programs=$(sed -n 's/^all://p' Makefile | tr ' ' '\n' |
	sed -n 's,.*/bin/,,p' | grep -v '^mailtally-rrd$')
[ -n "$programs" ] || complain "Makefile: no programs behind 'all:'"
for program in $programs; do
	ls docs/man/"$program".[18] >/dev/null 2>&1 ||
		complain "$program: no page in docs/man"
done
for format in mailtally.conf mailtally-rules mailtally-snapshot; do
	[ -f "docs/man/$format.5" ] || complain "$format: no page in docs/man"
done
for page in $(sed -n 's/^\.Xr \(mailtally[a-z.-]*\) \([1-9]\).*/\1.\2/p' \
	docs/man/*.[1-9] | sort -u); do
	[ -f "docs/man/$page" ] || complain "docs/man: .Xr to $page: not there"
done
[ $bad = 0 ] && echo "lint man: ok"
exit $bad
