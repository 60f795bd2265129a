# SPDX-License-Identifier: ISC
"""The plugin thold in a Cacti: put in, its threshold templates, its mail.

The plugin is none of ours and not in this repository; whoever tests with it
names a folder of it.
"""
import re
import shutil

from cacti.instance import SITE

SETTINGS = {
    "thold_autocreate": "on", "thold_enable_per_thold_body": "on",
    "thold_from_email": "cacti@example.org", "base_url": "http://cacti.test/",
    "alert_email": "", "thold_alert_debug": ""}


def install(cacti, plugin):
    to = cacti.inside(f"{SITE}/plugins/thold")
    shutil.copytree(plugin, to)
    # Twice: given once, Cacti takes it for no plugin at all.
    cacti.php("cli/plugin_manage.php", "--plugin=thold", "--plugin=thold",
              "--install", "--enable", "--allperms")
    assert cacti.column("SELECT status FROM plugin_config WHERE "
                        "directory='thold'") == ["1"]
    cacti.set(**SETTINGS)


def install_templates(cacti, path):
    """What it printed; the names of the templates."""
    shutil.copy(path, cacti.inside("/run/thold.xml"))
    said = cacti.php("site/plugins/thold/cli_import.php",
                     "--filename=/run/thold.xml")
    assert "ERROR" not in said, said
    return said, cacti.column("SELECT name FROM thold_template ORDER BY id")


def link(cacti, device_template, address):
    """All of them to the device template, their alerts to the address."""
    cacti.sql("INSERT INTO plugin_notification_lists (name, description, "
              f"emails) VALUES ('mail', 'mail', '{address}')")
    cacti.sql("UPDATE thold_template SET notify_alert=1, notify_warning=1")
    cacti.sql("INSERT INTO plugin_thold_host_template "
              "(host_template_id, thold_template_id) SELECT "
              "host_template.id, thold_template.id FROM host_template, "
              f"thold_template WHERE host_template.name='{device_template}'")


def subjects(cacti):
    return [re.search(r"^Subject: (.*(?:\n[ \t].*)*)", mail, re.M)[1]
            for mail in cacti.mails()]
