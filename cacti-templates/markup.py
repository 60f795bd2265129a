# SPDX-License-Identifier: ISC
"""markup.py - XML as Cacti writes it, and hashes that stay what they are.

An element is (name, content): content a text, a number, or a list of elements.
"""
import hashlib
from xml.sax.saxutils import escape

VERSION = "0102"  # read by every Cacti since 1.2.3

KINDS = {
    "graph_template": "00", "data_template": "01", "host_template": "02",
    "data_input": "03", "data_query": "04", "cdef": "05", "gprint": "06",
    "data_field": "07", "data_source": "08", "graph_input": "09",
    "graph_item": "10", "query_graph": "11", "query_graph_title": "12",
    "query_data_name": "13", "cdef_item": "14", "profile": "20",
    "threshold": "",
}


# Not in the file `hashes`: these follow the key of what they are a part of.
PARTS = ("graph_item", "graph_input", "query_graph_title", "query_data_name",
         "cdef_item")


class Hashes:
    """The permanent ids of all that we define, made from kind and key."""

    def __init__(self):
        self.made = {}  # (kind, key): 32 digits

    def define(self, kind, key):
        """Once for each thing."""
        assert (kind, key) not in self.made, f"{kind} {key} is there twice"
        self.made[kind, key] = digits(kind, key)
        return reference(kind, digits(kind, key))

    def refer(self, kind, key):
        """To what is defined here, before or after."""
        return reference(kind, digits(kind, key))

    def text(self):
        """The file `hashes`."""
        assert len(set(self.made.values())) == len(self.made)
        return "".join(f"{digits(*name)} {' '.join(name)}\n"
                       for name in sorted(self.made) if name[0] not in PARTS)


def digits(kind, key):
    return hashlib.md5(f"mailtally:{kind}:{key}".encode()).hexdigest()


def reference(kind, value):
    return f"hash_{KINDS[kind]}{VERSION}{value}"


def element(name, content):
    if isinstance(content, list):
        inside = "".join(element(*child) for child in content)
        return f"<{name}>\n{inside}</{name}>\n"
    return f"<{name}>{escape(str(content))}</{name}>\n"
