# SPDX-License-Identifier: ISC
"""python3 -m tests.e2e.lab --out DIR: run the lab, as root."""
import argparse
import json
import pathlib
import sys

from . import (courier, daemons, demo, messages, namespace, scenario, truth,
               wire)

CANNOT = 77     # exit status: the lab cannot run here


def arguments():
    parser = argparse.ArgumentParser(prog="tests.e2e.lab",
                                     description=__doc__)
    parser.add_argument("--out", required=True, metavar="DIR",
                        help="leave mail.log, mail-iso.log, truth.json here")
    parser.add_argument("--demo", action="store_true",
                        help="send an ordinary day's mail, not every case")
    parser.add_argument("--inside", action="store_true",
                        help=argparse.SUPPRESS)
    return parser.parse_args()


def inside(given):
    facts = truth.Truth()
    namespace.build(given.out)
    keys = messages.Keys()
    out = pathlib.Path(namespace.OUT)
    with open(out / "driver.log", "w", buffering=1) as report:
        post = courier.Courier(
            keys, facts, lambda text: report.write(text + "\n"))
        lab = daemons.Lab(keys)
        wire.World("mx.remote.example", "198.51.100.25")
        wire.World("mx.remote.example", "2001:db8:25::25")
        wire.World("mx.tls.example", "198.51.100.26", daemons.CERTIFICATE)
        wire.Passwords(daemons.LOGIN_SOCKET,
                       {"carol": "secret", "dave": "secret"})
        (demo if given.demo else scenario).run(lab, post)
    (out / "truth.json").write_text(
        json.dumps(facts.as_json(), indent=1) + "\n")
    print(f"{post.sent} messages")


def outside(given):
    reason = namespace.why_not()
    if reason:
        print(reason, file=sys.stderr)
        return CANNOT
    out = pathlib.Path(given.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("mail.log", "mail-iso.log", "truth.json"):
        (out / name).unlink(missing_ok=True)
    return namespace.reenter(["--out", str(out)]
                             + (["--demo"] if given.demo else []))


if __name__ == "__main__":
    options = arguments()
    sys.exit(inside(options) if options.inside else outside(options))
