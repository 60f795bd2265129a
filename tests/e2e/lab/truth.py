# SPDX-License-Identifier: ISC
"""What must be counted, noted by whoever causes it, never read from a log."""
import collections
import pathlib

CATALOGUE = (pathlib.Path(__file__).resolve().parents[3]
             / "collector" / "rules.d" / "catalogue")
# How many warnings a failure brings is up to chance; the rest is arithmetic.
UNSURE = {"smtpd.warnings", "postfix.warnings", "log.lines", "log.bytes",
          "log.matched", "log.ignored", "qmgr.bytes"}
# What the ledger counts; the catalogue may not have it yet.
LEDGER = {"dkim.signed", "dkim.unsigned", "dkim.unsigned_local",
          "qmgr.accepted", "qmgr.nrcpt"}


class Truth:
    """Counters by source, and the total.

    A total is the sum of its counter over all sources, less what only a
    source row has (add_source: our own mail, a second verdict on the same
    message, a verifier that is not the authority), plus what only the ledger
    knows (add_total: messages signed, messages in the queue).
    """

    def __init__(self):
        # Now: the lab may hide the folder that the catalogue stands in.
        self._names = {
            line.split()[1]
            for line in CATALOGUE.read_text().splitlines()
            if line and not line.startswith("#")} | LEDGER
        self._source = collections.defaultdict(collections.Counter)
        self._total = collections.Counter()

    def add_source(self, source, counter, times=1):
        assert counter in self._names, counter
        self._source[source][counter] += times

    def add_total(self, counter, times=1):
        assert counter in self._names, counter
        self._total[counter] += times

    def add(self, source, counter, times=1):
        self.add_source(source, counter, times)
        self.add_total(counter, times)

    def add_all(self, pairs, add=None):
        """Count (source, counter) pairs, by another of the methods above."""
        for source, counter in pairs:
            (add or self.add)(source, counter)

    def as_json(self):
        """total, source, and zero: what nothing here has caused."""
        return {
            "total": dict(sorted(self._total.items())),
            "source": {source: dict(sorted(counters.items()))
                       for source, counters in sorted(self._source.items())},
            "zero": sorted(self._names - UNSURE - set(self._total)),
        }
