#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""cacti - cacti-templates has what its generator makes, and Cacti can take it:
every hash is there once, every reference leads somewhere, every OID is an
object of the MIB of the right type, and every counter is on a graph.

The files are read here as Cacti reads them; only what libsmi says of the MIB
decides about OIDs.  tests/e2e/cacti imports them into a real Cacti.
"""
import collections
import functools
import importlib.util
import os
import re
import sys
import tempfile
import xml.etree.ElementTree

import checks

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDER = os.path.join(ROOT, "cacti-templates")
sys.path.insert(0, FOLDER)
sys.dont_write_bytecode = True
import generate  # noqa: E402
import markup  # noqa: E402

BASE = ".1.3.6.1.4.1.8072.9999.9999.25."
DEVICE = "cacti_device_template_mailtally.xml"
TABLES = ("source", "host", "domain")
HASH = re.compile(r"hash_(\d\d)(\d{4})([0-9a-f]{32})")
GRAPH, DATA, DEVICES, METHOD, QUERY = "00", "01", "02", "03", "04"
GPRINT, FIELD, SOURCE, INPUT, ITEM, QUERY_GRAPH = (
    "06", "07", "08", "09", "10", "11")
# What every Cacti 1.2 has from the start.
STOCK = {
    (METHOD, "3eb92bb845b9660a7445cf9740726522"),   # Get SNMP Data
    (METHOD, "bf566c869ac6443b0c75d1c32b5a350e"),   # the same, indexed
    ("20", "d62c52891f4f9688729a5bc9fad91b18"),     # 5 minutes
    (GPRINT, "e9c43831e54eca8069317a2ce8c6f751"),   # Normal
} | {(FIELD, word) for word in """
    92f5906c8dc0f964b41f4253df582c38 32285d5bf16e56c478f5e83f32cda9ef
    ad14ac90641aed388139f6ba86a2e48b 9c55a74bd571b4f00a96fd4b793278c6
    012ccb1d3687d3edb29c002ea66e72da 4276a5ec6e3fe33995129041b1909762
    fc64b99742ec417cc424dbf8c7692d36 20832ce12f099c8e54140793a091af90
    c60c9aac1e1b3555ea0620b8bbfd82cb feda162701240101bc74148415ef415a
    6027a919c7c7731fbe095b6f53ab127b cbbe5c1ddfb264a6e5d509ce1c78c95f
    e6deda7be0f391399c5130e7c4a48b28 617cdc8a230615e59f06f361ef6e7728
    acb449d1451e8a2a655c2c99d31142c7 f4facc5e2ca7ebee621f09bc6d9fc792
    1cc1493a6781af2c478fa4de971531cf b5c23f246559df38662c255f4aa21d6b
    c1f36ee60c3dc98945556d57f26e475b 2cf7129ad3ff819a7a7ac189bee48ce8
    6b13ac0a0194e171d241d4b06f913158 3a33d4fc65b8329ab2ac46a36da26b72
    """.split()}
OID_FIELD = "4276a5ec6e3fe33995129041b1909762"
INDEXED = "bf566c869ac6443b0c75d1c32b5a350e"
GRAPH_FIELDS = """title vertical_label image_format_id height width base_value
    slope_mode auto_scale auto_scale_opts auto_scale_log scale_log_units
    auto_scale_rigid upper_limit lower_limit unit_value unit_exponent_value
    unit_length no_gridfit alt_y_grid right_axis right_axis_label
    right_axis_format right_axis_formatter left_axis_formatter auto_padding
    dynamic_labels force_rules_legend tab_width legend_position
    legend_direction""".split()
ITEM_FIELDS = """graph_type_id task_item_id color_id alpha
    consolidation_function_id cdef_id gprint_id text_format hard_return
    line_width sequence""".split()
LOOK = ["color_id", "alpha", "line_width"]
COUNTER, GAUGE = "2", "1"
TYPES = {"Counter64": COUNTER, "Counter32": COUNTER, "Gauge32": GAUGE,
         "MtShare": GAUGE}


def lint_mib():
    """tests/lint/mib.py: what libsmi reads."""
    spec = importlib.util.spec_from_file_location(
        "lint_mib", os.path.join(ROOT, "tests/lint/mib.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MIB = lint_mib()
NODES = MIB.nodes()
NAMES = {node[0]: name for name, node in NODES.items()}  # by OID


def read(path):
    with open(os.path.join(FOLDER, path), encoding="ascii") as file:
        return file.read()


def parse(path):
    return xml.etree.ElementTree.fromstring(read(path))


TREE = parse(DEVICE)
MADE = generate.files()


@functools.lru_cache(maxsize=None)
def objects(kind, parent=TREE):
    """{32 digits: element} of the objects of a kind."""
    start = "hash_" + kind
    return {child.tag[len(start) + 4:]: child for child in parent.iter()
            if child.tag.startswith(start)}


def reference(element, path):
    """The 32 digits that stand there."""
    return HASH.fullmatch(element.findtext(path))[3]


def value_of(data):
    """The OID of a data template; nothing if it has one for each row."""
    values = {reference(item, "data_input_field_id"): item.findtext("value")
              for item in data.find("data")}
    return values.get(OID_FIELD, "")


def query(table):
    return parse(f"snmp_queries/mailtally_{table}s.xml")


def outputs(table):
    """{field: its OID behind the root}"""
    return {field.tag: field.findtext("oid")[len(BASE):]
            for field in query(table).find("fields")
            if field.findtext("direction") == "output"}


def graph_name(table, title):
    return f"mailtally - {table.capitalize()} - {title}"


def test_the_files_are_up_to_date():
    old = [path for path, text in MADE.items() if read(path) != text]
    assert old == [], "run `make docs`"
    there = {os.path.relpath(os.path.join(folder, name), FOLDER)
             for folder, _, names in os.walk(FOLDER) for name in names}
    assert {path for path in there if path.endswith(".xml")} | {
        "hashes", "CONTENTS.md"} == set(MADE)


def test_another_root_changes_oids_only():
    root = "1.3.6.1.4.1.32473.25"
    made = generate.files(root)
    for path, text in MADE.items():
        assert f".{root}." in made[path] or BASE not in text, path
        assert made[path] == text.replace(BASE, f".{root}."), path


def test_hashes_are_there_once():
    tags = [child.tag for child in TREE.iter() if HASH.match(child.tag)]
    digits = [HASH.fullmatch(tag)[3] for tag in tags]
    twice = [word for word, n in collections.Counter(digits).items() if n > 1]
    assert len(digits) > 3000 and twice == []


def test_a_key_given_twice_is_refused():
    hashes = markup.Hashes()
    hashes.define("cdef", "minute")
    try:
        hashes.define("cdef", "minute")
    except AssertionError:
        return
    raise AssertionError("it was taken")


def test_hashes_are_what_they_were():
    """Changing one of these would leave every user with two of it."""
    for kind, key, digits in (
            ("host_template", "mailtally",
             "e1450c78743c50e6103cb8d8e69bb4ce"),
            ("graph_template", "dkim",
             "0a8a6eda32a809412c7c716562a6ed37"),
            ("data_template", "dkim:dkim.pass",
             "bcf38da995dd64983928a0e1fad5ab24"),
            ("data_source", "domain:spf:spf.fail",
             "25431da42aa30827665f11774e51aa74"),
            ("data_query", "source",
             "5f857cab25b988cc9f941bbf074a2eec"),
            ("graph_item", "dkim:dkim.pass:drawn",
             "03414d05f5b5000e503dd4acbd2239aa"),
            ("threshold", "unsigned",
             "906449b4a1f4f952ba1fb3f6f510e9f6")):
        assert markup.digits(kind, key) == digits, (kind, key)


def test_what_was_published_stays():
    lines = read("hashes").splitlines()
    for line in lines:
        digits, kind, key = line.split(" ")
        assert markup.digits(kind, key) == digits, line
    text, path = read("hashes"), generate.HASHES
    with tempfile.NamedTemporaryFile("w", prefix="mailtally") as file:
        file.write(text + f"{'0' * 32} graph_template gone\n")
        file.flush()
        generate.HASHES = file.name
        try:
            generate.check_hashes(text)
        except SystemExit as error:
            assert "graph_template gone" in str(error)
            return
        finally:
            generate.HASHES = path
    raise AssertionError("nobody noticed")


def test_references_lead_somewhere():
    made = {HASH.fullmatch(child.tag).group(1, 3) for child in TREE.iter()
            if HASH.match(child.tag)}
    used = set()
    for child in TREE.iter():
        for kind, version, digits in HASH.findall(child.text or ""):
            assert version == "0102"
            # A graph's inputs call its items graph templates.
            if kind == GRAPH and child.tag == "items":
                kind = ITEM
            used.add((kind, digits))
    assert used - made - STOCK == set()
    unused = {HASH.fullmatch(child.tag).group(1, 3) for child in TREE} - used
    # The next tests are about data templates.
    assert {kind for kind, _ in unused} == {DEVICES, DATA}, unused
    assert {HASH.fullmatch(child.tag)[2] for child in TREE} == {"0102"}


def test_graphs_belong_to_the_device_or_to_a_query():
    device, = objects(DEVICES).values()
    own = {digits for _, _, digits in
           HASH.findall(device.findtext("graph_templates"))}
    of_rows = [reference(each, "graph_template_id")
               for each in objects(QUERY_GRAPH).values()]
    assert len(set(of_rows)) == len(of_rows)
    assert own.isdisjoint(of_rows)
    assert own | set(of_rows) == set(objects(GRAPH))
    assert len(HASH.findall(device.findtext("data_queries"))) == len(TABLES)


def test_every_data_template_is_on_one_graph():
    """thold would make two thresholds of one that is on two."""
    sources = {digits: name for name, data in objects(DATA).items()
               for digits in objects(SOURCE, data)}
    graphs = collections.defaultdict(set)
    for name, graph in objects(GRAPH).items():
        for item in objects(ITEM, graph).values():
            graphs[sources[reference(item, "task_item_id")]].add(name)
    assert set(graphs) == set(objects(DATA))
    assert [name for name, on in graphs.items() if len(on) != 1] == []


def test_data_sources_are_sound():
    for data in objects(DATA).values():
        sources = objects(SOURCE, data).values()
        names = [each.findtext("data_source_name") for each in sources]
        assert len(set(names)) == len(names), names
        assert data.findtext("ds/rrd_step") == "300"
        for each in sources:
            name = each.findtext("data_source_name")
            assert re.fullmatch(r"[a-z0-9_]{1,19}", name), name
            assert each.findtext("rrd_heartbeat") == "600"
            assert each.findtext("rrd_minimum") == "0"
            maximum = each.findtext("rrd_maximum")
            kind = each.findtext("data_source_type_id")
            assert kind in (COUNTER, GAUGE)
            # Without one a counter that begins anew is a spike.
            assert maximum.isdigit() and int(maximum) >= 10000 or (
                kind == GAUGE and maximum == "U"), name
        fields = {reference(item, "data_input_field_id"): item
                  for item in data.find("data")}
        is_indexed = reference(data, "ds/data_input_id") == INDEXED
        assert len(fields) == (3 if is_indexed else 1)
        assert sum(item.findtext("t_value") == "on"
                   for item in fields.values()) == (3 if is_indexed else 0)
        assert all(item.find("value") is not None for item in fields.values())


def test_oids_are_objects_of_the_mib():
    count = 0
    for data in objects(DATA).values():
        oid = value_of(data)
        if not oid:
            continue
        source, = objects(SOURCE, data).values()
        assert oid.startswith(BASE) and oid.endswith(".0"), oid
        name = NAMES.get(oid[len(BASE):-len(".0")])
        assert name, oid
        assert NODES[name][2] == "readonly", name
        assert TYPES[NODES[name][1]] == \
            source.findtext("data_source_type_id"), name
        count += 1
    assert count > 200


def test_queries_walk_the_tables_of_the_mib():
    for table in TABLES:
        tree, prefix = query(table), "mt" + table.capitalize()
        name = NODES[prefix + "Name"][0]
        assert tree.findtext("oid_index") == BASE + name
        assert tree.findtext("oid_num_indexes") == \
            BASE + NODES[prefix + "Rows"][0] + ".0"
        pattern = tree.findtext("oid_index_parse").partition(":")[2]
        assert re.sub(pattern, r"\1", BASE + name + ".47") == "47"
        inputs = [field.tag for field in tree.find("fields")
                  if field.findtext("direction") == "input"]
        assert tree.findtext("index_order").split(":") == inputs == [
            prefix + "Name", prefix + "Index"]
        for field, oid in outputs(table).items():
            assert NODES[field][:3] == (oid, "Counter64", "readonly"), field
        assert sorted(int(oid.rpartition(".")[2])
                      for oid in outputs(table).values()) == MIB.columns(table)


def test_queries_fit_their_files():
    found = objects(QUERY)
    assert len(found) == len(TABLES)
    for each, table in zip(found.values(), TABLES):
        path = each.findtext("xml_path")
        assert path == ("<path_cacti>/resource/snmp_queries/"
                        f"mailtally_{table}s.xml"), path
        known, mapped = outputs(table), set()
        for graph in objects(QUERY_GRAPH, each).values():
            drawn = {reference(item, "task_item_id") for item in objects(
                ITEM, objects(GRAPH)[reference(graph, "graph_template_id")]
            ).values()}
            rows = list(graph.find("rrd"))
            assert {reference(row, "data_template_rrd_id")
                    for row in rows} == drawn
            for row in rows:
                data = objects(DATA)[reference(row, "data_template_id")]
                source = objects(SOURCE, data)[
                    reference(row, "data_template_rrd_id")]
                field = row.findtext("snmp_field_name")
                assert field in known, field
                assert source.findtext("data_source_type_id") == COUNTER
                mapped.add(field)
            texts = [text.text for text in graph.iter("text")]
            assert len(texts) == 4
            for text in texts:
                assert set(re.findall(r"\|query_(\w+)\|", text)) <= {
                    f"mt{table.capitalize()}{word}"
                    for word in ("Name", "Index")}, text
        assert mapped == set(known), "columns that no graph shows"


def test_graphs_have_all_that_cacti_wants():
    for graph in objects(GRAPH).values():
        settings = [child.tag for child in graph.find("graph")]
        assert settings == GRAPH_FIELDS
        # Its import takes 0 for nothing.
        assert graph.findtext("graph/unit_exponent_value") == ""
        items = list(objects(ITEM, graph).values())
        for n, item in enumerate(items, 1):
            kind = item.findtext("graph_type_id")
            unused = {"1": LOOK, "9": LOOK, "7": LOOK[2:], "8": LOOK[2:]}
            assert [child.tag for child in item] == [
                field for field in ITEM_FIELDS
                if field not in unused.get(kind, ())]
            assert item.findtext("sequence") == str(n)
            assert HASH.match(item.findtext("gprint_id"))
        kinds = [item.findtext("graph_type_id") for item in items]
        drawn = [kind for kind in kinds if kind in ("4", "5", "7", "8")]
        # The first area stands on the floor, the others on it.
        assert drawn.count("7") <= 1 and "8" not in drawn[:1]
        assert "7" in drawn or "8" not in drawn
        assert kinds.count("9") == 3 * len(drawn)
        assert items[-1].findtext("hard_return") == "on"
        assert sum(item.findtext("hard_return") == "on"
                   for item in items) == len(drawn)
        assert len(objects(INPUT, graph)) == len(drawn)


def test_failures_stand_on_what_is_good():
    graphs = {graph.findtext("name"): graph
              for graph in objects(GRAPH).values()}
    for title, good, bad in (("DKIM verification", "verified", "failed"),
                             ("SPF", "pass", "fail"),
                             ("DMARC", "pass", "fail")):
        for name in [f"mailtally - {title}"] + [graph_name(table, title)
                                                for table in TABLES]:
            areas = [item.findtext("text_format")
                     for item in objects(ITEM, graphs[name]).values()
                     if item.findtext("graph_type_id") in ("7", "8")]
            assert areas[0] == good and areas[-1] == bad, (name, areas)


def test_every_counter_is_on_a_graph():
    shown = {value_of(data)[len(BASE):] for data in objects(DATA).values()}
    missing = [name for number, (name, *_) in MIB.catalogue().items()
               if not {f"1.1.{number}.0", f"1.2.{number}.0"} & shown]
    assert missing == []


def test_every_recipe_and_share_is_a_graph():
    titles = re.findall(r'^\t\{"[a-z.]+", "([^"]+)", "[^"]+", [A-Z_]+, ',
                        MIB.read("rrd/recipe_table.c"), re.M)
    names = {graph.findtext("name") for graph in objects(GRAPH).values()}
    assert len(titles) > 30
    assert {f"mailtally - {title}" for title in titles} <= names
    shown = {value_of(data)[len(BASE):] for data in objects(DATA).values()}
    wanted = {f"{oid}.0" for name, (oid, kind, *_) in NODES.items()
              if kind == "MtShare"}
    wanted |= {NODES[name][0] + ".0" for name in ("mtSnapshotAge", "mtLag")}
    assert wanted - shown == set()


def test_names_fit_cacti_and_are_told_apart():
    for kind, widest in ((GRAPH, 255), (DATA, 150), (QUERY, 100)):
        names = [each.findtext("name") for each in objects(kind).values()]
        assert len(set(names)) == len(names)
        assert all(name.startswith("mailtally - ") and len(name) <= widest
                   for name in names)


if __name__ == "__main__":
    sys.exit(checks.run(globals()))
