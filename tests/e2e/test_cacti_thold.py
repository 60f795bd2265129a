# SPDX-License-Identifier: ISC
"""The shipped thresholds in the plugin thold: made with the device, raised,
mailed and cleared.  MAILTALLY_THOLD=FOLDER names a copy of the plugin."""
import os

import pytest

import snmp
from cacti import devices, instance, poll, templates, thold
from cacti.lab import DEVICE, OUT, TEMPLATES, Lab, network

PLUGIN = os.environ.get("MAILTALLY_THOLD")
pytestmark = pytest.mark.skipif(
    not PLUGIN, reason="MAILTALLY_THOLD names no folder of the plugin thold")
MILTER = (b" mx1 postfix/smtpd[12]: warning: connect to Milter service "
          b"inet:127.0.0.1:8891: Connection refused\n")


@pytest.fixture(scope="module")
def cacti(network):
    OUT.mkdir(parents=True, exist_ok=True)
    with instance.Cacti() as made:
        templates.install_queries(made, TEMPLATES / "snmp_queries")
        templates.install(made, TEMPLATES / DEVICE)
        thold.install(made, PLUGIN)
        yield made


def test_a_breach_is_raised_and_mailed_and_cleared(cacti):
    path = TEMPLATES / "thold/mailtally_thold.xml"
    said, names = thold.install_templates(cacti, path)
    again, same = thold.install_templates(cacti, path)
    assert names == same and len(names) == path.read_text().count("<hash>")
    thold.link(cacti, "mailtally", "postmaster@example.org")
    first = poll.now() - 10 * poll.STEP_S
    transcript = [said]
    with snmp.Place() as place:
        lab = Lab(place, cacti, 4)
        with lab.tally:
            lab.start()
            devices.add(cacti, "mx1", "mailtally", devices.V2C)
            totals = [name for name in names if "domain" not in name]
            made = cacti.column("SELECT name_cache FROM thold_data")
            assert len(made) == len(totals), made
            for n in range(9):
                if 2 <= n < 5:
                    lab.write([MILTER] * 50)
                lab.poll(first + n * poll.STEP_S, poll.CMD_PHP)
                transcript += [f"poll {n}: mails {thold.subjects(cacti)}"]
            transcript += [str(row) for row in cacti.rows(
                "SELECT name_cache, lastread, thold_alert, thold_fail_count "
                "FROM thold_data")]
    transcript += cacti.mails()
    transcript += [cacti.log()[-3000:]]
    (OUT / "thold.txt").write_text("\n".join(transcript))
    subjects = thold.subjects(cacti)
    milter = [text for text in subjects if "Milter not reachable" in text]
    assert [text.split(":")[0] for text in milter] == ["ALERT", "NORMAL"]
    # Nobody is told of an end whose beginning nobody was told.
    assert not [text for text in subjects if "signing" in text], subjects
