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
from cacti.lab import DEVICE, OUT, TEMPLATES, Lab, network

pytestmark = pytest.mark.skipif(
    not os.environ.get("MAILTALLY_FULL"),
    reason="MAILTALLY_FULL is not set: a day takes two minutes")
DAY_S = 86400
# What the pictures of cacti-templates/README.md show; each with its height.
SIZE = (1280, 1120)
VIEW = "graph_view.php?action=preview&columns=2&graphs=10&rfilter="
PAGES = (
    (VIEW + "tally%20-%20(DKIM|DMARC|SPF|Mail%20flow)", "graphs", SIZE[1]),
    ("graphs_new.php?host_id={}&graph_type=3&rows=10&filter=example.org",
     "queries", 600),
    ("host.php?action=edit&id={}", "device", 1000))
ROWS = "^(opendkim|opendmarc|mx1|mx2|example.org|example.com)$"


@pytest.fixture(scope="module")
def cacti(network):
    OUT.mkdir(parents=True, exist_ok=True)
    with instance.Cacti() as made:
        templates.install_queries(made, TEMPLATES / "snmp_queries")
        yield made


@pytest.fixture(scope="module")
def window(cacti):
    with browser.Browser(cacti, SIZE) as made:
        made.log_in()
        yield made


def import_by_hand(cacti, window):
    window.go("templates_import.php")
    window.choose("#import_file", TEMPLATES / DEVICE)
    window.wait("/Graph Template/.test($('#contents').text())")
    window.picture(OUT / "page-import.png", 760)
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
            for page, name, height in PAGES:
                window.show(page.format(number), OUT / f"page-day-{name}.png",
                            height)
