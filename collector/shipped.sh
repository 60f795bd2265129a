#!/bin/sh
# SPDX-License-Identifier: ISC
# shipped.sh TABLE FILE...: writes the assembler source that carries the files,
# and TABLE, which says where they are: see shipped.h.
set -eu
table=$1
shift
n=0
echo '	.section .rodata'
for file; do
	printf 'name%d:	.asciz "%s"\ndata%d:	.incbin "%s"\nend%d:\n' \
		"$n" "${file##*/}" "$n" "$file" "$n"
	n=$((n + 1))
done
printf '	.section .data.rel.ro,"aw"\n	.balign 8\n	.globl %s\n%s:\n' \
	"$table" "$table"
i=0
while [ "$i" -lt "$n" ]; do
	printf '	.quad name%d, data%d, end%d\n' "$i" "$i" "$i"
	i=$((i + 1))
done
printf '	.quad 0, 0, 0\n	.section .note.GNU-stack,"",%%progbits\n'
