#!/bin/sh
# Each header compiles alone, and twice over.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0
for header in $(find lib rrd collector cli agent tests -name '*.h' | sort); do
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
	${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra -Werror \
		-fsyntax-only -x c - || { echo "$header: not alone"; bad=1; }
done
[ $bad = 0 ] && echo "lint headers: ok"
exit $bad
