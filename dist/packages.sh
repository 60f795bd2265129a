#!/bin/sh
# SPDX-License-Identifier: ISC
# Installs the Debian packages that a task needs, if they are missing.
#
#   packages.sh build|test|bench|cacti
#
# Says what it does.  Without root it prints the one command to run and fails.
# Services that come with the packages are not started.
set -eu

build='gcc make pkg-config libc6-dev libpcre2-dev librrd-dev libconfuse-dev
	libxxhash-dev libjansson-dev zlib1g-dev uthash-dev libsnmp-dev
	fonts-dejavu-core rrdtool snmp'
test='git clang clang-format clang-tidy libclang-rt-dev libcmocka-dev mandoc python3
	python3-pytest valgrind rrdcached logrotate util-linux procps
	postfix opendkim opendkim-tools opendmarc postfix-policyd-spf-python
	postfix-policyd-spf-perl unbound rsyslog python3-dkim
	python3-cryptography python3-nacl hostname iproute2
	dkimpy-milter amavisd-new spamassassin rspamd snmpd snmptrapd smitools
	prometheus-snmp-exporter curl'
bench='python3 mtail mailgraph librrds-perl snmpd iproute2 util-linux'
# A Cacti of the tests' own: the programs, no database and no web server set up.
cacti='python3 python3-pytest procps iproute2 util-linux curl rrdtool snmp snmpd
	libxml2-utils faketime dbconfig-no-thanks mariadb-server cacti cacti-spine
	php-cli chromium'

case ${1-} in
build) wanted=$build ;;
test) wanted="$build $test $cacti" ;;
cacti) wanted="$build $cacti" ;;
bench) wanted="$build $bench" ;;
*)
	echo 'usage: packages.sh build|test|bench|cacti' >&2
	exit 2
	;;
esac

missing=
for package in $wanted; do
	dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null |
		grep -q '^ii' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
	echo "These packages are missing; as root, run:" >&2
	echo "  apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
echo "Installing:$missing"

# Nothing that is installed here may start by itself.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	trap 'rm -f "$policy"' EXIT
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
debconf-set-selections <<-'END'
	postfix postfix/main_mailer_type select Local only
	cacti cacti/dbconfig-install boolean false
	cacti cacti/webserver select None
END
case $missing in
*cacti-spine*) # its postinst copies a file that the package lacks
	sample=/usr/share/cacti/conf_templates/spine.conf.sample
	mkdir -p "${sample%/*}"
	[ -e "$sample" ] || echo '# unused' >"$sample"
	;;
esac
apt-get update -q
# shellcheck disable=SC2086
apt-get install -q -y --no-install-recommends $missing
