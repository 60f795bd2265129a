# SPDX-License-Identifier: ISC
"""One line per stack about what was compared, for `make test-full`.

python3 -m tests.e2e.lab.summary FILE prints the table.
"""
import json
import os
import sys

COLUMNS = ("stack", "messages", "counters compared", "lines", "unmatched")


def note(stack, truth, counted):
    """Add a line to the file that MAILTALLY_SUMMARY names, if it does.

    truth: truth.json; counted: what `scan --json` printed.
    """
    path = os.environ.get("MAILTALLY_SUMMARY")
    if not path:
        return
    compared = len(truth["total"]) + len(truth["zero"]) + sum(
        len(counters) for counters in truth["source"].values())
    row = (stack, truth.get("messages", "?"), compared, counted["lines"],
           counted["unmatched"])
    with open(path, "a") as table:
        table.write(json.dumps(row) + "\n")


def main():
    if not os.path.exists(sys.argv[1]):
        return
    with open(sys.argv[1]) as table:
        rows = [COLUMNS] + [json.loads(line) for line in table]
    for row in rows:
        print("  {:<20} {:>9} {:>18} {:>8} {:>10}".format(*row))


if __name__ == "__main__":
    main()
