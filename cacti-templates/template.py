# SPDX-License-Identifier: ISC
"""template.py - the device template with all that belongs to it."""
from markup import element, reference, twins
from model import AREA, LINE1, LINE2

# What every Cacti has from the start.
SNMP = reference("data_input", "3eb92bb845b9660a7445cf9740726522")
SNMP_INDEXED = reference("data_input", "bf566c869ac6443b0c75d1c32b5a350e")
FIVE_MINUTES = reference("profile", "d62c52891f4f9688729a5bc9fad91b18")
NORMAL = reference("gprint", "e9c43831e54eca8069317a2ce8c6f751")
SNMP_OID = "4276a5ec6e3fe33995129041b1909762"
# Address, port and the like: empty stands for the device's.
SNMP_FIELDS = (
    "92f5906c8dc0f964b41f4253df582c38", "32285d5bf16e56c478f5e83f32cda9ef",
    "ad14ac90641aed388139f6ba86a2e48b", "9c55a74bd571b4f00a96fd4b793278c6",
    "012ccb1d3687d3edb29c002ea66e72da", "fc64b99742ec417cc424dbf8c7692d36",
    "20832ce12f099c8e54140793a091af90", "c60c9aac1e1b3555ea0620b8bbfd82cb",
    "feda162701240101bc74148415ef415a")
# Kind of index, its value, the output field: the data source's own.
INDEX_FIELDS = (
    "6027a919c7c7731fbe095b6f53ab127b", "cbbe5c1ddfb264a6e5d509ce1c78c95f",
    "e6deda7be0f391399c5130e7c4a48b28")
INDEXED_FIELDS = (
    "617cdc8a230615e59f06f361ef6e7728", "acb449d1451e8a2a655c2c99d31142c7",
    "f4facc5e2ca7ebee621f09bc6d9fc792", "1cc1493a6781af2c478fa4de971531cf",
    "b5c23f246559df38662c255f4aa21d6b", "c1f36ee60c3dc98945556d57f26e475b",
    "2cf7129ad3ff819a7a7ac189bee48ce8", "6b13ac0a0194e171d241d4b06f913158",
    "3a33d4fc65b8329ab2ac46a36da26b72")

DRAWN = {AREA: 7, LINE1: 4, LINE2: 5}
STACK, COMMENT, GPRINT = 8, 1, 9
AVERAGE, MAXIMUM, LAST = 1, 3, 4
LEGENDS = (("current", LAST, "Current:"), ("average", AVERAGE, "Average:"),
           ("maximum", MAXIMUM, "Maximum:"))
# Cacti's own variable for the sum of a rate over the time that is shown.
TOTAL = "Total: |sum:0:current:0:auto|"
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
        fields = [(name, "", "") for name in SNMP_FIELDS]
        if data.table:
            fields = [(name, "on", "") for name in INDEX_FIELDS]
            fields += [(name, "", "") for name in INDEXED_FIELDS]
        else:
            oid = self.model.oid(data.sources[0], "")
            fields.append((SNMP_OID, "", f".{self.root}.{oid}"))
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
                *twins([("data_source_profile_id", FIVE_MINUTES),
                        ("rrd_step", 300), ("active", "on")])]

    def source(self, source):
        return (self.hashes.define("data_source", source.key), twins([
            ("data_source_name", source.name), ("rrd_minimum", 0),
            ("rrd_maximum", source.maximum),
            ("data_source_type_id", source.type), ("rrd_heartbeat", 600),
            ("data_input_field_id", 0)]))

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
        return twins([
            ("title", f"|host_description| - mailtally - {graph.title}"),
            ("vertical_label", graph.unit), ("image_format_id", 1),
            ("height", 200), ("width", 700), ("base_value", 1000),
            ("slope_mode", "on"), ("auto_scale", "on"),
            ("auto_scale_opts", 2), ("auto_scale_log", ""),
            ("scale_log_units", ""), ("auto_scale_rigid", ""),
            ("upper_limit", ""), ("lower_limit", 0), ("unit_value", ""),
            ("unit_exponent_value", "" if graph.gprint == "Normal" else 0),
            ("unit_length", ""), ("no_gridfit", ""), ("alt_y_grid", ""),
            ("right_axis", ""), ("right_axis_label", ""),
            ("right_axis_format", 0), ("right_axis_formatter", 0),
            ("left_axis_formatter", 0), ("auto_padding", "on"),
            ("dynamic_labels", ""), ("force_rules_legend", ""),
            ("tab_width", ""), ("legend_position", 0),
            ("legend_direction", 0)])

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
        return [
            ("graph_type_id", fields["kind"]),
            ("task_item_id",
             self.hashes.refer("data_source", fields["item"].source.key)),
            ("color_id", fields.get("colour", 0)),
            ("alpha", fields.get("alpha", "FF")),
            ("consolidation_function_id", fields.get("function", AVERAGE)),
            ("cdef_id", cdef), ("vdef_id", 0), ("shift", ""), ("value", ""),
            ("gprint_id", gprint), ("textalign", ""),
            ("text_format", fields["text"]),
            ("hard_return", "on" if fields.get("end") else ""),
            ("line_width", thick if is_line else "0.00"), ("dashes", ""),
            ("dash_offset", 0)]

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
