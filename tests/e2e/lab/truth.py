# SPDX-License-Identifier: ISC
"""What must be counted, noted by whoever causes it, never read from a log."""
import collections
import pathlib

CATALOGUE = (pathlib.Path(__file__).resolve().parents[3]
             / "collector" / "rules.d" / "catalogue")
# How many warnings a failure brings is up to chance; the rest is arithmetic.
UNSURE = {"smtpd.warnings", "postfix.warnings", "log.lines", "log.bytes",
          "log.matched", "log.ignored"}


class Truth:
    """Counters by source; the total is the sum over all sources.

    (No method has two verifiers on one host here, so the total of verdicts
    is the sum too, whichever authority is taken.)
    """

    def __init__(self):
        # Now: the lab may hide the folder that the catalogue stands in.
        self._names = {
            line.split()[1]
            for line in CATALOGUE.read_text().splitlines()
            if line and not line.startswith("#")}
        self._source = collections.defaultdict(collections.Counter)

    def add(self, source, counter, times=1):
        assert counter in self._names, counter
        self._source[source][counter] += times

    def add_all(self, pairs):
        for source, counter in pairs:
            self.add(source, counter)

    def as_json(self):
        """total, source, and zero: what nothing here has caused."""
        total = collections.Counter()
        for counters in self._source.values():
            total.update(counters)
        return {
            "total": dict(sorted(total.items())),
            "source": {source: dict(sorted(counters.items()))
                       for source, counters in sorted(self._source.items())},
            "zero": sorted(self._names - UNSURE - set(total)),
        }
