# SPDX-License-Identifier: ISC
"""The shipped Cacti templates in a real Cacti: imported by its command line,
polled by both of its pollers from a real snmpd while mailtallyd counts, drawn
by its own code and shown by a browser.

The pictures stay in build/cacti.  MAILTALLY_FULL=1 polls longer, draws a day
and takes a picture of more pages; MAILTALLY_THOLD=FOLDER names a copy of the
plugin thold for the test of the thresholds.
"""
import os
import re
import subprocess

import pytest

import oracle
import snmp
from cacti import browser, devices, instance, poll, render, rra, templates
from cacti.lab import DEVICE, MOVING, OUT, TEMPLATES, Lab, network

FULL = bool(os.environ.get("MAILTALLY_FULL"))
POLLS = ([poll.CMD_PHP] * 6 + [poll.SPINE] * 6 if FULL
         else [poll.CMD_PHP] * 3 + [poll.SPINE] * 2)
# name -> (its version of SNMP, rows of the data queries, kinds of graphs).
DEVICES = {
    "mx1": (devices.V2C, "." if FULL else "^(opendkim|mx1|example.org)$",
            None),
    "mx2": (devices.V3, "^(opendmarc|mx2|example.com)$",
            None if FULL else 1)}
MOVES_BY = 20  # seconds between the walk and the poll, at most
# What Cacti 1.2.24 says of itself with PHP 8.2, in a place like this one.
NOISE = re.compile(
    r"Creation of dynamic property phpsnmp\\SNMP::\$value_output_format"
    r"|CMDPHP PHP ERROR Backtrace:  \(.*cacti_snmp_session.*CactiErrorHandler"
    r"|CAP_NET_RAW is not set. ICMP ping will not work"
    r"|AUTOM8 \[PID: \d+\] WARNING: The Network ID: 1 is disabled")


@pytest.fixture(scope="module")
def cacti(network):
    OUT.mkdir(parents=True, exist_ok=True)
    with instance.Cacti() as made:
        yield made


@pytest.fixture(scope="module")
def imported(cacti):
    """The steps of cacti-templates/README.md."""
    templates.install_queries(cacti, TEMPLATES / "snmp_queries")
    templates.install(cacti, TEMPLATES / DEVICE)
    return cacti


@pytest.fixture(scope="module")
def lab(imported):
    # They end before now, so that a browser need not know of them.
    first = poll.now() - poll.STEP_S * len(POLLS)
    with snmp.Place() as place:
        made = Lab(place, imported, len(POLLS) + 1)
        with made.tally:
            made.start()
            for name, (how, rows, kinds) in DEVICES.items():
                number = devices.add(imported, name, "mailtally", how)
                made.query_graphs += devices.add_query_graphs(
                    imported, number, rows, kinds)
            for n, method in enumerate(POLLS):
                if n:
                    made.write()
                made.poll(first + poll.STEP_S * n, method)
            yield made


def test_php_takes_an_upload_of_the_device_template():
    """On Cacti's page for imports, without a word in php.ini."""
    assert (TEMPLATES / DEVICE).stat().st_size < 2 << 20


def test_nothing_can_leave(cacti):
    routes = subprocess.run(["ip", "-o", "link"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    assert re.findall(r"^\d+: (\w+)", routes, re.M) == ["lo"]
    assert cacti.column("SELECT COUNT(*) FROM automation_networks WHERE "
                        "enabled='on'") == ["0"]
    cacti.run("php", "-r", "mail('somebody@example.net', 'Hello', 'mail');")
    assert len(cacti.mails()) == 1 and "somebody@" in cacti.mails()[0]


def test_both_devices_are_polled_by_both_pollers(lab):
    for when, stats in lab.stats.items():
        assert stats["hosts"] == 2, stats
        assert stats["sources"] == len(rra.items(lab.cacti))
    assert {stats["method"] for stats in lab.stats.values()} == {
        "cmd.php", "spine"}
    assert lab.cacti.column("SELECT DISTINCT status FROM host") == ["3"]


def test_every_data_source_has_a_file(lab):
    items = rra.items(lab.cacti)
    missing = [str(item) for item in items if not item.path.exists()]
    assert not missing
    assert {item.host for item in items} == {"mx1", "mx2"}
    names = lab.cacti.column("SELECT COUNT(*) FROM data_local")
    assert int(names[0]) == len({item.path for item in items})


def test_every_counter_of_the_mib_is_there(lab):
    """Of those that there is a scalar of."""
    found = {item.oid for item in rra.items(lab.cacti)}
    want = {oid for oid in lab.truth[lab.times[0]]
            if snmp.below(oid, oracle.TOTALS)}
    assert not want - found, " ".join(map(snmp.show, sorted(want - found)))


def test_every_value_is_the_difference_that_snmp_shows(lab):
    times, wrong, count = lab.times, [], 0
    with rra.Rrdtool() as rrdtool:
        for item in rra.items(lab.cacti):
            is_rate = lab.truth[times[0]].get(item.oid, ("",))[0].startswith(
                "Counter")
            found = rrdtool.fetch(item.path, times[1], times[-1])[item.name]
            for before, when in zip(times, times[1:]):
                want = lab.value(when, item.oid)
                if is_rate and want is not None:
                    want = (want - lab.value(before, item.oid)) / poll.STEP_S
                slack = MOVES_BY if item.oid in MOVING else 1e-9
                count += 1
                if (found[when] is None) != (want is None) or (
                        want is not None and abs(found[when] - want)
                        > slack + 1e-9 * want):
                    wrong.append(f"{item} at {when}: {found[when]}, "
                                 f"not {want}")
    assert not wrong, f"{len(wrong)} of {count} differ: {wrong[:8]}"
    assert count > 1000


def test_nothing_is_unknown_from_the_second_poll_on(lab):
    unknown = []
    with rra.Rrdtool() as rrdtool:
        for item in rra.items(lab.cacti):
            found = rrdtool.fetch(item.path, lab.times[1], lab.times[-1])
            unknown += [str(item) for value in found[item.name].values()
                        if value is None]
    assert not unknown, f"{len(unknown)}: {sorted(set(unknown))[:20]}"


def test_titles_and_names_are_complete(lab):
    for table in ("graph_templates_graph", "data_template_data"):
        of = "title" if "graph" in table else "name"
        key = "local_graph_id" if "graph" in table else "local_data_id"
        texts = lab.cacti.column(
            f"SELECT {of}_cache FROM {table} WHERE {key} > 0")
        assert texts and not [text for text in texts if "|" in text], texts
        twice = {text for text in texts if texts.count(text) > 1}
        assert not twice, sorted(twice)[:10]


def test_every_graph_is_drawn(lab):
    drawn = render.everything(lab.cacti, lab.times[0] - 600, lab.times[-1], OUT)
    assert len(drawn) == len(render.titles(lab.cacti)) > lab.query_graphs


def test_the_browser_shows_the_graphs(lab):
    with browser.Browser(lab.cacti) as window:
        window.log_in()
        span = f"&date1={lab.times[0] - 600}&date2={lab.times[-1]}"
        window.show("graph_view.php?action=preview&columns=2&graphs=10" + span,
                    OUT / "page-graphs.png")
        shown = window.run("[...document.querySelectorAll('img.graphimage')]"
                           ".filter(i => i.naturalWidth > 300).length")
        assert shown == 10
        text = window.show("data_queries.php", OUT / "page-queries.png")
        assert "mailtally" in text
        for table in ("source", "host", "domain"):
            assert re.search(f"mailtally.*{table}", text, re.I)


def test_importing_again_changes_nothing(lab):
    before = templates.content(lab.cacti)
    templates.install(lab.cacti, TEMPLATES / DEVICE, "unchanged")
    after = templates.content(lab.cacti)
    changed = [table for table in before if before[table] != after[table]]
    assert not changed


def test_cacti_has_nothing_to_complain_of(lab):
    wrong = [line for line in lab.cacti.log().splitlines()
             if re.search(r"error|warning|fatal|fail|deprecated", line, re.I)
             and not NOISE.search(line)]
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"
