# SPDX-License-Identifier: ISC
"""python3 -m tests.e2e.lab --out DIR [--stack B|C|D]: run a lab, as root."""
import argparse
import json
import pathlib
import sys

from . import (courier, daemons, demo, messages, namespace, scenario, stack_b,
               stack_c, stack_d, truth, wire)

CANNOT = 77     # exit status: the lab cannot run here
STACKS = {"A": scenario, "B": stack_b, "C": stack_c, "D": stack_d}


def arguments():
    parser = argparse.ArgumentParser(prog="tests.e2e.lab",
                                     description=__doc__)
    parser.add_argument("--out", required=True, metavar="DIR",
                        help="leave mail.log, mail-iso.log, truth.json here")
    parser.add_argument("--stack", choices=STACKS, default="A",
                        help="which daemons (see README.md)")
    parser.add_argument("--full", action="store_true",
                        help="every case of the stack, not the short run")
    parser.add_argument("--demo", action="store_true",
                        help="send an ordinary day's mail, not every case")
    parser.add_argument("--inside", action="store_true",
                        help=argparse.SUPPRESS)
    return parser.parse_args()


def world():
    wire.World("mx.remote.example", "198.51.100.25")
    wire.World("mx.remote.example", "2001:db8:25::25")
    wire.World("mx.tls.example", "198.51.100.26", daemons.CERTIFICATE)
    wire.Passwords(daemons.LOGIN_SOCKET,
                   {"carol": "secret", "dave": "secret"})


def inside(given):
    facts = truth.Truth()
    namespace.build(given.out)
    keys = messages.Keys()
    out = pathlib.Path(namespace.OUT)
    with open(out / "driver.log", "w", buffering=1) as report:
        def say(text):
            report.write(text + "\n")
        if given.stack == "A":
            post = courier.Courier(keys, facts, say)
            lab = daemons.Lab(keys)
            world()
            (demo if given.demo else scenario).run(lab, post)
        else:
            stack = STACKS[given.stack]
            post = stack.Courier(keys, facts, say)
            lab = stack.Lab(keys)
            world()
            stack.run(lab, post, given.full)
    (out / "truth.json").write_text(
        json.dumps(facts.as_json(), indent=1) + "\n")
    print(f"{post.sent} messages")


def outside(given):
    reason = namespace.why_not(getattr(STACKS[given.stack], "PROGRAMS", ()))
    if reason:
        print(reason, file=sys.stderr)
        return CANNOT
    out = pathlib.Path(given.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("mail.log", "mail-iso.log", "rspamd.log", "truth.json"):
        (out / name).unlink(missing_ok=True)
    return namespace.reenter(
        ["--out", str(out), "--stack", given.stack]
        + ["--" + word for word in ("demo", "full") if getattr(given, word)])


if __name__ == "__main__":
    options = arguments()
    sys.exit(inside(options) if options.inside else outside(options))
