#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""generate.py - writes what Cacti imports: device template, data queries,
thresholds.

usage: generate.py [--root OID] [--out FOLDER]

--root: the MIB's root, if `snmp { root }` of mailtally.conf has one.
--out:  where to write; the folder of this file, if not given.

`make docs` runs it; tests/lint/cacti.py insists that it was run.
"""
import argparse
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import contents  # noqa: E402
import markup  # noqa: E402
import model  # noqa: E402
import query  # noqa: E402
import template  # noqa: E402
import thold  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
HASHES = os.path.join(HERE, "hashes")
ROOT = "1.3.6.1.4.1.8072.9999.9999.25"


def files(root=ROOT):
    """{path: text} of all that is made."""
    graphs, hashes = model.Model(), markup.Hashes()
    made = {
        "cacti_device_template_mailtally.xml":
            template.Template(graphs, hashes, root).text(),
        "thold/mailtally_thold.xml": thold.text(graphs, hashes),
    }
    for table in model.TABLES:
        made[f"snmp_queries/mailtally_{table}s.xml"] = query.text(
            graphs, table, root)
    made["CONTENTS.md"] = contents.text(graphs)
    made["hashes"] = hashes.text()
    return made


def check_hashes(text):
    """What was once published keeps its hash, or an upgrade would leave the
    old things in every Cacti and add new ones beside them."""
    with open(HASHES, encoding="ascii") as file:
        gone = set(file) - set(text.splitlines(True))
    if gone:
        sys.exit(f"{HASHES} has hashes of what is not made any more; take "
                 "them out if you mean that:\n" + "".join(sorted(gone)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", default=ROOT)
    parser.add_argument("--out", default=HERE)
    options = parser.parse_args()
    root = options.root.lstrip(".")
    if not re.fullmatch(r"1\.3\.6\.1\.4\.1(\.\d+)+", root):
        parser.error(f"--root {options.root}: not an OID below 1.3.6.1.4.1")
    made = files(root)
    if os.path.exists(HASHES):
        check_hashes(made["hashes"])
    for path, text in made.items():
        path = os.path.join(options.out, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as out:
            out.write(text)


if __name__ == "__main__":
    main()
