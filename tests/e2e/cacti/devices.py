# SPDX-License-Identifier: ISC
"""Devices, and the graphs of their data queries, by Cacti's command line."""
import re

import snmp

V2C = ("--version=2", "--community=public")
V3 = ("--version=3", "--username=joe", "--authproto=SHA256",
      "--password=joesauth1", "--privproto=AES128", "--privpass=joespriv1")


def add(cacti, name, template, how):
    """A device with all graphs of its template; its id."""
    number = cacti.column("SELECT id FROM host_template WHERE "
                          f"name='{template}'")
    assert len(number) == 1, f"{template}: {number}"
    said = cacti.php(
        "cli/add_device.php", f"--description={name}", "--ip=127.0.0.1",
        "--proxy", f"--template={number[0]}", f"--port={snmp.MASTER}",
        "--avail=snmp", *how)
    found = re.search(r"Success - new device-id: \((\d+)\)", said)
    assert found, said
    return int(found[1])


def query_rows(cacti, device):
    """query id -> {field: how many rows it has}."""
    found = {}
    for query, field, count in cacti.rows(
            "SELECT snmp_query_id, field_name, COUNT(*) FROM host_snmp_cache "
            f"WHERE host_id={device} GROUP BY 1, 2"):
        found.setdefault(int(query), {})[field] = int(count)
    return found


def add_query_graphs(cacti, device, rows=".", kinds=None):
    """What a tick at each row does: a graph of each kind for each row; how
    many.  rows: a regex for their names; kinds: at most so many a query."""
    count = 0
    for query, fields in query_rows(cacti, device).items():
        field = next(field for field in fields if field.endswith("Name"))
        for kind, template in cacti.rows(
                "SELECT id, graph_template_id FROM snmp_query_graph WHERE "
                f"snmp_query_id={query} ORDER BY id")[:kinds]:
            said = cacti.php(
                "cli/add_graphs.php", "--graph-type=ds",
                f"--host-id={device}", f"--graph-template-id={template}",
                f"--snmp-query-id={query}", f"--snmp-query-type-id={kind}",
                f"--snmp-field={field}", f"--snmp-value-regex={rows}")
            added = said.count("Graph Added")
            assert added, said
            count += added
    return count
