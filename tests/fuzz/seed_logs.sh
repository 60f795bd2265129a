#!/bin/sh
# Writes the seeds of tests/fuzz/corpus/line, rules and scan: one small file per
# idea; scan also takes what rules look like, without their context.
set -eu
cd "$(dirname "$0")/corpus"

# seed FILE TEXT: a printf(1) format without arguments
seed()
{
	# shellcheck disable=SC2059
	printf "$2" >"$1"
}

old='Nov  8 10:00:00 mx1'
seed line/old "$old postfix/smtpd[7]: x\n"
seed line/padded 'Nov 08 10:00:00 mx1 opendkim[7]: x\nNov 8 10:00:01.5 mx1 a: y\n'
seed line/iso '2026-05-17T14:57:51.742322+02:00 mx1 a[7]: x\n2026-05-17T12:57:51Z b: y\n2026-05-17 14:57:51+0200 mx1 c[1]: z\n'
seed line/leap 'Feb 29 10:00:00 mx1 a[7]: x\nFeb 30 10:00:00 mx1 a[7]: x\nDec 31 23:59:60 mx1 a[7]: x\nJan  1 00:00:00 mx1 a[7]: x\n'
seed line/change 'Oct 25 02:59:59 mx1 a[7]: x\nOct 25 02:00:00 mx1 a[7]: x\nMar 29 02:30:00 mx1 a[7]: x\n'
seed line/rfc5424 '<22>1 2026-05-17T12:57:51.5Z mx1 postfix 7 id [x@1 k="a] \\" b"][y] x\n<22>1 2026-05-17T12:57:51Z - a - - - x\n'
seed line/priority "<22>$old a[7]: x\n<191>2026-05-17T12:57:51Z mx1 a: x\n"
seed line/solaris "$old postfix/qmgr[7]: [ID 197553 mail.info] x\n"
seed line/docker "mail_1  | $old a[7]: x\nmail_1  | postfix/qmgr[7]: x\n"
seed line/stampless 'postfix/qmgr[7]: x\nmx1 a[7]: y\n a/b: z\n'
seed line/rspamd '2026-09-07 23:51:44 #37(rspamd_proxy) <8d265a>; x\n2026-09-07 23:51:44.03286 [notice] #1(main) x\n#1(main) y\n[x] #2(z\n'
seed line/repeated "$old a[7]: message repeated 3 times: [ x]\n$old a[7]: message repeated 9999999 times: [x\n$old last message repeated 2 times\n$old -- MARK --\n"
seed line/binary "$old a[7]: x\0\377\376\001\r\n\0\0\n"

seed rules/plain 'source s\nprogram /^a$/\nprogram !^b!i\n/x/ a.a\n/y$/ ignore\n'
seed rules/within 'source s\nprogram /^a$/\nwithin /(?<qid>\\w+): /\n/x (?<signer>\\S+)/ a.a b.b\nwithin /y/\n/z/ ignore\nend\nend\n'
seed rules/list 'list t\nx a.a+=options b.b\ny b.b\nz ignore\nend\nsource s\nprogram /^a$/\n/(?<t>.*)/ @t\nx(0.1){o;p;...;},y=3,z,x{},[x]\ny(1){;},x(2){a},b;},x],y\n'
seed rules/table 'table t\nx a.a b.b\ny ignore\nend\nsource s\nprogram /^a$/\n/(?<t>\\w+)/ @t\n'
seed rules/define 'define id [0-9]+|none\ndefine two %%{id}-%%{id}\nsource s\nprogram /^a$/\n/%%{two}/ a.a\n'
seed rules/actions 'source s\nprogram /^a$/\n/(?<n>\\d+) (?<r>\\S+)/ a.a+=n r?a.a:b.b\n'
seed rules/alias '# comment\nalias a b\n'
seed rules/unended 'source s\nprogram /^a$/\nwithin /x/\n'
seed rules/groups "source s\nprogram /^a\$/\n/(a)(?<b>c)(?P<d>e)(?'f'g)[(](?:h)(?=i)(?#j)\\\\Q(\\\\E/ a.a\n"
seed rules/recursion 'source s\nprogram /^a$/\n/(?<a>x)(?P>a)/ a.a\n'
seed rules/verb 'source s\nprogram /^a$/\n/(*MARK:99)(*ACCEPT)/ a.a\n'
seed rules/quotation 'source s\nprogram /^a$/\n/a\\Q/ a.a\n/b\\E/ b.b\n'
seed rules/comment 'source s\nprogram /^a$/\n/(?x)a # b/ a.a\n'
seed rules/slow 'source s\nprogram /^a$/\n/(?:a|aa)+(?:b|c)/ a.a\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n'

seed scan/opendkim "$old opendkim[7]: 4F1A2B3C: DKIM verification successful\n$old opendkim[7]: 4F1A2B3C: DKIM-Signature field added (s=a, d=example.org)\n$old opendkim[7]: 4F1A2B3C: bad signature data\n$old opendkim[7]: new words\n"
seed scan/opendmarc "$old opendmarc[7]: 4F1A2B3C: example.org pass\n$old opendmarc[7]: 4F1A2B3C: example.net fail\n"
seed scan/spf "$old policyd-spf[7]: prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1; helo=a.example; envelope-from=u@example.org; receiver=v@example.net\n"
seed scan/policy "$old postfix/policy-spf[7]: Policy action=PREPEND Received-SPF: pass (example.org: 192.0.2.1 is authorized)\n"
seed scan/smtpd "$old postfix/smtpd[7]: connect from a.example[192.0.2.1]\n$old postfix/smtpd[7]: 4F1A2B3C: client=a.example[192.0.2.1], sasl_username=u\n$old postfix/smtpd[7]: NOQUEUE: reject: RCPT from a.example[192.0.2.1]: 554 5.7.1 <v@example.net>: Relay access denied; from=<u@example.org> to=<v@example.net> proto=ESMTP helo=<a.example>\n"
seed scan/delivery "$old postfix/qmgr[7]: 4F1A2B3C: from=<u@example.org>, size=1234, nrcpt=2 (queue active)\n$old postfix/smtp[7]: 4F1A2B3C: to=<v@example.net>, relay=b.example[192.0.2.2]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 OK)\n$old postfix/smtp[7]: 4F1A2B3C: to=<v@example.net>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.1, status=deferred (connect to b.example[192.0.2.2]:25: Connection refused)\n$old postfix/qmgr[7]: 4F1A2B3C: removed\n"
seed scan/milter "$old postfix/cleanup[7]: 4F1A2B3C: milter-reject: END-OF-MESSAGE from a.example[192.0.2.1]: 5.7.1 rejected by DMARC policy; from=<u@example.org> to=<v@example.net> proto=ESMTP helo=<a.example>\n$old postfix/smtpd[7]: warning: connect to Milter service inet:127.0.0.1:8891: Connection refused\n"
seed scan/mixed "$old cron[1]: job\nnothing\n\n$old last message repeated 2 times\n$old opendkim[7]: message repeated 3 times: [ 4F1A2B3C: no signature data]\n"
