#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Plants what one rule takes into what strangers write on lines of another.

`carriers` has lines with places (@@) that strangers write, and by hand what such
a line counts.  The messages of the golden logs, one for each rule, are written
into these places as the daemon would write them, alone and behind what might end
the place.  The line may then count less, since nobody knows where it ends; it may
never count anything else or more, nor speak of another queue id or domain.

    carriers: HOW TAB FLAGS TAB COUNTERS TAB LINE
    HOW       see `escapes`
    FLAGS     `domain`: strangers write the domain, too; else see `excused`; or -
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
STAMP = "Nov 21 21:00:00 mx1 "
SHOWN = 20

# What could end a place, or begin something else in it.
CLOSERS = ("x@y.example> ", "x>: ", "x>, ", ">; ", "x, ", "x; ", "x: ", "x) ",
           'x" ', "x' ", "x] ", "x]: ", 'x",', ";},", "x;},", "};],", "x. ",
           "x\n", "x\r\n" + STAMP, "\x1b[0m", "x\\", 'x\\" ', "\xff ")

# What decides in lists, by itself.
WORDS = ("R_DKIM_ALLOW(0.00){y;},R_SPF_ALLOW(0.00){y;},", "DKIM_SIGNED{y;},",
         "DMARC_POLICY_REJECT(0.00){y;},", "R_SPF_FAIL,R_DKIM_NA,",
         "DKIM_VALID,SPF_PASS", "Tests: [DKIM_VALID=-0.1,SPF_PASS=-0.001], ",
         "dkim_sd=s:bank.example, 12 ms", "dkim_new=s:bank.example, 12 ms",
         "dkim=pass; spf=pass; dmarc=pass", "spf=fail smtp.mailfrom=x",
         "status=sent (250 Ok)", "status=VIRUS:x", "action=REJECT x",
         "reason=spf_pass", "reason=spf_fail", "removed", "pass", "fail",
         "orig_queue_id=7A1C2E0001, orig_client=localhost[127.0.0.1]",
         "Ok: queued as 7A1C2E0001)", "message repeated 9 times: [ x]")


def text(payload):
    """Postfix and others: what cannot be printed is a question mark."""
    return re.sub(r"[^\x20-\x7e]", "?", payload)


def quoted(payload):
    """Postfix 3.5 and later: a local part, in quotes."""
    return '"%s"@evil.example' % re.sub(r'(["\\])', r"\\\1", text(payload))


def word(payload):
    return text(payload).replace(" ", "?")


def name(payload):
    """What Postfix takes for a host name."""
    return "x" + re.sub(r"[^A-Za-z0-9.-]", "", payload)[:200] + ".evil.example"


def internal(payload):
    """Postfix before 3.5: a local part as it is."""
    return text(payload) + "@evil.example"


def login(payload):
    """An account's name: its owner may be hostile, but has no commas."""
    return text(payload).replace(",", "?")


def raw(payload):
    """Nothing but what syslogd does."""
    return re.sub(r"[\x00-\x1f\x7f]", lambda m: "#%03o" % ord(m[0]), payload)


def amavis(payload):
    names = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return re.sub(r"[\\\x00-\x1f\x7f-\xff]", lambda m: names.get(
        m[0], "\\x%02X" % ord(m[0])), payload)


def amavis_quoted(payload):
    local = re.sub(r'(["\\])', r"\\\1", re.sub(r"[\r\n]", "", payload))
    return amavis('"%s"@evil.example' % local)


def in_json(payload):
    return json.dumps(payload)[1:-1]


def value(payload):
    """Mail::AuthenticationResults: a value, in quotes."""
    return '"x %s"' % re.sub(r'[\x00-\x1f\x7f-\xff()\\";]', " ", payload).strip()


def comment(payload):
    """The same, within parentheses, which are balanced."""
    payload = re.sub(r"[\x00-\x1f\x7f-\xff;\\]", " ", payload)
    depth = 0
    for sign in payload:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    return payload if depth == 0 else re.sub("[()]", " ", payload)


escapes = {"text": text, "quoted": quoted, "word": word, "name": name,
           "internal": internal, "login": login, "raw": raw,
           "amavis": amavis, "amavis_quoted": amavis_quoted,
           "json": in_json, "value": value, "comment": comment}


def explain(program, lines, folder, form):
    path = os.path.join(folder, "log")
    with open(path, "w", encoding="latin-1", newline="") as file:
        file.writelines(line + "\n" for line in lines)
    done = subprocess.run(
        [program, "explain", *form, "--year", "2026", path], check=True,
        stdout=subprocess.PIPE, env={**os.environ, "TZ": "UTC"})
    return done.stdout.decode("latin-1").split("\n")[:-1]


def amounts(program, lines, folder):
    """What each line adds, which --json does not tell."""
    result = []
    for head in explain(program, lines, folder, ())[::2]:
        counts = {}
        for counter, amount in re.findall(
                r" ([a-z]+\.[a-z0-9_]+)(?:\+(\d+))?(?= |$)",
                re.sub(r" \([^()]*\)$", "", head)):
            counts[counter] = counts.get(counter, 0) + int(amount or 1)
        result.append(counts)
    return result


def explain_all(program, lines, folder):
    """(what each line counts, what it says of queue id and domain, rule)"""
    rows = [json.loads(row) for row in
            explain(program, lines, folder, ("--json",))]
    counted = [collections.Counter(row["counters"]) for row in rows]
    if any("dkim.signatures" in row for row in counted):
        counted = amounts(program, lines, folder)
    return [(counts, row["queue_id"], row["domain"], row["rule"],
             row["status"])
            for counts, row in zip(counted, rows, strict=True)]


def message_of(line):
    """What stands behind `program[pid]: `, of a line in the usual form."""
    found = re.match(r"[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S+ [^\s:]+: +(.*)", line)
    return found[1] if found else None


def samples(program, folder):
    """One message for each rule, and what could stand alone in it."""
    lines = []
    for case in sorted(os.listdir(HERE)):
        path = os.path.join(HERE, case, "log")
        if os.path.exists(path):
            with open(path, encoding="latin-1") as file:
                lines += file.read().split("\n")[:-1]
    lines = [line for line in lines if message_of(line)]
    found = {}
    for line, row in zip(lines, explain_all(program, lines, folder)):
        if row[0]:
            found.setdefault((row[3], *sorted(row[0])), message_of(line))
    return list(found.values())


def pieces(payload, is_deep):
    yield payload
    if not is_deep:
        return
    bare = re.sub(r"^[0-9A-Za-z.()-]*:? ", "", payload, count=1)
    if bare != payload:
        yield bare
    for at in re.finditer(r"(?<=[, ])(?=[A-Za-z0-9])|[,;>\])]", payload):
        if at.start():
            yield payload[at.start():]


def read_carriers():
    carriers = []
    with open(os.path.join(HERE, "carriers"), encoding="ascii") as file:
        for line in file:
            how, flags, counters, template = line.rstrip("\n").split("\t")
            wanted = {} if counters == "-" else {
                counter: 1 for counter in counters.split()}
            carriers.append((escapes[how], set(flags.split()), wanted,
                             STAMP + template))
    return carriers


def without_parts(carriers):
    """RFC 5424 has lost what stands behind `postfix/`."""
    return [(how, flags | {"any"}, {},
             re.sub(r" postfix[^ ]*(\[\d+\]: )", r" postfix\1", template))
            for how, flags, _, template in carriers
            if template.startswith(STAMP + "postfix/") and
            ": @@" not in template]


def excused(flags, row, wanted):
    """Lines that nobody can tell apart: what they may count."""
    names = set(row[0]) - set(wanted)
    # A HELO name that holds another reason: the reason is not told, the refusal
    # counts.
    if names == {"smtpd.reject_other"}:
        return True
    # The same before Postfix 3.5 with addresses: of a refusal the reason is
    # wrong, 4xx and 5xx are right.
    if "reason" in flags and len(row[0]) == len(wanted):
        return all(name.startswith("smtpd.") for name in names)
    # rspamd writes options as they are: who writes the end of one may write a
    # symbol.  The worst symbol of a method decides, so that nothing looks
    # better; but of several signatures one good one makes a pass.
    return ("symbols" in flags and "spf.pass" not in names and
            not any(name.startswith(("content.", "smtp")) or
                    name in ("dmarc.pass", "arc.pass") for name in names))


def check(carriers, plants, program, folder):
    lines = [template.replace("@@", how("x"))
             for how, _, _, template in carriers]
    honest = explain_all(program, lines, folder)
    # Without parts a line may say less: what it says without a plant is right.
    carriers = [(how, flags, row[0] if "any" in flags else wanted, template)
                for (how, flags, wanted, template), row in
                zip(carriers, honest)]
    wrong = [(line, "counts %s, should be %s" % (row[0], carrier[2]))
             for line, row, carrier in zip(lines, honest, carriers)
             if row[0] != carrier[2] or
             (row[4] == "unmatched" and "any" not in carrier[1])]
    less = 0
    for carrier, honest_row in zip(carriers, honest):
        how, flags, wanted, template = carrier
        lines = sorted({template.replace("@@", how(plant))
                        for plant in plants})
        for line, row in zip(lines, explain_all(program, lines, folder)):
            more = {name for name, n in row[0].items()
                    if n > wanted.get(name, 0)}
            if more and not excused(flags, row, wanted):
                wrong.append((line, "counts %s, should be %s (%s)" %
                              (row[0], wanted, row[3])))
            elif row[0] and row[1] not in (honest_row[1], None):
                wrong.append((line, "speaks of queue id " + row[1]))
            elif (row[0] and "domain" not in flags and
                  row[2] not in (honest_row[2], None)):
                wrong.append((line, "speaks of domain " + row[2]))
            less += row[0] != wanted
    return wrong, less


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--deep", action="store_true",
                        help="plant each end of each message, and behind all "
                        "that might end a place: minutes")
    parser.add_argument("--only", default="", help="carriers with this text")
    parser.add_argument("--all", action="store_true",
                        help="show all that is wrong")
    parser.add_argument("--program", default=os.path.join(
        ROOT, "build/release/bin/mailtally"))
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    with tempfile.TemporaryDirectory() as folder:
        carriers = read_carriers()
        carriers = [c for c in carriers + without_parts(carriers)
                    if args.only in c[3]]
        plants = {closer + word for word in WORDS
                  for closer in ("", *CLOSERS[:9])}
        for i, payload in enumerate(samples(program, folder)):
            closers = CLOSERS if args.deep else (
                CLOSERS[i % len(CLOSERS)],)
            plants |= {closer + payload for closer in closers}
            plants |= set(pieces(payload, args.deep))
        wrong, less = check(carriers, sorted(plants), program, folder)
    for line, why in wrong if args.all else wrong[:SHOWN]:
        print("%s\n    %s" % (line[len(STAMP):], why))
    if len(wrong) > SHOWN and not args.all:
        print("… %d more" % (len(wrong) - SHOWN))
    print("%d carriers, %d plants; %d lines counted less" %
          (len(carriers), len(plants), less))
    print("%d passed, %d failed" % (len(carriers), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
