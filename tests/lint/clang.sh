#!/bin/sh
# SPDX-License-Identifier: ISC
# clang, too, builds all of it without a warning.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build
if make -s CC=clang B=build/clang WERROR=1 all units fuzzers 2>build/clang.err; then
	echo 'lint clang: ok'
else
	cat build/clang.err
	exit 1
fi
