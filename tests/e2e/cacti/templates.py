# SPDX-License-Identifier: ISC
"""Templates into a Cacti, by its own command line, strictly.

cli/import_template.php ends with status 0 whatever happens, so what counts is
what it prints, what Cacti logs meanwhile, and what stands in the database.
"""
import re
import shutil
import xml.etree.ElementTree as ElementTree

from cacti.instance import CACTI

# "[success]  Graph Template  [new]" and the like, one for each object.
OBJECT = re.compile(r"\[(\w+)\](.*?)\[(\w+)\]", re.S)
WRONG = re.compile(r"fail|unmet|invalid|orphan|error|warning|fatal|deprecated",
                   re.I)


def objects(path):
    """How many objects the file holds."""
    root = ElementTree.parse(path).getroot()
    assert root.tag == "cacti"
    hashes = [child.tag for child in root]
    assert len(set(hashes)) == len(hashes), f"{path}: one hash twice"
    return len(hashes)


def install_queries(cacti, folder):
    """What an administrator copies before the import."""
    for path in sorted(folder.glob("*.xml")):
        to = cacti.inside(f"{CACTI}/resource/snmp_queries/{path.name}")
        shutil.copy(path, to)
        to.chmod(0o644)


def install(cacti, path, state="new"):
    """Imports the file; every object of it must end in this state."""
    before = len(cacti.log())
    target = cacti.inside("/run") / path.name
    shutil.copy(path, target)
    target.chmod(0o644)
    said = cacti.php("cli/import_template.php", f"--filename=/run/{path.name}")
    logged = cacti.log()[before:]
    assert not logged, f"{path.name}: Cacti logged {logged[:2000]}"
    found = OBJECT.findall(said)
    wrong = [of for of in found if of[0] != "success" or of[2] != state]
    assert not wrong, f"{path.name}: {len(wrong)} not {state}: {wrong[:5]}"
    assert len(found) == objects(path), (
        f"{path.name}: {len(found)} of {objects(path)} objects: {said[-2000:]}")
    rest = OBJECT.sub("", said)
    assert not WRONG.search(rest), f"{path.name}: {rest[:3000]}"
    return said


# Every table that an import writes to.
TABLES = ("graph_templates", "graph_templates_graph", "graph_templates_item",
          "graph_template_input", "graph_template_input_defs",
          "data_template", "data_template_data", "data_template_rrd",
          "data_input_data", "host_template", "host_template_graph",
          "host_template_snmp_query", "snmp_query", "snmp_query_graph",
          "snmp_query_graph_rrd", "snmp_query_graph_sv",
          "snmp_query_graph_rrd_sv", "cdef", "cdef_items", "vdef",
          "vdef_items", "graph_templates_gprint", "colors", "data_input",
          "data_input_fields", "data_source_profiles", "graph_local",
          "data_local", "host")


def content(cacti):
    """table -> rows; of two imports the same."""
    return {table: cacti.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
            for table in TABLES}
