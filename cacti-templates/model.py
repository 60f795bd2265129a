# SPDX-License-Identifier: ISC
"""model.py - which graphs and data templates Cacti gets.

A key names a thing for ever: its hash is made from it, so that importing a
later release updates in place what an earlier one made.
"""
from collections import namedtuple

import facts

COUNTER, GAUGE = 2, 1       # Cacti's data source types
AREA, LINE1, LINE2 = "area", "line", "thick"
NAME_MAX = 19               # of a data source in an RRD file

# What counters cannot do in a second.  It must be finite: then a counter that
# began anew makes a gap, not a spike.  Octets of log and mail come faster.
HIGHEST, HIGHEST_BYTES, HIGHEST_LINES = 100000, 10000000, 1000000

# name: of the data source in the RRD; object: in the MIB
Source = namedtuple("Source", "key name object type maximum")
# table: "" (one OID: then there is one source), or source, host, domain
Data = namedtuple("Data", "key title table sources")
Item = namedtuple("Item", "key data source legend colour shape alpha")
# cdef: minute, percent or none; gprint: plain or Normal; has_total: in legends
Graph = namedtuple("Graph", "key title unit table items cdef gprint has_total")

# What comes and goes, on one graph: what mailgraph's users look at first.
FLOW = (
    ("qmgr.accepted", "received", "ICE", AREA),
    ("smtp.sent", "sent to other hosts", "BLUE", LINE1),
    ("lmtp.sent", "delivered over LMTP", "GREEN", LINE1),
    ("smtp.deferred", "deferred", "YELLOW", LINE1),
    ("smtp.bounced", "bounced", "PINK", LINE1),
    ("qmgr.expired", "given up", "WINE", LINE1),
    ("policy.greylisted", "greylisted", "SKY", LINE1),
    ("smtpd.reject_4xx", "refused for now (4xx)", "ORANGE", LINE1),
    ("smtpd.reject_5xx", "refused for good (5xx)", "RED", LINE1),
    ("content.spam", "spam", "GREY", LINE1),
    ("content.infected", "infected", "BLACK", LINE1),
)

# (key, title, unit, cdef, (name, MIB object, legend, colour, shape, alpha)...)
SHARE_COLOURS = (("dkim", "Dkim", "Failure", "DKIM failures", "RED"),
                 ("spf", "Spf", "Failure", "SPF failures", "ORANGE"),
                 ("dmarc", "Dmarc", "Failure", "DMARC failures", "BLUE"),
                 ("unsigned", "Dkim", "Unsigned", "unsigned outbound",
                  "BLACK"))
HEALTH = (
    ("shares", "Failure shares", "percent", "percent", tuple(
        (f"{word}_{minutes}m", f"mt{method}{what}Share{minutes}m",
         f"{legend}, {minutes} min", colour, shape, alpha)
        for word, method, what, legend, colour in SHARE_COLOURS
        for minutes, shape, alpha in ((60, LINE2, "FF"), (5, LINE1, "99")))),
    ("collector", "Collector, age of its numbers", "seconds", "none", (
        ("last_line_age", "mtLastLineAge", "age of the last log line", "ICE",
         AREA, "FF"),
        ("snapshot_age", "mtSnapshotAge", "age of the snapshot", "RED", LINE2,
         "FF"))),
    ("collector.lag", "Collector, log not yet read", "bytes", "none", (
        ("lag", "mtLag", "still to be read", "ORANGE", AREA, "FF"),)),
    ("collector.rows", "Collector, rows and inputs", "rows", "none", (
        ("domain_rows", "mtDomainRows", "domains", "GREEN", LINE1, "FF"),
        ("host_rows", "mtHostRows", "hosts", "BLUE", LINE1, "FF"),
        ("source_rows", "mtSourceRows", "sources", "ORANGE", LINE1, "FF"),
        ("inputs", "mtInputs", "logs", "BLACK", LINE1, "FF"))),
    ("agent", "SNMP agent", "events", "minute", (
        ("sent", "mtNotificationsSent", "notifications sent", "GREEN", LINE1,
         "FF"),
        ("dropped", "mtNotificationsDropped", "notifications dropped", "RED",
         LINE1, "FF"),
        ("refused", "mtSnapshotsRefused", "snapshots refused", "ORANGE",
         LINE1, "FF"))),
)
TABLES = ("source", "host", "domain")


def source_name(counter):
    """dkim_pass; without its group if that would be too long for an RRD."""
    name = counter.replace(".", "_")
    return name if len(name) <= NAME_MAX else counter.partition(".")[2]


class Model:
    """graphs and datas, keyed."""

    def __init__(self):
        self.objects = facts.objects()
        self.counters = facts.catalogue()
        self.columns = facts.columns()
        self.colours = facts.colours()
        self.graphs, self.datas = {}, {}
        recipes = facts.recipes()
        self.add_flow("")
        for recipe in recipes:
            self.add_recipe(recipe, "")
        for key, title, unit, cdef, lines in HEALTH:
            self.add_health(key, title, unit, cdef, lines)
        for table in TABLES:
            if table != "source":  # a program sees but a part of the flow
                self.add_flow(table)
            for recipe in recipes:
                self.add_recipe(recipe, table)

    @staticmethod
    def descriptor(counter, table):
        """The object of a counter: dkim.pass, host -> mtHostDkimPass."""
        return facts.mib.descriptor(counter, "mt" + table.capitalize())

    def oid(self, source, table):
        """Behind the root; of a column without the row's index."""
        return self.objects[source.object].oid + ("" if table else ".0")

    def add_graph(self, graph):
        assert graph.key not in self.graphs, graph.key
        self.graphs[graph.key] = graph

    def add_data(self, data):
        assert data.key not in self.datas, data.key
        names = [source.name for source in data.sources]
        assert len(set(names)) == len(names), data
        for source in data.sources:
            assert source.object in self.objects, source
        self.datas[data.key] = data
        return data

    def source(self, key, counter, table, is_gauge):
        maximum = {"byte": HIGHEST_BYTES, "line": HIGHEST_LINES}.get(
            self.counters[counter].unit, HIGHEST)
        return Source(
            key, source_name(counter), self.descriptor(counter, table),
            GAUGE if is_gauge else COUNTER, "U" if is_gauge else maximum)

    def add_lines(self, key, title, table, lines, is_gauge):
        """Data templates of counters, and the items that draw them: of the
        totals a template for each OID, of a row one for all."""
        if table:
            lines = [line for line in lines
                     if line.counter in self.columns[table]]
            sources = [self.source(f"{key}:{line.counter}", line.counter,
                                   table, is_gauge) for line in lines]
            if not lines:
                return []
            data = self.add_data(Data(key, title, table, sources))
            pairs = [(data, source) for source in sources]
        else:
            pairs = []
            for line in lines:
                at = f"{key}:{line.counter}"
                source = self.source(at, line.counter, "", is_gauge)
                # Cacti makes a data source for each graph anyway.
                name = f"{title} - {line.counter}"
                pairs.append((self.add_data(Data(at, name, "", [source])),
                              source))
        return [Item(source.key, data, source, line.legend, line.colour,
                     LINE1 if line.is_line else AREA, "FF")
                for line, (data, source) in zip(lines, pairs)]

    def add_counters(self, key, title, unit, table, lines, is_gauge):
        if table:
            key = f"{table}:{key}"
            title = f"{table.capitalize()} - {title}"
        items = self.add_lines(key, title, table, lines, is_gauge)
        if not items:
            return
        self.add_graph(Graph(
            key, title, unit if is_gauge else f"{unit} per minute", table,
            items, "none" if is_gauge else "minute",
            "Normal" if unit == "bytes" else "plain", not is_gauge))

    def add_recipe(self, recipe, table):
        self.add_counters(recipe.name, recipe.title, recipe.unit, table,
                          recipe.lines, recipe.is_gauge)

    def add_flow(self, table):
        self.add_counters("flow", "Mail flow", "messages", table, [
            facts.Line(counter, legend, self.colours[colour], shape != AREA)
            for counter, legend, colour, shape in FLOW], False)

    def add_health(self, key, title, unit, cdef, lines):
        items = []
        for name, node, legend, colour, shape, alpha in lines:
            at = f"{key}:{name}"
            is_counter = self.objects[node].syntax == "Counter32"
            maximum = {"minute": HIGHEST, "percent": 10000}.get(cdef, "U")
            source = Source(at, name, node, COUNTER if is_counter else GAUGE,
                            maximum)
            data = self.add_data(Data(at, f"{title} - {legend}", "", [source]))
            items.append(Item(at, data, source, legend, self.colours[colour],
                              shape, alpha))
        self.add_graph(Graph(
            key, title, f"{unit} per minute" if cdef == "minute" else unit,
            "", items, cdef, "Normal" if unit == "bytes" else "plain",
            cdef == "minute"))
