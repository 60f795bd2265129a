# SPDX-License-Identifier: ISC
"""The shipped Cacti templates as their README tells it, by hand: imported
and looked at in a browser, with a day of data.

Its pictures in build/cacti are those of cacti-templates/README.md.
"""
import os

import pytest

import daemon
import snmp
from cacti import browser, devices, history, instance, poll, render, templates
from cacti.lab import DEVICE, OUT, TEMPLATES, Lab

pytestmark = pytest.mark.skipif(
    not os.environ.get("MAILTALLY_FULL"),
    reason="MAILTALLY_FULL is not set: a day takes two minutes")
DAY_S = 86400
ROWS = "^(opendkim|opendmarc|mx1|mx2|example.org|example.com)$"


@pytest.fixture(scope="module", autouse=True)
def network():
    reason = instance.why_not()
    if reason:
        pytest.skip(reason)
    yield from snmp.network()


@pytest.fixture(scope="module")
def cacti(network):
    OUT.mkdir(parents=True, exist_ok=True)
    with instance.Cacti() as made:
        templates.install_queries(made, TEMPLATES / "snmp_queries")
        yield made


@pytest.fixture(scope="module")
def window(cacti):
    with browser.Browser(cacti) as made:
        made.log_in()
        yield made


def import_by_hand(cacti, window):
    window.go("templates_import.php")
    window.choose("#import_file", TEMPLATES / DEVICE)
    window.wait("/Graph Template/.test($('#contents').text())")
    window.picture(OUT / "page-import.png")
    window.run("document.querySelector('input#submit').click()")
    window.wait("/Import Succeeded/.test(document.body.innerText)")
    window.picture(OUT / "page-imported.png")


def test_a_day(cacti, window):
    import_by_hand(cacti, window)
    assert cacti.column("SELECT name FROM host_template") == ["mailtally"]
    # Once more, by the command line: there is nothing left to change.
    templates.install(cacti, TEMPLATES / DEVICE, "unchanged")
    last = poll.now()
    first = last - DAY_S
    with snmp.Place() as place:
        lab = Lab(place, cacti, 2, 300000, 40)
        with lab.tally:
            lab.start()
            number = devices.add(cacti, "mail.example.org", "mailtally",
                                 devices.V2C)
            devices.add_query_graphs(cacti, number, ROWS)
            lab.poll(first, poll.CMD_PHP)
            lab.write()
            daemon.poll(lab.serves, "the agent's look")
            history.fill(cacti, lab.truth[first],
                         dict(place.client().bulkwalk()), first, last)
            lab.poll(last, poll.CMD_PHP)
        render.everything(cacti, first, last, OUT)
    for page, name in (
            ("graph_view.php?action=preview&columns=2&graphs=10&rfilter="
             "tally - (D(KIM|MARC).{0,13}|SPF|Mail flow|Milter fail.*)$",
             "graphs"),
            ("graph_view.php?action=preview&columns=2&graphs=10&rfilter="
             "Domain.*example.org", "domain"),
            (f"graphs_new.php?host_id={number}&graph_type=3", "create"),
            (f"host.php?action=edit&id={number}", "device")):
        window.show(page.replace(" ", "%20"), OUT / f"page-day-{name}.png")
