# SPDX-License-Identifier: ISC
"""The command line, as people and programs meet it."""
import fcntl
import gzip
import json
import os
import pty
import re
import struct
import subprocess
import termios
import threading

import pytest

from daemon import BIN, ENV, GENERATE, ROOT, Daemon, line

MAILTALLY = BIN / "mailtally"
MEASURE = GENERATE.with_name("measure")
COMMANDS = ["scan", "explain", "doctor", "status", "graph", "history"]
LINE_MAX = 65536
HEAD = "2026-11-20T10:00:%02d+00:00 mx1 "
CONNECT = "postfix/smtpd[7]: connect from a.example[192.0.2.1]"
HOSTILE = b"\x1b[2J\x1b]0;owned\x07\x9b31m\xc2\x9b31m\x7f\r\x08\xff"
COUNTED = {"lines", "matched", "ignored", "unmatched", "foreign", "malformed"}
SCAN = COUNTED | {"first", "last", "total", "source", "host", "domain"}
# One line of each status.
EACH = {
    "matched": HEAD % 1 + "opendkim[7]: 4XyZ12345: DKIM-Signature field added"
               " (s=s1, d=example.org)",
    "ignored": HEAD % 2 + "postfix/smtpd[7]: disconnect from a.example"
               "[192.0.2.1] ehlo=1 quit=1 commands=2",
    "unmatched": HEAD % 3 + "postfix/smtpd[7]: words of a later version",
    "foreign": HEAD % 4 + "cron[7]: hello",
    "malformed": "no line of a log",
}


def run(*args, status=0, stdin=b"", **how):
    """Its output; the status must be the one that is expected."""
    done = subprocess.run([MAILTALLY, *map(str, args)], input=stdin, env=ENV,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, **how)
    assert done.returncode == status, (args, done.stdout, done.stderr)
    if status != 0:
        assert done.stderr and not done.stderr.startswith(b"\n")
    done.out, done.err = done.stdout.decode(), done.stderr.decode()
    return done


def scan(*args, **how):
    return json.loads(run("scan", "--json", *args, **how).stdout)


def explain(*args, **how):
    text = run("explain", "--json", *args, **how).stdout
    return [json.loads(entry) for entry in text.splitlines()]


def put(path, *lines):
    path.write_bytes(b"".join(
        (entry.encode() if isinstance(entry, str) else entry) + b"\n"
        for entry in lines))
    return path


def generated(folder, count, seed=1):
    log = folder / f"{seed}.log"
    subprocess.run([GENERATE, "--lines", str(count), "--seed", str(seed),
                    "--format", "iso", "--out", log, "--truth",
                    folder / f"{seed}.json"], check=True)
    return log


def on_terminal(*args, terminal):
    """What it writes to a terminal that is its output, or its errors."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    ends = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    ends[terminal] = slave
    process = subprocess.Popen([MAILTALLY, *map(str, args)], env=ENV,
                               stdin=subprocess.DEVNULL, **ends)
    os.close(slave)
    text = b""
    reader = threading.Thread(target=process.communicate)
    reader.start()
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other side is closed
            break
        text += piece
    reader.join()
    os.close(master)
    assert process.returncode == 0
    return text


def peak_kib(folder, *args, feed=None):
    """Its peak memory, and what it printed."""
    cost = folder / "cost.json"
    process = subprocess.Popen([MEASURE, cost, MAILTALLY, *args], env=ENV,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if feed is not None:
        feed(process.stdin)
    out, _ = process.communicate()
    assert process.returncode == 0
    return json.loads(cost.read_text())["peak_kib"], json.loads(out)


IS_RELEASE = os.environ.get("MODE", "release") == "release"
needs_release = pytest.mark.skipif(
    not IS_RELEASE, reason="memory is that of sanitizers")


# ---- words and statuses ----------------------------------------------------

def options_of(text):
    return set(re.findall(r"(?<![\w-])--?[a-z]\w*(?!\w)", text))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_the_options_and_ends_well(command):
    done = run(command, "--help")
    assert done.out.startswith(f"usage: mailtally {command} ")
    assert not done.err
    # Each option of the first line is explained below it.
    usage, rest = done.out.split("\n", 1)
    assert options_of(rest)
    assert options_of(usage) <= options_of(rest)


@pytest.mark.parametrize("command", COMMANDS)
def test_options_of_the_help_are_those_of_the_program(command):
    for option in sorted(options_of(run(command, "--help").out)):
        done = subprocess.run([MAILTALLY, command, option], env=ENV,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for words in (b"unrecognized option", b"invalid option"):
            assert words not in done.stderr, (option, done.stderr)


def man_page():
    """Its text, with the usual signs for its sections."""
    return subprocess.run(
        ["mandoc", "-T", "ascii", "-O", "width=200",
         ROOT / "docs/man/mailtally.1"],
        stdout=subprocess.PIPE, check=True).stdout.decode()


def test_man_page_names_every_option_and_command():
    page = re.sub(r".\x08", "", man_page())
    named = options_of(page)
    for command in COMMANDS:
        assert re.search(rf"^ +mailtally {command}\b", page, re.M)
        missing = options_of(run(command, "--help").out) - named
        assert not missing, (command, missing)


def test_help_and_version_of_the_program():
    for word in ("--help", "help"):
        out = run(word).out
        assert all(re.search(rf"^  {name} ", out, re.M) for name in COMMANDS)
    assert re.fullmatch(r"mailtally \d+\.\d+\.\d+\n", run("--version").out)


@pytest.mark.parametrize("args,sentence", [
    ([], "usage: mailtally COMMAND"),
    (["scam"], "no command 'scam'"),
    (["scan"], "no file given"),
    (["explain"], "no file given"),
    (["doctor"], "no file given"),
    (["doctor", "--unmatched", "x"], "doctor has no --unmatched"),
    (["scan", "--what", "x"], "unrecognized option '--what'"),
    (["scan", "--unmatched", "x"], "scan has no --unmatched"),
    (["scan", "--year"], "requires an argument"),
    (["scan", "--year", "20x6", "x"], "'20x6' is no year"),
    (["scan", "--year", "", "x"], "'' is no year"),
    (["scan", "--year", "1969", "x"], "'1969' is no year"),
    (["explain", "--year", "10000", "x"], "'10000' is no year"),
    (["status", "x"], "takes no file"),
    (["status", "--bad"], "unrecognized option '--bad'"),
])
def test_wrong_calls_are_said_with_the_usage(tmp_path, args, sentence):
    put(tmp_path / "x", EACH["foreign"])
    done = run(*args, status=2, cwd=tmp_path)
    assert not done.out
    assert sentence in done.err and "usage: mailtally" in done.err


@pytest.mark.parametrize("args,sentence", [
    (["scan", "missing"], "mailtally: missing: No such file or directory\n"),
    (["scan", "."], "mailtally: .: Is a directory\n"),
    (["doctor", "missing"], "mailtally: missing: No such file or directory\n"),
    (["explain", "here", "missing"],
     "mailtally: missing: No such file or directory\n"),
    (["scan", "--rules", "nowhere", "here"],
     "mailtally: nowhere: No such file or directory\n"),
    (["scan", "--rules", "here", "here"], "mailtally: here: Not a directory\n"),
    (["status", "-c", "missing"],
     "mailtally: cannot read missing: No such file or directory\n"),
])
def test_failures_are_one_sentence(tmp_path, args, sentence):
    put(tmp_path / "here", EACH["foreign"])
    done = run(*args, status=1, cwd=tmp_path)
    assert not done.out
    assert done.err == sentence


@pytest.mark.parametrize("args", [
    ["scan"], ["scan", "--json"], ["explain"], ["explain", "--json"],
    ["doctor"], ["doctor", "--json"]])
def test_output_that_cannot_be_written_is_a_failure(tmp_path, args):
    log = put(tmp_path / "log", *EACH.values())
    with open("/dev/full", "wb") as full:
        done = subprocess.run([MAILTALLY, *args, log], stdout=full,
                              stderr=subprocess.PIPE, env=ENV)
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr


def test_it_links_nothing_that_draws():
    libraries = subprocess.run(["ldd", MAILTALLY], stdout=subprocess.PIPE,
                               check=True).stdout.decode()
    assert "libpcre2" in libraries
    assert not re.search(r"cairo|pango|librrd", libraries)


# ---- files -----------------------------------------------------------------

def test_empty_input_counts_nothing(tmp_path):
    log = put(tmp_path / "log")
    for found in (scan(log), scan("-")):
        assert set(found) == SCAN
        assert all(found[name] == 0 for name in COUNTED)
        assert not any(found["total"].values())


def test_last_line_without_a_newline_counts(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(line(1) + line(2)[:-1])
    assert scan(log)["lines"] == 2


def test_fifo_is_read_like_a_file(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(
        target=lambda: fifo.write_bytes(line(1) + line(2) + line(3)[:-1]))
    writer.start()
    assert scan(fifo)["total"]["smtpd.sessions"] == 3
    writer.join()


def test_cut_gzip_file_counts_its_whole_lines_and_fails(tmp_path):
    log = generated(tmp_path, 5000)
    packed = gzip.compress(log.read_bytes())
    (tmp_path / "cut.gz").write_bytes(packed[:len(packed) // 2])
    done = run("scan", "--json", tmp_path / "cut.gz", status=1)
    assert done.err == (f"mailtally: {tmp_path}/cut.gz: "
                        "the gzip file is cut short\n")
    found = json.loads(done.out)
    assert 1000 < found["lines"] < 5000
    whole = b"".join(
        log.read_bytes().splitlines(keepends=True)[:found["lines"]])
    assert scan("-", stdin=whole) == found


def test_gzip_members_count_as_one_text(tmp_path):
    text = generated(tmp_path, 2000).read_bytes()
    packed = tmp_path / "log.gz"
    half = len(text) // 2  # in the middle of a line
    packed.write_bytes(gzip.compress(text[:half]) + gzip.compress(text[half:]))
    assert scan(packed) == scan("-", stdin=text)


def test_damaged_file_does_not_hide_the_others(tmp_path):
    (tmp_path / "bad.gz").write_bytes(b"damaged")
    log = put(tmp_path / "log", HEAD % 1 + CONNECT)
    done = run("scan", "--json", tmp_path / "bad.gz", log, status=1)
    assert json.loads(done.out)["lines"] == 1
    assert "bad.gz: damaged gzip data" in done.err


def test_year_is_that_of_the_first_line(tmp_path):
    log = put(tmp_path / "log", "Dec 31 23:59:59 mx1 " + CONNECT,
              "Jan  1 00:00:00 mx1 " + CONNECT)
    found = scan("--year", 2019, log)
    assert (found["first"], found["last"]) == (1577836799, 1577836800)


def test_year_without_an_option_fits_the_file(tmp_path):
    text = b"Nov 20 10:00:00 mx1 " + CONNECT.encode() + b"\n"
    log = tmp_path / "log"
    log.write_bytes(text)
    os.utime(log, (1577836800, 1577836800))  # 2020-01-01
    assert scan(log)["first"] == 1574244000  # 2019-11-20 10:00
    packed = tmp_path / "copied-later.gz"
    packed.write_bytes(gzip.compress(text, mtime=1577836800))
    assert scan(packed)["first"] == 1574244000


# ---- memory ----------------------------------------------------------------

def test_long_lines_are_cut_and_the_next_is_whole():
    long = (HEAD % 1 + CONNECT).encode()
    long += b"x" * (3 * LINE_MAX)
    found = scan("-", stdin=long + b"\n" + line(1) + long)
    assert found["lines"] == 3
    assert found["total"]["log.cut"] == 2
    assert found["total"]["smtpd.sessions"] >= 1


@needs_release
def test_line_of_50_mb_needs_no_memory(tmp_path):
    def feed(pipe):
        for _ in range(50):
            pipe.write(b"x" * 1_000_000)
        pipe.write(b"\n" + line(1))
    peak, found = peak_kib(tmp_path, "scan", "--json", "-", feed=feed)
    assert found["lines"] == 2 and found["total"]["log.cut"] == 1
    assert peak <= 16 * 1024, f"{peak} KiB"


@needs_release
def test_million_lines_need_16_mib_at_most(tmp_path):
    log = generated(tmp_path, 1_000_000)
    peak, found = peak_kib(tmp_path, "scan", "--json", log)
    assert found["lines"] == 1_000_000
    assert peak <= 16 * 1024, f"{peak} KiB"


@needs_release
def test_forty_rotated_files_need_16_mib_at_most(tmp_path):
    packed = gzip.compress(generated(tmp_path, 5000).read_bytes())
    logs = [tmp_path / f"mail.log.{number}.gz" for number in range(40)]
    for log in logs:
        log.write_bytes(packed)
    peak, found = peak_kib(tmp_path, "scan", "--json", *logs)
    assert found["lines"] == 40 * 5000
    assert peak <= 16 * 1024, f"{peak} KiB"


# ---- scan ------------------------------------------------------------------

def add(one, other):
    if not isinstance(one, dict):
        return one + other
    total = dict(one)
    for key, value in other.items():
        total[key] = add(total[key], value) if key in total else value
    return total


def test_scan_prints_the_members_of_the_contract(tmp_path):
    found = scan(generated(tmp_path, 3000))
    assert set(found) == SCAN
    for name in COUNTED | {"first", "last"}:
        assert type(found[name]) is int
    assert found["lines"] == sum(found[name] for name in COUNTED - {"lines"})
    for name in COUNTED:
        assert found["total"].get("log." + name, 0) == found[name]
    assert all(type(value) is int for value in found["total"].values())
    for kind in ("source", "host", "domain"):
        assert found[kind]
        for row in found[kind].values():
            assert all(type(value) is int for value in row.values())


def test_several_files_count_their_sum(tmp_path):
    logs = [generated(tmp_path, 3000 + seed, seed) for seed in (1, 2, 3)]
    packed = tmp_path / "2.log.gz"
    packed.write_bytes(gzip.compress(logs[1].read_bytes()))
    parts = [scan(log) for log in logs]
    whole = scan(logs[0], packed, logs[2])
    assert whole.pop("first") == min(part.pop("first") for part in parts)
    assert whole.pop("last") == max(part.pop("last") for part in parts)
    assert whole == add(add(parts[0], parts[1]), parts[2])


def test_total_is_the_sum_of_the_hosts(tmp_path):
    odd = [b"2026-11-20T10:00:00Z mx" + host + b" " + CONNECT.encode()
           for host in (b"\xff", b"\xfe", b"\x1b[31m", b"\0x", b"", b"1")]
    found = scan(generated(tmp_path, 5000), put(tmp_path / "log", *odd))
    total = {}
    for row in found["host"].values():
        total = add(total, row)
    assert total == found["total"]
    assert {"mx%FF", "mx%FE", "mx\x1b[31m", "mx", "mx1"} <= set(found["host"])
    assert found["lines"] == 5006


def test_table_has_the_numbers_of_the_json(tmp_path):
    log = generated(tmp_path, 20000)
    found, table = scan(log), run("scan", log).out
    assert "\x1b" not in table
    assert f"{found['lines']:,}" in table and "," in f"{found['lines']:,}"
    for name, value in found["total"].items():
        word = name.split(".", 1)[1]
        assert re.search(rf"^  {word} +{value:,} ", table, re.M), name
    for kind in ("source", "host", "domain"):
        for key in found[kind]:
            assert re.search(rf"^{re.escape(key)} ", table, re.M), key
    for check in ("DKIM", "SPF", "DMARC"):
        body = re.search(rf"^{check}\n(.*?)\n\n", table, re.M | re.S).group(1)
        shares = [float(s) for s in re.findall(r" +([\d.]+) %", body)]
        assert len(shares) > 1
        assert abs(sum(shares) - 100) <= 0.051 * len(shares), (check, shares)


def test_colours_are_for_terminals_only(tmp_path):
    log = generated(tmp_path, 2000)
    assert "\x1b" not in run("scan", log).out
    text = on_terminal("scan", log, terminal="stdout")
    assert b"\x1b[1mDKIM\x1b[0m" in text and b"\x1b[32m" in text
    plain = re.sub(rb"\x1b\[\d+m", b"", text).replace(b"\r\n", b"\n")
    assert plain.decode() == run("scan", log).out
    assert b"\x1b" not in on_terminal("scan", "--json", log,
                                      terminal="stdout")


def test_progress_is_for_terminals_only(tmp_path):
    log = generated(tmp_path, 200_000)
    assert not run("scan", log).err
    shown = on_terminal("scan", log, terminal="stderr").decode()
    parts = re.findall(r"\rscan: (\d+) lines, +(\d+) %", shown)
    assert [int(lines) for lines, _ in parts] == [65536, 131072, 196608]
    percents = [int(percent) for _, percent in parts]
    assert percents == sorted(percents) and 25 < percents[0] < 40
    assert shown.endswith("\r\x1b[K")


# ---- explain ---------------------------------------------------------------

def test_explain_prints_the_members_of_the_contract(tmp_path):
    log = put(tmp_path / "log", *EACH.values())
    found = explain(log)
    assert [entry["status"] for entry in found] == list(EACH)
    for number, entry in enumerate(found, 1):
        assert set(entry) == {"file", "line", "status", "source", "rule",
                              "counters", "queue_id", "domain"}
        assert (entry["file"], entry["line"]) == (str(log), number)
        is_known = entry["status"] in ("matched", "ignored", "unmatched")
        has_rule = entry["status"] in ("matched", "ignored")
        assert is_known == isinstance(entry["source"], str)
        assert has_rule == isinstance(entry["rule"], str)
        assert is_known or entry["source"] is None
        assert has_rule or entry["rule"] is None
        assert isinstance(entry["counters"], list)
        assert bool(entry["counters"]) == (entry["status"] == "matched")
    assert found[0]["source"] == "opendkim"
    assert re.fullmatch(r"opendkim\.rules:\d+", found[0]["rule"])
    assert "dkim.signatures" in found[0]["counters"]
    assert found[0]["queue_id"] == "4XyZ12345"
    assert found[0]["domain"] == "example.org"
    for entry in found[2:]:
        assert entry["queue_id"] is None and entry["domain"] is None


def test_explain_says_in_words_what_the_json_says(tmp_path):
    log = put(tmp_path / "log", *EACH.values())
    text = run("explain", log).out.splitlines()
    assert len(text) == 2 * len(EACH)
    for entry, head, body in zip(explain(log), text[::2], text[1::2]):
        assert head.startswith(f"{log}:{entry['line']}: {entry['status']}")
        for word in [entry["source"], *entry["counters"]]:
            assert word is None or f" {word}" in head
        assert head.endswith(f" ({entry['rule']})") == bool(entry["rule"])
        assert body == "  " + list(EACH.values())[entry["line"] - 1]


def test_explain_unmatched_shows_those_only(tmp_path):
    log = put(tmp_path / "log", *EACH.values())
    assert [entry["line"] for entry in explain("--unmatched", log)] == [3]
    text = run("explain", "--unmatched", log).out
    assert text.splitlines()[1:] == ["  " + EACH["unmatched"]]


def test_explain_counts_what_scan_counts_in_the_sources(tmp_path):
    log = generated(tmp_path, 3000)
    counted = {}
    for head in run("explain", log).out.splitlines()[::2]:
        _, status, *words = head.split()
        for word in words[1:-1] if status == "matched" else ():
            name, _, amount = word.partition("+")
            key = words[0], name
            counted[key] = counted.get(key, 0) + int(amount or 1)
    expected = {(source, name): value
                for source, row in scan(log)["source"].items()
                for name, value in row.items()
                if not name.startswith("log.")}
    assert counted == expected


# ---- own rules -------------------------------------------------------------

def own_rules(folder, rules, catalogue="100000 our.held message none Held\n"):
    made = folder / "own"
    made.mkdir()
    (made / "our.rules").write_text(rules)
    (made / "catalogue").write_text(catalogue)
    return made


def test_own_rules_count_own_counters(tmp_path):
    own = own_rules(tmp_path, "source ourfilter\nprogram /^ourfilter$/\n"
                              "/held /  our.held\n")
    log = put(tmp_path / "log", *[HEAD % 1 + "ourfilter[1]: held it"] * 1234)
    found = scan("--rules", own, log)
    assert found["total"]["our.held"] == 1234
    assert found["source"]["ourfilter"]["our.held"] == 1234
    assert scan(log)["foreign"] == 1234
    table = run("scan", "--rules", own, log).out
    assert re.search(r"^Your own counters\n  held +1,234  Held$", table, re.M)
    [first, *_] = explain("--rules", own, log)
    assert first["counters"] == ["our.held"]
    assert first["rule"] == f"{own}/our.rules:3"


def test_own_rules_are_tried_first(tmp_path):
    own = own_rules(tmp_path, "source postfix\nprogram /^postfix\\/smtpd$/\n"
                              "/connect from /  our.held\n")
    log = put(tmp_path / "log", HEAD % 1 + CONNECT)
    assert "our.held" in scan("--rules", own, log)["total"]
    assert "smtpd.sessions" not in scan("--rules", own, log)["total"]


@pytest.mark.parametrize("rules,line_number,word", [
    ("source x\nprogram /^x$/\n/a/ our.unknown\n", 3, "our.unknown"),
    ("source x\n\nprogram /^(x$/\n", 3, "parenthes"),
    ("source x\nprogram /^x$/\n/a(/ our.held\n", 3, "parenthes"),
    ("/a/ our.held\n", 1, "program"),
])
def test_wrong_rule_is_said_with_file_and_line(
        tmp_path, rules, line_number, word):
    own = own_rules(tmp_path, rules)
    log = put(tmp_path / "log", HEAD % 1 + CONNECT)
    for command in ("scan", "explain"):
        done = run(command, "--rules", own, log, status=1)
        assert done.err.startswith(
            f"mailtally: {own}/our.rules:{line_number}: "), done.err
        assert word in done.err and done.err.count("\n") == 1


def test_wrong_catalogue_is_said_with_file_and_line(tmp_path):
    own = own_rules(tmp_path, "", "# own\n99 our.held message none Held\n")
    log = put(tmp_path / "log", HEAD % 1 + CONNECT)
    done = run("scan", "--rules", own, log, status=1)
    assert done.err.startswith(f"mailtally: {own}/catalogue:2: ")
    assert "100000" in done.err


# ---- status and what strangers write ---------------------------------------

@pytest.fixture
def daemon(tmp_path):
    with Daemon(tmp_path) as made:
        yield made


def hostile_lines():
    return [(HEAD % 1).encode() + b"postfix/smtpd[7]: " + HOSTILE,
            HOSTILE, b"2026-11-20T10:00:02Z mx" + HOSTILE.replace(
                b"\r", b"") + b" " + CONNECT.encode()]


def assert_tame(text):
    """No control character but the end of a line, and only UTF-8."""
    shown = text.decode()
    wrong = re.findall("[\0-\x09\x0b-\x1f\x7f-\x9f]", shown)
    assert not wrong, (wrong, shown[:300])


def test_hostile_line_does_not_reach_the_terminal(tmp_path):
    log = put(tmp_path / "log", *hostile_lines())
    assert scan(log)["lines"] == 3
    assert_tame(run("explain", log).stdout)
    assert_tame(run("scan", log).stdout)
    shown = on_terminal("explain", log, terminal="stdout")
    assert_tame(shown.replace(b"\r\n", b"\n"))
    assert b"[2J" in shown
    for entry in explain(log):
        assert entry["status"] in ("matched", "unmatched", "malformed")


def test_status_has_the_members_of_scan_and_its_own(daemon):
    put(daemon.log, *EACH.values())
    daemon.start()
    daemon.wait(len(EACH))
    found = daemon.status()
    assert SCAN | {"inputs", "alerts", "age"} <= set(found)
    expected = scan(daemon.log)
    for name in COUNTED | {"source", "host", "domain"}:
        assert found[name] == expected[name], name
    steady = {name: value for name, value in found["total"].items()
              if name in expected["total"]}
    assert steady == expected["total"]
    assert type(found["age"]) is int and 0 <= found["age"] < 60
    assert found["alerts"] == []
    [given] = found["inputs"]
    assert given["path"] == str(daemon.log)
    assert given["offset"] == daemon.log.stat().st_size
    assert given["lag"] == 0
    table = run("status", "-c", daemon.conf).out
    assert re.match(r"Snapshot \d+\.\d s old\n", table)
    assert f"Input {daemon.log}: read to byte {given['offset']}, " in table
    assert "signatures" in table and "\x1b" not in table


def test_status_says_that_the_collector_does_not_run(daemon):
    put(daemon.log, *EACH.values())
    daemon.start()
    daemon.wait(len(EACH))
    daemon.terminate()
    snapshot = daemon.run / "snapshot"
    text = snapshot.read_text()
    snapshot.write_text(re.sub(r"^written .*$", "written 1000", text,
                               flags=re.M))
    assert "the collector does not run" in run(
        "status", "-c", daemon.conf).out
    snapshot.write_text(text[:-8])
    done = run("status", "-c", daemon.conf, status=1)
    assert done.err.startswith(f"mailtally: {snapshot}")
    snapshot.unlink()
    done = run("status", "-c", daemon.conf, status=1)
    assert str(snapshot) in done.err


def test_status_lists_the_alerts_first(tmp_path, monkeypatch):
    monkeypatch.setitem(ENV, "TZ", "UTC0")
    conf = put(tmp_path / "conf", f'run_dir = "{tmp_path}"',
               f'input "{tmp_path}/log" {{ }}')
    lines = ["alert dkim_failures mx1%20a raised 1000 0.5 0.1 critical "
             "half of\x1b[2J them",
             "alert quiet %2D silenced 2000 7 5 info",
             "alert calm x clear 3000 0 5 warning all is well"]
    put(tmp_path / "snapshot", "mailtally-snapshot 1", "started 1",
        "written 2", "boot b", *lines, f"end {3 + len(lines)}")
    members = "name key state since value threshold severity text".split()
    assert json.loads(run("status", "--json", "-c", conf).out)["alerts"] == [
        dict(zip(members, values)) for values in [
            ("dkim_failures", "mx1 a", "raised", 1000, "0.5", "0.1",
             "critical", "half of\x1b[2J them"),
            ("quiet", "-", "silenced", 2000, "7", "5", "info", ""),
            ("calm", "x", "clear", 3000, "0", "5", "warning",
             "all is well")]]
    done = run("status", "-c", conf)
    assert_tame(done.stdout)
    first, second, third, *_ = done.out.splitlines()
    assert first == ("Alert dkim_failures mx1 a (critical) raised since "
                     "1970-01-01 00:16:40: 0.5, threshold 0.1: "
                     "half of?[2J them")
    assert second == ("Alert quiet - (info) silenced since "
                      "1970-01-01 00:33:20: 7, threshold 5")
    assert third.startswith("Snapshot ")


def test_status_unmatched_is_empty_while_all_is_known(daemon):
    put(daemon.log, EACH["matched"])
    daemon.start()
    daemon.wait(1)
    daemon.terminate()
    assert run("status", "--unmatched", "-c", daemon.conf).out == ""


def test_status_unmatched_is_tame(daemon):
    put(daemon.log, EACH["unmatched"], *hostile_lines())
    daemon.start()
    daemon.wait(4)
    daemon.terminate()
    done = run("status", "--unmatched", "-c", daemon.conf)
    first, second = done.out.splitlines()
    assert first == EACH["unmatched"]
    assert "postfix/smtpd[7]: ?[2J" in second
    assert_tame(done.stdout)
    assert_tame(run("status", "-c", daemon.conf).stdout)
    kept = daemon.state_dir / "unmatched"
    kept.write_bytes(HOSTILE + b"\n")  # whoever wrote it
    assert_tame(run("status", "--unmatched", "-c", daemon.conf).stdout)


# ---- doctor ----------------------------------------------------------------

PLACE = "2026-11-20T10:00:%02d+00:00 "
DKIM = "mx1 opendkim[7]: 4XyZ12345: "
BAD_DKIM = DKIM + "bad signature data"
GOOD_DKIM = DKIM + "DKIM verification successful"
DMARC = "mx1 opendmarc[7]: 4XyZ12345: "
SPF = "mx1 policyd-spf[7]: prepend Received-SPF: Pass (mailfrom)"
REMOVED = "mx1 postfix/qmgr[7]: 4XyZ12345: removed"
HELD = ("mx1 postfix/cleanup[7]: 4XyZ12345: milter-hold: END-OF-MESSAGE from "
        "a.example[192.0.2.1]: milter triggers HOLD action; "
        "from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<a.example>")


def doctor(log, *args):
    return json.loads(run("doctor", "--json", *args, log).stdout)


def put_told(folder, *told):
    """A log of (times, text) or text."""
    pairs = [(1, one) if isinstance(one, str) else one for one in told]
    return put(folder / "log", *(
        PLACE % (n % 60) + text for times, text in pairs
        for n in range(times)))


@pytest.mark.parametrize("told,kind,source,sentence,advice", [
    ([REMOVED, (2, BAD_DKIM)], "setting", "opendkim",
     "DKIM failures (2) but never a success", "SyslogSuccess yes"),
    ([REMOVED, (20, GOOD_DKIM)], "setting", "opendkim",
     "never logged dkim.none", "LogWhy yes"),
    ([REMOVED, (20, "mx1 rspamd[7]: <a0b101>; lua; settings.lua:1: hello")],
     "setting", "rspamd", "20 lines, but none that says what it decided",
     "mail.debug"),
    ([HELD], "file", "postfix", "the milters' lines are in another file",
     "all files"),
    ([GOOD_DKIM], "file", None, "but Postfix does not", "all files"),
    ([REMOVED, "mx1 systemd-journald[7]: Suppressed 9 messages from x"],
     "file", None, "dropped lines", "RateLimitIntervalSec"),
    ([REMOVED, DMARC + "SPF(mailfrom): b.example pass", SPF],
     "double", "policyd-spf", "SPF is checked by policyd-spf and opendmarc",
     "authority"),
])
def test_doctor_finds(tmp_path, told, kind, source, sentence, advice):
    log = put_told(tmp_path, *told)
    found = doctor(log)["findings"]
    assert len(found) == 1
    assert (found[0]["kind"], found[0]["source"]) == (kind, source)
    assert sentence in found[0]["text"] and advice in found[0]["advice"]
    shown = " ".join(run("doctor", log).out.split())
    assert found[0]["text"] in shown
    assert "\u2192 " + found[0]["advice"] in shown
    assert ("Nothing seems to be amiss" in shown) == (kind == "double")


def test_doctor_finds_lines_of_no_log_and_of_the_future(tmp_path):
    log = put(tmp_path / "log", EACH["malformed"],
              "2099-11-20T10:00:00+00:00 " + REMOVED)
    kinds = [found["kind"] for found in doctor(log)["findings"]]
    assert kinds == ["file", "stamp"]
    assert "no log lines, or name no program: 1 of 2." in \
        run("doctor", log).out


def test_doctor_has_nothing_to_say_of_a_good_log(tmp_path):
    log = put_told(tmp_path, REMOVED, (20, GOOD_DKIM), BAD_DKIM,
                   DKIM + "no signature data", DMARC + "b.example pass", SPF,
                   HELD)
    assert doctor(log)["findings"] == []
    out = run("doctor", log).out
    assert "Nothing seems to be amiss" in out
    assert "not understood" not in out and "not followed" not in out


def test_doctor_tells_what_was_seen(tmp_path):
    first = put(tmp_path / "a", *EACH.values())
    second = tmp_path / "b.gz"
    second.write_bytes(gzip.compress(
        (PLACE % 9 + GOOD_DKIM.replace("mx1", "mx2") + "\n").encode()))
    seen = json.loads(run("doctor", "--json", first, second).stdout)
    assert set(seen) == {"lines", "malformed", "first", "last", "host",
                         "source", "findings", "unmatched", "foreign"}
    assert (seen["lines"], seen["malformed"]) == (6, 1)
    assert seen["host"] == {"mx1": 4, "mx2": 1}
    assert seen["last"] - seen["first"] == 8
    assert seen["source"]["opendkim"] == {
        "lines": 2, "matched": 2, "ignored": 0, "unmatched": 0,
        "counters": {"dkim.signatures": 1, "dkim.pass": 1}}
    assert seen["unmatched"] == [{
        "source": "postfix", "program": "postfix/smtpd", "lines": 1,
        "file": str(first), "line": 3, "example": EACH["unmatched"]}]
    assert [(one["program"], one["lines"]) for one in seen["foreign"]] == [
        ("cron", 1)]
    shown = " ".join(run("doctor", first, second).out.split())
    assert "6 lines from 2026-11-20 " in shown and "of host mx1, mx2" in shown
    assert "opendkim, 2 lines: dkim: signatures 1, pass 1" in shown
    assert f"postfix/smtpd (postfix), 1 line, such as {first}:3: " in shown
    assert EACH["unmatched"] in shown
    assert "cron 1" in shown and "alias" not in shown


def test_doctor_names_programs_that_sound_like_mail_first(tmp_path):
    log = put_told(tmp_path, REMOVED, (9, "mx1 cron[7]: x"),
                   "mx1 mydkim[7]: x", (3, "mx1 dovecot[7]: x"))
    assert [one["program"] for one in doctor(log)["foreign"]] == [
        "dovecot", "mydkim", "cron"]
    shown = " ".join(run("doctor", log).out.split())
    assert "dovecot 3, mydkim 1, cron 9" in shown
    assert "alias NAME PROGRAM" in shown


def test_doctor_counts_what_scan_counts_in_the_sources(tmp_path):
    log = generated(tmp_path, 20_000)
    seen = doctor(log)["source"]
    for source, row in scan(log)["source"].items():
        counters = {name: value for name, value in row.items()
                    if not name.startswith("log.")}
        assert seen[source]["counters"] == counters
        assert seen[source]["lines"] == row["log.lines"]


def test_doctor_is_tame_and_fits_80_columns(tmp_path):
    long = PLACE % 1 + "mx1 postfix/smtpd[7]: " + "\u00e4 " + "x" * 500
    log = put(tmp_path / "log", *hostile_lines(), long,
              b"2026-11-20T10:00:01Z m" + HOSTILE.replace(b"\r", b"") +
              b" evil" + HOSTILE.replace(b"\r", b"") + b"[7]: x")
    out = run("doctor", log).stdout
    assert_tame(out)
    assert max(map(len, out.decode().splitlines())) <= 80
    shown = on_terminal("doctor", log, terminal="stdout")
    assert b"\x1b[1mWhat was seen\x1b[0m" in shown
    assert_tame(re.sub(rb"\x1b\[[01]m", b"", shown).replace(b"\r\n", b"\n"))


def test_doctor_fails_only_where_it_cannot_read(tmp_path):
    cut = tmp_path / "log.gz"
    cut.write_bytes(gzip.compress((PLACE % 1 + BAD_DKIM + "\n").encode())[:-9])
    done = run("doctor", cut, status=1)
    assert "What was seen" in done.out and "log.gz" in done.err
