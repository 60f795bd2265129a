# SPDX-License-Identifier: ISC
"""checks - runs the test functions of a lint script as pytest would, without
needing it."""
import sys


def run(names):
    """names: the script's globals().  Exit status: 1 if a test fails."""
    failed = 0
    for name, test in sorted(names.items()):
        if not name.startswith("test_"):
            continue
        try:
            test()
        except AssertionError as error:
            failed += 1
            print(f"{name}: {error}", file=sys.stderr)
            if not str(error):
                _, _, trace = sys.exc_info()
                while trace.tb_next:
                    trace = trace.tb_next
                print(f"  {trace.tb_frame.f_locals}", file=sys.stderr)
    return 1 if failed else 0
