# SPDX-License-Identifier: ISC
"""query.py - the files that tell Cacti how to walk a table of the MIB."""
from markup import element

# A row's index is the last number of its OIDs: its own column can't be read.
INDEX = r"OID/REGEXP:.*\.([0-9]+)$"


def text(model, table, root):
    """resource/snmp_queries/mailtally_TABLEs.xml"""
    prefix = "mt" + table.capitalize()
    name = f".{root}.{model.objects[prefix + 'Name'].oid}"

    def field(node, title, source, direction, oid):
        return (node, [("name", title), ("method", "walk"),
                       ("source", source), ("direction", direction),
                       ("oid", oid)])

    fields = [field(prefix + "Name", "Name", "value", "input", name),
              field(prefix + "Index", "Index", INDEX, "input", name)]
    for counter in model.columns[table]:
        node = model.descriptor(counter, table)
        fields.append(field(node, counter, "value", "output",
                            f".{root}.{model.objects[node].oid}"))
    return element("query", [
        ("name", f"mailtally - {table.capitalize()}s"),
        ("description", f"What mailtally counts by {table}"),
        ("oid_index", name), ("oid_index_parse", INDEX),
        ("oid_num_indexes",
         f".{root}.{model.objects[prefix + 'Rows'].oid}.0"),
        # A name is a row's own for ever, an index as long as state_dir lives.
        ("index_order", f"{prefix}Name:{prefix}Index"),
        ("index_order_type", "alphabetic"),
        ("index_title_format", "|chosen_order_field|"),
        ("fields", fields)])
