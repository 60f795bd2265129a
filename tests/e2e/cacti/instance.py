# SPDX-License-Identifier: ISC
"""Debian's Cacti with a database and a web server of its own.

    with Cacti() as cacti:                  # in snmp.network()
        cacti.php("cli/add_device.php", "--description=mx1", …)
        cacti.rows("SELECT id, description FROM host")

The packaged files are used where they are, in a Machine: what Cacti, PHP and
MariaDB write is gone with it, and so are their processes, the poller's
children too.  Nothing leaves: the network has only loopback, the network that
a fresh Cacti would search is taken out first, mail becomes files.
"""
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from daemon import poll
from machine import Machine

PORT = 18080
CACTI = "/usr/share/cacti"
SITE = f"{CACTI}/site"
URL = f"http://127.0.0.1:{PORT}/cacti/"
SOCKET = "/run/db/socket"
FAKETIME = "/usr/$LIB/faketime/libfaketime.so.1"
PASSWORD = "admin"
AS_CACTI = ("setpriv", "--reuid=www-data", "--regid=www-data", "--init-groups")
PROGRAMS = ("mariadbd", "mariadb-install-db", "php", "spine", "rrdtool",
            "faketime", "chromium", "setpriv")

CONFIG = f"""<?php
$database_type = 'mysql';
$database_default = 'cacti';
$database_hostname = '{SOCKET}';
$database_username = 'cacti';
$database_password = 'cacti';
$database_port = '';
$database_retries = 1;
$database_ssl = false;
$database_persist = false;
$poller_id = 1;
$url_path = '/cacti/';
$cacti_session_name = 'Cacti';
$disable_log_rotation = true;
$path_csrf_secret = '/var/lib/cacti/csrf/secret.php';
"""
SPINE = f"""DB_Host {SOCKET}
DB_Database cacti
DB_User cacti
DB_Pass cacti
DB_Port 3306
"""
# What its web installer would have asked for.
SETTINGS = {
    "path_php_binary": "/usr/bin/php", "path_rrdtool": "/usr/bin/rrdtool",
    "rrdtool_version": "1.7.2", "path_snmpget": "/usr/bin/snmpget",
    "path_snmpwalk": "/usr/bin/snmpwalk",
    "path_snmpgetnext": "/usr/bin/snmpgetnext",
    "path_snmpbulkwalk": "/usr/bin/snmpbulkwalk",
    "path_cactilog": "/var/log/cacti/cacti.log",
    "path_spine": "/run/spine", "path_spine_config": "/etc/cacti/spine.conf",
    "poller_type": "1", "poller_interval": "300", "cron_interval": "300",
    "poller_enabled": "on", "log_verbosity": "2", "selected_theme": "modern",
    "default_interface_speed": "1000", "autocomplete_enabled": "0",
    "settings_how": "1", "settings_from_email": "cacti@example.org",
}
# Stands where PHP and everything else look for sendmail.
SENDMAIL = """#!/bin/sh
mail=$(mktemp /run/mail/XXXXXXXX)
{ echo "X-Arguments: $*"; cat; } >"$mail"
"""
FURNISH = f"""
set -e
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mkdir -m 1777 /run/mail
mkdir /run/www
ln -s {SITE} /run/www/cacti
printf %s "$SENDMAIL" >/run/sendmail
chmod 755 /run/sendmail
if [ -e /usr/sbin/sendmail ]; then
    mount --bind /run/sendmail /usr/sbin/sendmail
fi
for conf in /etc/php/*/cli/conf.d; do
    echo 'sendmail_path = "/run/sendmail -t -i"' >"$conf/99-test.ini"
    echo 'memory_limit = 512M' >>"$conf/99-test.ini"
done
printf %s "$CONFIG" >/etc/cacti/debian.php
printf %s "$SPINE" >/etc/cacti/spine.conf
chgrp www-data /etc/cacti/*
cp /usr/sbin/spine /run/spine  # without its capabilities: it takes LD_PRELOAD
mkdir -p /var/lib/cacti/cache/boost /var/lib/cacti/cache/mibcache \
    /var/lib/cacti/cache/realtime /var/lib/cacti/cache/spikekill
chown -R www-data: /var/lib/cacti/cache /var/log/cacti
install -d -o mysql -g mysql /run/db
mariadb-install-db --no-defaults --user=mysql --datadir=/run/db/data \
    --auth-root-authentication-method=normal --skip-test-db \
    --skip-name-resolve --force
"""
DATABASE = f"""mariadbd --no-defaults --user=mysql --datadir=/run/db/data \
    --socket={SOCKET} --pid-file=/run/db/pid --skip-networking --skip-log-bin \
    --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci"""
SCHEMA = """
set -e
mariadb -uroot -S $SOCKET -e "
    CREATE DATABASE cacti CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
    CREATE USER cacti@localhost IDENTIFIED BY 'cacti';
    GRANT ALL ON cacti.* TO cacti@localhost;
    GRANT SELECT ON mysql.time_zone_name TO cacti@localhost"
mariadb -uroot -S $SOCKET cacti </usr/share/cacti/conf_templates/cacti.sql
"""


def why_not():
    """The reason why there can be no Cacti here, or None."""
    missing = [name for name in PROGRAMS if not shutil.which(
        name, path="/usr/sbin:/usr/bin:/sbin:/bin")]
    if missing:
        return "not installed: " + ", ".join(missing)
    if not os.path.exists("/usr/share/cacti/conf_templates/cacti.sql"):
        return "not installed: Debian's cacti"
    return None


class CactiError(Exception):
    """A program of Cacti's failed: what it said."""


class Cacti:
    def __enter__(self):
        self.machine = Machine(more=("/usr/share/cacti",))
        self.machine.__enter__()
        try:
            self._install()
        except BaseException:
            self.machine.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.machine.__exit__()

    def _install(self):
        self.env = dict(self.machine.environment(), CONFIG=CONFIG,
                        SPINE=SPINE, SENDMAIL=SENDMAIL, SOCKET=SOCKET)
        self.run("sh", "-c", FURNISH)
        self.machine.start("mariadbd", DATABASE)
        poll(lambda: self.inside(SOCKET).exists(), "mariadbd", 10)
        self.run("sh", "-c", SCHEMA)
        # Before all else: its default network is somebody's.
        self.sql("UPDATE automation_networks SET enabled=''")
        version = (self.inside(SITE) / "include/cacti_version").read_text()
        self.version = version.strip()
        self.sql(f"UPDATE version SET cacti='{self.version}'")
        self.sql(f"UPDATE user_auth SET password=md5('{PASSWORD}'), "
                 "must_change_password='', password_change='' WHERE id=1")
        self.set(**SETTINGS)
        self.machine.start(
            "php", f"env PHP_CLI_SERVER_WORKERS=4 {' '.join(AS_CACTI)} "
            f"php -S 127.0.0.1:{PORT} -t /run/www")
        poll(self._answers, "the web server", 30)

    def _answers(self):
        try:
            urllib.request.urlopen(URL + "include/js/LICENSE.md", timeout=5)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    # ---- commands

    def inside(self, path):
        """A path of the machine, as it is seen from here."""
        return Path(f"/proc/{self.machine.first}/root{path}")

    def start(self, *words, user=None, env=None):
        """A process, and the file for what it prints: children that go on
        may hold a pipe for ever."""
        how = [*AS_CACTI, "env"] if user == "www-data" else ["env"]
        # Set by env, so that no program of root's sees it.
        how += [f"{name}={value}" for name, value in (env or {}).items()]
        out = tempfile.NamedTemporaryFile(dir=self.machine.folder)
        return subprocess.Popen(
            self.machine.command(*how, *words), stdin=subprocess.DEVNULL,
            stdout=out, stderr=out, cwd="/", env=self.env), out

    def finish(self, process, out, timeout_s=600):
        """What it printed."""
        status = process.wait(timeout_s)
        text = Path(out.name).read_text(errors="replace")
        out.close()
        if status:
            raise CactiError(f"{process.args}: status {status}: {text}")
        return text

    def run(self, *words, **how):
        return self.finish(*self.start(*words, **how))

    def php(self, script, *arguments, env=None):
        """What a script of Cacti's printed; relative to its folder."""
        return self.side_by_side((script, *arguments), env=env)[0]

    def side_by_side(self, *scripts, env=None):
        """[what each printed]"""
        started = [self.start("php", "-q", os.path.join(CACTI, script),
                              *arguments, user="www-data", env=env)
                   for script, *arguments in scripts]
        return [self.finish(*one) for one in started]

    # ---- its database

    def sql(self, text):
        done = subprocess.run(
            self.machine.command("mariadb", "-uroot", "-S", SOCKET, "-N",
                                 "--batch", "cacti"), input=text, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env,
            cwd="/")
        if done.returncode:
            raise CactiError(f"{text}: {done.stderr}")
        return done.stdout

    def rows(self, query):
        """[[field, …]] as texts."""
        return [line.split("\t") for line in self.sql(query).splitlines()]

    def column(self, query):
        return [row[0] for row in self.rows(query)]

    def set(self, **settings):
        for name, value in settings.items():
            self.sql("REPLACE INTO settings (name, value) VALUES "
                     f"('{name}', '{value}')")

    # ---- what it said

    def log(self):
        path = self.inside("/var/log/cacti/cacti.log")
        return path.read_text(errors="replace") if path.exists() else ""

    def mails(self):
        return [path.read_text(errors="replace")
                for path in sorted(self.inside("/run/mail").iterdir(),
                                   key=lambda path: path.stat().st_mtime)]
