#!/bin/sh
# SPDX-License-Identifier: ISC
# Writes the assembler source that carries the given files: see shipped.h.
set -eu
n=0
echo '	.section .rodata'
for file; do
	printf 'name%d:	.asciz "%s"\ndata%d:	.incbin "%s"\nend%d:\n' \
		"$n" "${file##*/}" "$n" "$file" "$n"
	n=$((n + 1))
done
printf '	.section .data.rel.ro,"aw"\n	.balign 8\n	.globl shipped_files\nshipped_files:\n'
i=0
while [ "$i" -lt "$n" ]; do
	printf '	.quad name%d, data%d, end%d\n' "$i" "$i" "$i"
	i=$((i + 1))
done
printf '	.quad 0, 0, 0\n	.section .note.GNU-stack,"",%%progbits\n'
