# SPDX-License-Identifier: ISC
"""The agent leaks nothing and touches nothing wrong."""
import os
import shutil

import pytest

import oracle
import snmp
from daemon import poll
from snmp import ROOT_OID, Place


@pytest.fixture(scope="module", autouse=True)
def network():
    yield from snmp.network()


def small(seed=1):
    """valgrind is slow."""
    return oracle.rich(2, seed, every=6)


@pytest.mark.skipif(shutil.which("valgrind") is None,
                    reason="valgrind is not installed")
@pytest.mark.skipif(os.environ.get("MODE") == "asan",
                    reason="built with sanitizers")
@pytest.mark.parametrize("standalone", [False, True])
def test_valgrind_finds_nothing(standalone):
    with Place() as place:
        report = place.folder / "valgrind.txt"
        wrap = ["valgrind", "-q", "--leak-check=full", "--error-exitcode=99",
                "--errors-for-leak-kinds=definite,indirect,possible",
                "--show-leak-kinds=definite,indirect,possible",
                "--track-fds=no", f"--log-file={report}"]
        if standalone:
            place.configure('community = "public"')
        place.publish(small())
        traps = place.traps().start()
        master = place.master(
            f"trap2sink 127.0.0.1:{snmp.TRAPS} public").start()
        agent = place.agent(wrap=wrap, standalone=standalone).start()
        client = agent.client(timeout_s=20)

        def look():
            oracle.assert_served(place.snapshot(), client.walk())

        look()
        if not standalone:
            master.terminate()
            master.start()
            agent.wait_ready()
        for seed in range(2, 8):
            made = small(seed)
            place.publish(made if seed % 3 else b"junk\n")
            poll(lambda: len(client.bulkwalk()) > 9, "an answer", alive=agent)
        if not standalone:
            made = small()
            for number in range(30):
                made.change(f"alert-{number}")
            place.publish(made)
            number = ROOT_OID + (1, 11, 1, 0)  # mtChangeNumber
            poll(lambda: {found.get(number) for found in traps.received()}
                 >= {("Gauge32", n) for n in range(1, 31)},
                 "30 notifications", alive=agent)
        settled = oracle.rich(1, 9, every=6)
        place.publish(settled)
        poll(lambda: client.value(oracle.SOURCE_ROWS) == 1, "the last one",
             alive=agent)
        look()
        assert agent.terminate() == 0, report.read_text() + agent.said()
        assert report.read_text() == ""
