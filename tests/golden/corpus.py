#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Measures how far the rules agree with an outside, labelled set of lines.

usage: corpus.py [--program MAILTALLY] [--all] FOLDER

FOLDER holds logs and labels.tsv: file, line number, component, expected
outcome, note (tab-separated, header first).  An outcome is one or more words
joined by ';', or `ignore` (nothing is counted), or `ambiguous` (not rated).
Components that are no source of ours are named and not rated (--all rates
them too).  The exit status says nothing about agreement.
"""
import argparse
import collections
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# Our counters in the words of the labels; what stands in neither table is no
# outcome of a message (sessions, TLS, warnings, reasons …).
WORDS = {
    "dkim.signatures": "dkim.signed",
    "smtp.sent": "postfix.sent", "smtp.filter_hop": "postfix.sent",
    "lmtp.sent": "postfix.sent", "lmtp.filter_hop": "postfix.sent",
    "local.maildir": "postfix.sent", "local.mailbox": "postfix.sent",
    "local.command": "postfix.sent", "local.file": "postfix.sent",
    "local.forwarded": "postfix.sent", "local.service": "postfix.sent",
    "local.other": "postfix.sent", "local.discarded": "postfix.sent",
    "smtp.deferred": "postfix.deferred", "lmtp.deferred": "postfix.deferred",
    "local.deferred": "postfix.deferred", "error.deferred": "postfix.deferred",
    "smtp.bounced": "postfix.bounced", "lmtp.bounced": "postfix.bounced",
    "local.bounced": "postfix.bounced", "error.bounced": "postfix.bounced",
    "qmgr.expired": "postfix.expired",
    "smtpd.accepted": "postfix.received",
    "smtpd.reinjected": "postfix.received",
    "pickup.submitted": "postfix.received",
    "policy.greylisted": "postgrey.greylist",
    "policy.passed": "postgrey.pass",
    "smtpd.reject_4xx": "postfix.rejected",
    "smtpd.reject_5xx": "postfix.rejected",
    "postscreen.reject": "postfix.rejected",
    "cleanup.check_reject": "postfix.rejected",
    "cleanup.mime_error": "postfix.rejected",
    "milter.reject": "postfix.milter_reject",
    "milter.tempfail": "postfix.milter_reject",
    "milter.default_action": "postfix.milter_reject",
    "milter.hold": "postfix.milter_hold",
    "milter.discard": "postfix.milter_discard",
    "milter.connect_error": "milter.unavailable",
    "milter.io_error": "milter.unavailable",
    "milter.protocol_error": "milter.unavailable",
}
VERDICTS = {
    "dkim": "pass fail none neutral policy temperror permerror",
    "spf": "pass fail softfail neutral none temperror permerror",
    "dmarc": "pass fail none temperror permerror",
    "arc": "pass fail none invalid temperror",
}
WORDS.update(("%s.%s" % (method, word),) * 2
             for method, words in VERDICTS.items() for word in words.split())
# Words of the labels that are finer than ours.
COARSER = {
    "postfix.greylist": "postfix.rejected",
    "postfix.greylisted": "postfix.rejected",
    "postfix.force_expired": "postfix.expired",
}


def read_labels(folder):
    with open(os.path.join(folder, "labels.tsv"), encoding="utf-8") as file:
        for line in list(file)[1:]:
            fields = line.rstrip("\n").split("\t")
            if len(fields) >= 4:
                yield fields[0], int(fields[1]), fields[2], fields[3]


def explain(program, folder, name):
    """What each line was taken for, by line number."""
    done = subprocess.run(
        [program, "explain", "--json", "--year", "2026", name], cwd=folder,
        stdout=subprocess.PIPE, env={**os.environ, "TZ": "UTC"}, check=True)
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return {said["line"]: said for said in map(json.loads, lines)}


def outcomes(source, counters):
    """Their words for what a line counts."""
    said = {WORDS[name] for name in counters if name in WORDS}
    words = {name.partition(".")[2] for name in counters
             if name.startswith("content.")}
    if source == "amavis":
        said |= {"amavis.%s_%s" % (action, word)
                 for action in words & {"passed", "blocked"}
                 for word in words - {"passed", "blocked"}}
    if source == "spamd":
        said |= {{"clean": "spamd.result_ham",
                  "spam": "spamd.result_spam"}[word] for word in words}
    if source == "rspamd":
        actions = {"clean": "no_action", "spammy": "add_header",
                   "spam": "reject", "greylisted": "greylist",
                   "deferred": "soft_reject"}
        said |= {"rspamd.%s" % actions.get(word, word) for word in words}
    return said


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--program", default=os.path.join(
        ROOT, "build/release/bin/mailtally"))
    parser.add_argument("--all", action="store_true",
                        help="rate components that we do not follow, too")
    parser.add_argument("folder")
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    said = {}
    components = collections.defaultdict(list)
    for name, number, component, label in read_labels(args.folder):
        if name not in said:
            said[name] = explain(program, args.folder, name)
        components[component].append(
            (name, number, label, said[name].get(number)))
    print("%-16s %6s %6s %9s %9s" %
          ("component", "lines", "agree", "disagree", "ambiguous"))
    foreign, wrong = [], []
    for component, lines in sorted(components.items()):
        if not args.all and all(line is None or line["source"] is None
                                for _, _, _, line in lines):
            foreign.append(component)
            continue
        agree = ambiguous = 0
        for name, number, label, line in lines:
            wanted = {COARSER.get(word, word) for word in label.split(";")
                      if word != "ignore"}
            got = set() if line is None else outcomes(
                line["source"], line["counters"])
            if label == "ambiguous":
                ambiguous += 1
            elif got == wanted:
                agree += 1
            else:
                wrong.append("%s:%d: %s: should be %s, is %s" % (
                    name, number, component, label,
                    "absent" if line is None else " ".join(
                        [line["status"]] + line["counters"])))
        print("%-16s %6d %6d %9d %9d" % (
            component, len(lines), agree, len(lines) - agree - ambiguous,
            ambiguous))
    if foreign:
        print("not followed: " + " ".join(foreign))
    for line in wrong:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
