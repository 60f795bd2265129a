#!/bin/sh
# Writes the seeds of tests/fuzz/corpus/snapshot: one small file per idea.
set -eu
cd "$(dirname "$0")/corpus/snapshot"
head='mailtally-snapshot 1\nstarted 1000\nwritten 2000.5\nboot b-1\n'

# seed NAME LINES: a whole file, with the right count
seed()
{
	printf "$head$2" >"$1"
	printf 'end %d\n' $(($(wc -l <"$1") - 1)) >>"$1"
}

seed empty ''
seed counters 'counter 110 dkim.pass message Verified\ncounter 400 spf.pass message\n'
seed inputs 'input /var/log/mail.log 2049 77 123 00ff00ff00ff00ff 9 8 7\n'
seed rows 'row total 1 - 110=5 400=18446744073709551615\nrow host 1 mx1 110=5\n'
seed escapes 'row domain 1 %%2D\nrow domain 2 -\nrow domain 3 a%%20b%%25\n'
seed steps 'row total 1 -\nstep 60 total 1 110=+1\nstep 120 total 1 110=+2\n'
seed spoke 'spoke mx1 dkim opendkim 1199\n'
seed others 'ledger 1000\nsuccess dkim 990\nsigns d 1\nshare a b 300 0.1000\nalert a - raised 1 2 3 critical x y\nchange 1 2 a - raised\n'
seed alerts 'alert a - raised 1 0.5 3 critical x  y\nalert b c%%20d clear 9 - - info\n'
seed changes 'change 1 2 a - raised\nchange 3 2 a b%%25 cleared 5 1\nchange 18446744073709551615 2 a - raised 5 1 info x y\n'
seed sunken 'change 2 2 a - raised\nchange 2 3 a - cleared\n'
seed unknown 'future words 1\ncounter 1 a b\nanother\n'
seed twice 'row host 1 a\nrow host 2 a\n'
seed backwards 'row total 1 -\nstep 120 total 1\nstep 60 total 1\n'
seed overflow 'row total 1 - 4294967296=18446744073709551616\n'
printf "$head"'row total 1 - 110=5 40' >cut
printf 'mailtally-snapshot 2\nend 0\n' >version
