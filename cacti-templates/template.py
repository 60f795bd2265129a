# SPDX-License-Identifier: ISC
"""template.py - the device template with all that belongs to it.

Fields that Cacti's tables fill themselves are left out: PHP as it comes takes
no upload of more than 2 MB, and says nothing of it on Cacti's import page.
"""
from markup import element, reference
from model import AREA, LINE1, LINE2

# What every Cacti has from the start.
SNMP = reference("data_input", "3eb92bb845b9660a7445cf9740726522")
SNMP_INDEXED = reference("data_input", "bf566c869ac6443b0c75d1c32b5a350e")
FIVE_MINUTES = reference("profile", "d62c52891f4f9688729a5bc9fad91b18")
NORMAL = reference("gprint", "e9c43831e54eca8069317a2ce8c6f751")
SNMP_OID = "4276a5ec6e3fe33995129041b1909762"
# Kind of index, its value, the output field: the data source's own.
INDEX_FIELDS = (
    "6027a919c7c7731fbe095b6f53ab127b", "cbbe5c1ddfb264a6e5d509ce1c78c95f",
    "e6deda7be0f391399c5130e7c4a48b28")

DRAWN = {AREA: 7, LINE1: 4, LINE2: 5}
STACK, COMMENT, GPRINT = 8, 1, 9
AVERAGE, MAXIMUM, LAST = 1, 3, 4
LEGENDS = (("current", LAST, "Current:"), ("average", AVERAGE, "Average:"),
           ("maximum", MAXIMUM, "Maximum:"))
# Cacti's own variable for the sum of a rate over the time that is shown.
TOTAL = "Total: |sum:0:current:2:auto|"
# (key, name, operator and number behind the value)
CDEFS = (("minute", "mailtally - per minute", 60, 3),
         ("percent", "mailtally - hundredths of a percent", 100, 4))
GPRINT_TEXT = "%8.2lf"


class Template:
    """Makes the text of cacti_device_template_mailtally.xml."""

    def __init__(self, model, hashes, root):
        self.model, self.hashes, self.root = model, hashes, root

    def text(self):
        made = [self.device()]
        made += [self.graph(graph) for graph in self.model.graphs.values()]
        made += [self.data(data) for data in self.model.datas.values()]
        made += [self.query(table) for table in self.tables()]
        made += [self.cdef(*cdef) for cdef in CDEFS]
        made.append((self.hashes.define("gprint", "plain"),
                     [("name", "mailtally - number"),
                      ("gprint_text", GPRINT_TEXT)]))
        return element("cacti", made)

    def tables(self):
        return sorted({data.table for data in self.model.datas.values()
                       if data.table}, key=("source", "host", "domain").index)

    def device(self):
        totals = [self.hashes.refer("graph_template", graph.key)
                  for graph in self.model.graphs.values() if not graph.table]
        queries = [self.hashes.refer("data_query", table)
                   for table in self.tables()]
        return (self.hashes.define("host_template", "mailtally"),
                [("name", "mailtally"), ("class", "application"),
                 ("graph_templates", "|".join(totals)),
                 ("data_queries", "|".join(queries))])

    def cdef(self, key, name, number, operator):
        items = ((4, "CURRENT_DATA_SOURCE"), (6, number), (2, operator))
        return (self.hashes.define("cdef", key), [
            ("name", name),
            ("items", [
                (self.hashes.define("cdef_item", f"{key}:{n}"),
                 [("sequence", n), ("type", kind), ("value", value)])
                for n, (kind, value) in enumerate(items, 1)])])

    # Data templates

    def data(self, data):
        if data.table:
            fields = [(name, "on", "") for name in INDEX_FIELDS]
        else:
            oid = self.model.oid(data.sources[0], "")
            fields = [(SNMP_OID, "", f".{self.root}.{oid}")]
        return (self.hashes.define("data_template", data.key), [
            ("name", f"mailtally - {data.title}"),
            ("ds", self.data_settings(data)),
            ("items", [self.source(source) for source in data.sources]),
            ("data", [
                (f"item_{n:03}",
                 [("data_input_field_id", reference("data_field", field)),
                  ("t_value", templated), ("value", value)])
                for n, (field, templated, value) in enumerate(sorted(fields))
            ])])

    @staticmethod
    def data_settings(data):
        return [("t_name", ""),
                ("name", f"|host_description| - mailtally - {data.title}"),
                ("data_source_path", ""),
                ("data_input_id", SNMP_INDEXED if data.table else SNMP),
                ("data_source_profile_id", FIVE_MINUTES),
                ("rrd_step", 300), ("active", "on")]

    def source(self, source):
        return (self.hashes.define("data_source", source.key), [
            ("data_source_name", source.name), ("rrd_minimum", 0),
            ("rrd_maximum", source.maximum),
            ("data_source_type_id", source.type), ("rrd_heartbeat", 600),
            ("data_input_field_id", 0)])

    # Graph templates

    def graph(self, graph):
        lines = list(self.lines(graph))
        items = [(self.hashes.define("graph_item", key),
                  self.item(graph, fields) + [("sequence", n)])
                 for n, (key, fields) in enumerate(lines, 1)]
        return (self.hashes.define("graph_template", graph.key), [
            ("name", f"mailtally - {graph.title}"),
            ("multiple", ""), ("test_source", ""),
            ("graph", self.graph_settings(graph)),
            ("items", items),
            ("inputs", [self.input(item, lines) for item in graph.items])])

    @staticmethod
    def graph_settings(graph):
        # Some messages an hour would be told in thousandths, "200 m": Cacti's
        # import drops a units exponent of 0.  So the axis reaches to 1 at
        # least, and further where the data do.
        is_small = graph.gprint == "plain"
        return [
            ("title", f"|host_description| - mailtally - {graph.title}"),
            ("vertical_label", graph.unit), ("image_format_id", 1),
            ("height", 200), ("width", 700), ("base_value", 1000),
            ("slope_mode", "on"), ("auto_scale", "" if is_small else "on"),
            ("auto_scale_opts", 2), ("auto_scale_log", ""),
            ("scale_log_units", ""), ("auto_scale_rigid", ""),
            ("upper_limit", 1 if is_small else ""), ("lower_limit", 0),
            ("unit_value", ""), ("unit_exponent_value", ""),
            ("unit_length", ""), ("no_gridfit", ""), ("alt_y_grid", ""),
            ("right_axis", ""), ("right_axis_label", ""),
            ("right_axis_format", 0), ("right_axis_formatter", 0),
            ("left_axis_formatter", 0), ("auto_padding", "on"),
            ("dynamic_labels", ""), ("force_rules_legend", ""),
            ("tab_width", ""), ("legend_position", 0),
            ("legend_direction", 0)]

    @staticmethod
    def lines(graph):
        """(key, fields) of each item: what is drawn, its numbers."""
        is_first = True
        for item in graph.items:
            kind = DRAWN[item.shape]
            if item.shape == AREA:
                kind, is_first = (kind if is_first else STACK), False
            yield f"{item.key}:drawn", dict(
                kind=kind, item=item, colour=item.colour, alpha=item.alpha,
                text=item.legend)
            for word, function, text in LEGENDS:
                is_end = word == "maximum" and not graph.has_total
                yield f"{item.key}:{word}", dict(
                    kind=GPRINT, item=item, function=function, text=text,
                    end=is_end)
            if graph.has_total:
                yield f"{item.key}:total", dict(
                    kind=COMMENT, item=item, text=TOTAL, end=True)

    def item(self, graph, fields):
        """kind, item, text; where not as usual: colour alpha function end"""
        cdef, gprint = 0, NORMAL
        if fields["kind"] != COMMENT and graph.cdef != "none":
            cdef = self.hashes.refer("cdef", graph.cdef)
        if graph.gprint == "plain":
            gprint = self.hashes.refer("gprint", "plain")
        is_line = fields["kind"] in (DRAWN[LINE1], DRAWN[LINE2])
        thick = "2.00" if fields["kind"] == DRAWN[LINE2] else "1.00"
        look = [(name, fields[key]) for name, key in
                (("color_id", "colour"), ("alpha", "alpha")) if key in fields]
        return [
            ("graph_type_id", fields["kind"]),
            ("task_item_id",
             self.hashes.refer("data_source", fields["item"].source.key)),
            *look,
            ("consolidation_function_id", fields.get("function", AVERAGE)),
            ("cdef_id", cdef), ("gprint_id", gprint),
            ("text_format", fields["text"]),
            ("hard_return", "on" if fields.get("end") else ""),
            *([("line_width", thick)] if is_line else [])]

    def input(self, item, lines):
        """Lets a user choose another data source for one item."""
        # Cacti's exporter says graph template where a graph item is meant.
        items = [self.hashes.refer("graph_item", key).replace(
            "hash_10", "hash_00", 1)
            for key, fields in lines if fields["item"] is item]
        return (self.hashes.define("graph_input", item.key), [
            ("name", f"Data Source [{item.source.name}]"),
            ("description", ""), ("column_name", "task_item_id"),
            ("items", "|".join(items))])

    # Data queries

    def query(self, table):
        graphs = [graph for graph in self.model.graphs.values()
                  if graph.table == table]
        return (self.hashes.define("data_query", table), [
            ("name", f"mailtally - {table.capitalize()}s"),
            ("description", f"What mailtally counts by {table}"),
            ("xml_path", "<path_cacti>/resource/snmp_queries/"
             f"mailtally_{table}s.xml"),
            ("data_input_id", SNMP_INDEXED),
            ("graphs", [self.query_graph(graph) for graph in graphs])])

    def query_graph(self, graph):
        data = graph.items[0].data
        row = "|query_mt" + graph.table.capitalize()
        titles = [f"|host_description| - mailtally - {graph.title} - {which}"
                  for which in (f"{row}Name|", f"{row}Index|")]
        return (self.hashes.define("query_graph", graph.key), [
            ("graph_template_id",
             self.hashes.refer("graph_template", graph.key)),
            ("name", graph.title.partition(" - ")[2]),
            ("rrd", [
                (f"item_{n:03}", [
                    ("snmp_field_name", source.object),
                    ("data_template_id",
                     self.hashes.refer("data_template", data.key)),
                    ("data_template_rrd_id",
                     self.hashes.refer("data_source", source.key))])
                for n, source in enumerate(data.sources)]),
            ("sv_graph", [
                (self.hashes.define("query_graph_title", f"{graph.key}:{n}"), [
                    ("field_name", "title"), ("sequence", n), ("text", text)])
                for n, text in enumerate(titles, 1)]),
            ("sv_data_source", [
                (self.hashes.define("query_data_name", f"{graph.key}:{n}"), [
                    ("field_name", "name"),
                    ("data_template_id",
                     self.hashes.refer("data_template", data.key)),
                    ("sequence", n), ("text", text)])
                for n, text in enumerate(titles, 1)])])
