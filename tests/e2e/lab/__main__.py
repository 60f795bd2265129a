# SPDX-License-Identifier: ISC
"""python3 -m tests.e2e.lab --out DIR: run the lab, as root."""
import argparse
import json
import os
import pathlib
import sys

from . import (courier, daemons, demo, ledger, messages, namespace, scenario, settings,
               truth, wire)

CANNOT = 77     # exit status: the lab cannot run here


def arguments():
    parser = argparse.ArgumentParser(prog="tests.e2e.lab",
                                     description=__doc__)
    parser.add_argument("--out", required=True, metavar="DIR",
                        help="leave mail.log, mail-iso.log, truth.json here")
    parser.add_argument("--demo", action="store_true",
                        help="send an ordinary day's mail, not every case")
    parser.add_argument("--full", action="store_true",
                        default=bool(os.environ.get("MAILTALLY_FULL")),
                        help="every case in every way, about six minutes")
    parser.add_argument("--only", action="append", default=[],
                        metavar="PHASE", help="such as ledger.phase")
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
        for address in ("10.0.0.5", "fd00::5"):
            wire.World("mx.inside.example", address)
        wire.World("mx.tls.example", "198.51.100.26", daemons.CERTIFICATE)
        wire.Passwords(daemons.LOGIN_SOCKET, settings.PASSWORDS)
        for port, (target, secret) in settings.FILTERS.items():
            wire.Filter(port, target, secret)
        if given.demo:
            demo.run(lab, post)
        else:
            scenario.run(lab, post, given.full, given.only)
    (out / "truth.json").write_text(json.dumps(
        {**facts.as_json(), "messages": post.sent, "configuration":
         ledger.OWN}, indent=1) + "\n")
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
                             + (["--demo"] if given.demo else [])
                             + (["--full"] if given.full else [])
                             + [f"--only={name}" for name in given.only])


if __name__ == "__main__":
    options = arguments()
    sys.exit(inside(options) if options.inside else outside(options))
