# SPDX-License-Identifier: ISC
"""python3 -m tests.e2e.lab --out DIR [--stack B|C|D]: run a lab, as root."""
import argparse
import json
import os
import pathlib
import sys

from . import (courier, daemons, demo, ledger, messages, namespace, scenario,
               settings, stack_b, stack_c, stack_d, truth, wire)

CANNOT = 77     # exit status: the lab cannot run here
STACKS = {"B": stack_b, "C": stack_c, "D": stack_d}


def arguments():
    parser = argparse.ArgumentParser(prog="tests.e2e.lab",
                                     description=__doc__)
    parser.add_argument("--out", required=True, metavar="DIR",
                        help="leave mail.log, mail-iso.log, truth.json here")
    parser.add_argument("--stack", choices=["A", *STACKS], default="A",
                        help="which daemons, see README.md")
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


def world():
    """Those who take our mail, and the service that knows passwords."""
    wire.World("mx.remote.example", "198.51.100.25")
    wire.World("mx.remote.example", "2001:db8:25::25")
    for address in ("10.0.0.5", "fd00::5"):
        wire.World("mx.inside.example", address)
    wire.World("mx.tls.example", "198.51.100.26", daemons.CERTIFICATE)
    wire.Passwords(daemons.LOGIN_SOCKET, settings.PASSWORDS)


def run_a(given, post, lab):
    for port, (target, secret) in settings.FILTERS.items():
        wire.Filter(port, target, secret)
    if given.demo:
        demo.run(lab, post)
    else:
        scenario.run(lab, post, given.full, given.only)


def inside(given):
    facts = truth.Truth()
    namespace.build(given.out)
    keys = messages.Keys()
    out = pathlib.Path(namespace.OUT)
    stack = STACKS.get(given.stack)
    with open(out / "driver.log", "w", buffering=1) as report:
        post = (stack or courier).Courier(
            keys, facts, lambda text: report.write(text + "\n"))
        lab = (stack or daemons).Lab(keys)
        world()
        if stack:
            stack.run(lab, post, given.full)
        else:
            run_a(given, post, lab)
    (out / "truth.json").write_text(json.dumps(
        {**facts.as_json(), "messages": post.sent, "configuration":
         ledger.OWN}, indent=1) + "\n")
    print(f"{post.sent} messages")


def outside(given):
    stack = STACKS.get(given.stack)
    reason = namespace.why_not(stack.PROGRAMS if stack else ())
    if reason:
        print(reason, file=sys.stderr)
        return CANNOT
    out = pathlib.Path(given.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("mail.log", "mail-iso.log", "rspamd.log", "truth.json"):
        (out / name).unlink(missing_ok=True)
    return namespace.reenter(["--out", str(out), "--stack", given.stack]
                             + (["--demo"] if given.demo else [])
                             + (["--full"] if given.full else [])
                             + [f"--only={name}" for name in given.only])


if __name__ == "__main__":
    options = arguments()
    sys.exit(inside(options) if options.inside else outside(options))
