#!/bin/sh
# The layout is what .clang-format says: `make format` applies it.
set -u
cd "$(dirname "$0")/../.." || exit 1
find lib rrd collector cli agent notify web tests -name '*.[ch]' 2>/dev/null |
	sort | xargs clang-format --dry-run -Werror || exit 1
echo "lint format: ok"
