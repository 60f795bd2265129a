#!/bin/sh
# Files of at most 400 lines, functions of at most 60.
#
# A function's lines are those from its '{' to its '}', which stand alone in
# the first column; its name begins the line before its '(' (the return type is
# on a line of its own: tests/lint/format.sh sees to that).
set -u
cd "$(dirname "$0")/../.." || exit 1

find lib rrd collector cli agent notify web tests -name '*.[ch]' \
	2>/dev/null | sort | xargs awk -v file_max=400 -v function_max=60 '
function complain(line, what)
{
	printf "%s:%d: %s\n", file, line, what
	bad = 1
}
function end_of_file()
{
	if (lines > file_max)
		complain(lines, lines " lines, at most " file_max)
}
FNR == 1 {
	end_of_file()
	file = FILENAME
	name = ""
	start = 0
}
{ lines = FNR }
/^[a-z_][a-z0-9_]*\(/ { name = $0; sub(/\(.*/, "", name) }
/^\{/ { start = FNR }
/^\}/ && start > 0 && name != "" {
	if (FNR - start - 1 > function_max)
		complain(start, name "() has " FNR - start - 1 \
			" lines, at most " function_max)
	name = ""
	start = 0
}
END { end_of_file(); exit bad }' || exit 1
echo "lint size: ok"
