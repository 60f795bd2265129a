#!/bin/sh
# Who may include whom, and which one module knows which outside library.
#
# A module is FOLDER/NAME.c with FOLDER/NAME.h.  Tests may include anything.
set -u
cd "$(dirname "$0")/../.." || exit 1

find lib rrd collector cli agent notify web -name '*.[ch]' 2>/dev/null |
sort | xargs awk '
BEGIN {
	may["lib"] = " lib "
	may["rrd"] = " lib rrd "
	may["collector"] = " lib rrd collector "
	may["cli"] = " lib collector cli "
	may["cli/rrd"] = " lib rrd cli cli/rrd "
	may["agent"] = " lib agent "
	may["notify"] = " lib notify "
	may["web"] = " lib rrd web "
	# Outside headers that one module alone may know.
	split("confuse jansson pcre2 xxhash zlib microhttpd sys/inotify " \
		"curl/curl systemd/sd-daemon systemd/sd-journal", names)
	for (n in names)
		is_single[names[n] ".h"] = 1
}
function complain(what)
{
	printf "%s:%d: %s\n", FILENAME, FNR, what
	bad = 1
}
function folder_of(path)
{
	sub(/\/[^\/]*$/, "", path)
	return path
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, part, "\"")
	from = folder_of(FILENAME)
	to = folder_of(part[2])
	if (index(part[2], "/") == 0 || index(part[2], "..") > 0)
		complain("include \"" part[2] "\": not a path from the root")
	else if (!(from in may))
		complain("folder " from " is not known to this test")
	else if (index(may[from], " " to " ") == 0)
		complain(from " may not include \"" part[2] "\"")
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, part, /[<>]/)
	header = part[2]
	module = FILENAME
	sub(/\.[ch]$/, "", module)
	if (header in is_single) {
		if (header in owner && owner[header] != module)
			complain("<" header "> belongs to " owner[header])
		owner[header] = module
	}
	if (header ~ /^rrd/ && folder_of(FILENAME) != "rrd")
		complain("<" header "> belongs to rrd/")
	if (header ~ /^net-snmp/ && module != "agent/netsnmp")
		complain("<" header "> belongs to agent/netsnmp.h")
}
END { exit bad }' || exit 1
echo "lint layers: ok"
