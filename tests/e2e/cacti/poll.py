# SPDX-License-Identifier: ISC
"""Polls at moments of our choosing: PHP, spine and MariaDB see a clock that
stands at the cycle's end, so that steps of 300 s need no waiting and every
rate is exact.
"""
import re
import time
from datetime import datetime, timezone

from cacti.instance import FAKETIME
from daemon import poll as wait

STEP_S = 300
CMD_PHP, SPINE = 1, 2
STATS = re.compile(
    r"SYSTEM STATS: Time:([\d.]+) Method:(\S+) .*?Hosts:(\d+).*?"
    r"DataSources:(\d+) RRDsProcessed:(\d+)")


def now():
    """The end of the last step."""
    return int(time.time()) // STEP_S * STEP_S


def _others(cacti):
    """The poller's children that go on behind it, and hold the database."""
    text = cacti.run("sh", "-c", "pgrep -r D,R,S -a 'php|spine|rrdtool' || :")
    return [line for line in text.splitlines() if " -S 127." not in line]


def cycle(cacti, when, method=CMD_PHP):
    """One poll at `when`, with all that it starts; (time, method, hosts,
    data sources, RRD files) as Cacti tells them."""
    assert when % STEP_S == 0
    cacti.sql(f"SET GLOBAL init_connect='SET timestamp={when}'")
    cacti.set(poller_type=method)
    before = len(cacti.log())
    at = datetime.fromtimestamp(when, timezone.utc)
    began = time.monotonic()
    said = cacti.php("site/poller.php", "--force", env={
        "LD_PRELOAD": FAKETIME, "FAKETIME": f"@{at:%Y-%m-%d %H:%M:%S}",
        "TZ": "UTC"})
    wait(lambda: not _others(cacti), "the end of the poller's children", 30)
    cacti.sql("SET GLOBAL init_connect=''")
    found = STATS.findall(cacti.log()[before:])
    assert len(found) == 1, f"{said[-1500:]} {cacti.log()[before:][-3000:]}"
    _, name, hosts, sources, files = found[0]
    return {"took": time.monotonic() - began, "method": name,
            "hosts": int(hosts), "sources": int(sources), "files": int(files)}
