#!/bin/sh
# Writes the seeds of tests/fuzz/corpus/view: those of corpus/snapshot with
# some names to ask for behind a zero byte, and one small file per area.
set -eu
cd "$(dirname "$0")/corpus"
mkdir -p view
head='mailtally-snapshot 1\nstarted 1000\nwritten 2000.5\nboot b-1\n'
# Three objects of the walk: whole, cut and with arcs of their own, the longest.
names='\0\0\0\0\0\0\3\4\2\1\0\0\7\3\1\360\370\377\377\377\376\0\1\377\0'

# seed NAME LINES: a whole file with the right count, and names
seed()
{
	printf "$head$2" >"view/$1"
	printf 'end %d\n' $(($(wc -l <"view/$1") - 1)) >>"view/$1"
	printf "$names" >>"view/$1"
}

for file in snapshot/*; do
	{ cat "$file" && printf "$names"; } >"view/$(basename "$file")"
done

counters='counter 110 dkim.pass message m\ncounter 400 spf.pass message m\n'
counters="${counters}counter 1600 queue.maildrop file m\n"
counters="${counters}counter 100000 own.a_b message m\n"
seed totals "${counters}row total 1 - 110=5 1600=7 100000=18446744073709551615\n"
seed gauges 'counter 1601 queue.incoming file m\nrow total 1 - 1601=4294967296\nstep 60 total 1 1601=+18446744073709551615\n'
seed scopes "${counters}row total 1 - 110=6\nrow source 4294967295 opendkim 110=6\nrow host 7 mx1 110=4\nrow host 2 mx2 110=2\nrow domain 3 d.example 110=1 400=0 100000=2\n"
seed scope_odd "${counters}row other 1 a 110=1\nrow host 0 zero 110=1\nrow host 1 %%01%%1B[m%%FF 110=1\n"
seed input_lag 'input /var/log/mail.log 1 2 18446744073709551615 00ff00ff00ff00ff 9 8 7\ninput /var/log/mail.log 1 3 4 00ff00ff00ff00ff 3 18446744073709551615 7\ninput %%1B[m%%FF 1 3 4 00ff00ff00ff00ff 3 8 7\n'
seed shares 'share dkim_failures total 300 0.0312\nshare dkim_failures total 3600 1.0000\nshare spf_failures total 300 0.0000\nshare dkim_unsigned total 300 0.5000\nshare dmarc_failures mx1 300 0.5000\n'
seed alerts 'alert dkim-stopped all raised 1999 12.5 1 critical No signature since 10:00\nalert dkim-stopped d.example clear 1 0 1 warning\nalert odd %%1B[m - 0 x y z a\tb\033c\377\nalert odd %%1B[m - 0 x y z twice\n'
seed changes 'change 1 1999 dkim-stopped all raised 12.5 1 critical No signature\nchange 2 2000 dkim-stopped all cleared\nchange 4294967296 2000 a - raised\n'
seed backwards_changes 'change 7 1 a b raised\nchange 7 1 a b raised\nchange 6 1 a b cleared\n'
seed times 'ledger 253402300799\nsuccess dkim 253402300799\nsigns d 0\n'
