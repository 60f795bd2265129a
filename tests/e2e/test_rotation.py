# SPDX-License-Identifier: ISC
"""Whatever rotates the log, each line counts once."""
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

import daemon
from daemon import Daemon, poll
from writer import Writer

LOGROTATE = shutil.which("logrotate", path=os.environ["PATH"] + ":/usr/sbin")


class Case:
    """A log, its writer with numbered lines, and the daemon."""

    def __init__(self, tally):
        self.tally = tally
        self.log = tally.log
        self.writer = Writer(self.log)
        self.number = 0

    def lines(self, count):
        self.number += count
        return daemon.lines(self.number - count, count)

    def write(self, count=100, file=None):
        self.writer.append(self.lines(count), file)

    def all_read(self):
        self.tally.wait(self.number)

    def look_again(self):
        """Makes the daemon look at everything, and waits until it has."""
        snapshot = self.tally.run / "snapshot"
        before = os.stat(snapshot).st_mtime_ns
        beside = self.log.with_name("beside")
        beside.touch()
        beside.unlink()
        poll(lambda: os.stat(snapshot).st_mtime_ns != before,
             "the next snapshot", alive=self.tally)

    def check(self):
        """All is counted once, and stays so when the daemon looks again."""
        self.all_read()
        self.look_again()
        self.compare()

    def compare(self):
        found, text = self.tally.snapshot(), self.writer.all()
        assert found.value("log.lines") == self.number == text.count(b"\n")
        assert found.value("log.bytes") == len(text)
        assert found.value("smtpd.sessions") == self.number
        assert found.value("log.lost_bytes") == 0

    def stop_then(self, action):
        """Does something between one look of the daemon and the next."""
        self.tally.signal(signal.SIGSTOP)
        poll(lambda: Path(f"/proc/{self.tally.process.pid}/stat").read_text()
             .rsplit(")", 1)[1].split()[0] == "T", "the stop")
        action()
        self.tally.signal(signal.SIGCONT)


@pytest.fixture
def case(tmp_path):
    with Daemon(tmp_path) as tally:
        made = Case(tally)
        made.write()
        tally.start()
        made.all_read()
        yield made
        made.check()
        for stop in (tally.terminate, tally.kill9):
            stop()
            tally.start()
        tally.terminate()
        made.compare()  # new lives find nothing to count again


def test_a_rename_and_create_at_once(case):
    for _ in range(5):
        case.write()
        case.writer.rotate()
        case.write()


def test_b_old_file_still_written_two_seconds_later(case):
    old = open(case.log, "ab", buffering=0)
    case.writer.rotate()
    renamed = time.monotonic()
    case.write()
    case.all_read()
    poll(lambda: time.monotonic() > renamed + 2, "two seconds")
    case.write(file=old)
    case.all_read()
    case.write()
    case.write(1, file=old)


def test_c_old_and_new_written_overlapping(case):
    old = open(case.log, "ab", buffering=0)
    case.writer.rotate()
    for _ in range(100):
        case.write(1)
        case.write(1, file=old)


def test_d_copytruncate(case):
    for is_read in (True, False):
        def rotate():
            case.writer.shift()
            shutil.copy2(case.log, case.writer.name(1))
            os.truncate(case.log, 0)
            case.write(10)
        case.write()
        if is_read:
            case.all_read()
            rotate()
        else:
            case.stop_then(lambda: (case.write(), rotate()))
        case.all_read()


def test_e_truncated_and_regrown_past_the_old_offset(case):
    size = os.stat(case.log).st_size
    case.stop_then(lambda: (os.truncate(case.log, 0), case.write(150)))
    assert os.stat(case.log).st_size > size


def test_f_lines_in_pieces(case):
    for at in range(6):
        text = case.lines(3)
        before = case.number - 3
        for i in range(0, len(text), 37):
            case.writer.file.write(text[i:i + 37])
            if at < 2 and i % 5 == 0:
                poll(lambda end=text[:i + 37].count(b"\n"):
                     case.tally.counter("log.lines") == before + end,
                     "the whole lines", alive=case.tally)
        case.writer.written.append(text)
    text = case.lines(1)
    case.writer.file.write(text[:50])  # the rest comes after a restart
    case.tally.kill9()
    case.tally.start()
    case.writer.file.write(text[50:])
    case.writer.written.append(text)


def test_g_restart_with_lines_written_while_down(case):
    for stop in (case.tally.terminate, case.tally.kill9):
        stop()
        case.write(500)
        case.tally.start()
        case.all_read()


def test_h_restart_across_a_rotation(case):
    for stop in (case.tally.terminate, case.tally.kill9):
        stop()
        case.write()
        case.writer.rotate()
        case.write()
        case.tally.start()
        case.all_read()


def test_i_missing_at_start(tmp_path):
    with Daemon(tmp_path) as tally:
        tally.start()
        tally.wait_said(f"input {tally.log}: No such file or directory")
        case = Case(tally)
        case.write()
        case.check()
        tally.wait_said("can be read now")


def test_j_missing_for_a_while_during_rotation(case):
    old = case.writer.file
    os.rename(case.log, case.writer.name(1))
    case.tally.wait_said("No such file or directory")
    case.write(file=old)
    case.all_read()
    case.write(file=old)
    case.writer.file = open(case.log, "ab", buffering=0)
    case.write()
    case.tally.wait_said("can be read now")
    old.close()


def test_k_replaced_by_a_rename_over_it(case):
    for _ in range(3):
        case.write()
        beside = case.log.with_name("new")
        case.writer.file = open(beside, "ab", buffering=0)
        case.write()
        os.rename(beside, case.log)
        case.write()
        case.all_read()


def test_l_two_rotations_and_gzip_while_down(case):
    for stop in (case.tally.terminate, case.tally.kill9):
        case.write()
        stop()
        for _ in range(2):
            case.write()
            case.writer.rotate()
            time.sleep(0.02)  # another mtime
        case.writer.pack(2)
        case.write()
        case.tally.start()
        case.all_read()


def test_m_inode_reuse(case):
    case.tally.terminate()
    inode, text = os.stat(case.log).st_ino, case.log.read_bytes()
    case.writer.file.close()
    os.unlink(case.log)
    made = []
    while len(made) < 2000 and (not made or os.stat(made[-1]).st_ino != inode):
        made.append(case.log.with_name(f"filler{len(made)}"))
        made[-1].touch()
    if os.stat(made[-1]).st_ino != inode:
        case.tally.start()
        pytest.skip("this file system gives no inode again")
    os.rename(made[-1], case.log)
    case.writer.file = open(case.log, "ab", buffering=0)
    case.write(150)
    assert case.log.stat().st_size > len(text)
    case.tally.start()


def test_n_inotify_queue_overflow(case):
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if limit > 100_000:
        pytest.skip(f"max_queued_events is {limit}")

    def overflow():
        one, other = case.log.with_name("one"), case.log.with_name("other")
        one.touch()
        for _ in range(limit // 2 + 100):  # two events each
            os.rename(one, other)
            one, other = other, one
        case.write()
        case.writer.rotate()
        case.write()
    case.stop_then(overflow)
    case.all_read()
    case.write()


def test_o_unreadable_then_readable(tmp_path):
    wrap = []
    if os.geteuid() == 0:  # root reads everything: take that away
        wrap = ["setpriv", "--bounding-set=-dac_override,-dac_read_search",
                "--inh-caps=-all"]
        if shutil.which("setpriv") is None:
            pytest.skip("no setpriv")
    with Daemon(tmp_path, wrap=wrap) as tally:
        case = Case(tally)
        case.write()
        os.chmod(case.log, 0)
        tally.start()
        tally.wait_said(f"input {case.log}: Permission denied")
        assert tally.counter("log.lines") == 0
        os.chmod(case.log, 0o600)
        case.check()
        tally.wait_said("can be read now")
        case.writer.rotate()
        os.chmod(case.log, 0)
        case.write()
        poll(lambda: tally.said().count("Permission denied") == 2,
             "the second sentence", alive=tally)
        os.chmod(case.log, 0o600)
        case.check()


def test_p_symlink_repointed(tmp_path):
    with Daemon(tmp_path) as tally:
        targets = [tmp_path / "targets" / name for name in ("a", "b", "c")]
        targets[0].parent.mkdir()
        targets[0].touch()
        os.symlink(targets[0], tally.log)
        case = Case(tally)
        case.write()
        tally.start()
        case.all_read()
        for target in targets[1:]:
            case.write()
            old, case.writer.file = case.writer.file, open(target, "ab", 0)
            case.write()
            os.symlink(target, tmp_path / "link")
            os.rename(tmp_path / "link", tally.log)
            case.write(file=old)
            case.write()
            case.all_read()
        case.check()
        tally.kill9()
        case.write()
        tally.start()
        case.check()


# ---- the real one ---------------------------------------------------------

RECIPES = {
    "create": "create 0600\nrotate 9\n",
    "copytruncate": "copytruncate\nrotate 9\n",
    "compress": "create 0600\nrotate 9\ncompress\ndelaycompress\n",
    "dateext": "create 0600\nrotate 9\ndateext\ndateformat -%Y%m%d-%s\n",
    "dateext-compress": "create 0600\nrotate 9\ncompress\n"
                        "dateext\ndateformat -%Y%m%d-%s\n",
}


@pytest.mark.skipif(LOGROTATE is None, reason="logrotate is not installed")
@pytest.mark.parametrize("recipe", RECIPES)
def test_logrotate(case, recipe):
    conf = case.log.with_name("logrotate.conf")
    conf.write_text(f"{case.log} {{\n{RECIPES[recipe]}}}\n")
    conf.chmod(0o600)

    def rotate():
        if "dateext" in recipe:
            second = int(time.time()) + 1.1  # time(2) is a tick late
            poll(lambda: time.time() > second, "another second")
        done = subprocess.run(
            [LOGROTATE, "-f", "-s", case.log.with_name("status"), conf],
            stderr=subprocess.PIPE, text=True)
        assert done.returncode == 0 and not done.stderr, done.stderr
        case.writer.file.close()
        case.writer.file = open(case.log, "ab", buffering=0)

    for _ in range(3):  # while it runs
        case.write()
        if recipe == "copytruncate":
            case.all_read()
        rotate()
        case.write()
    case.all_read()
    case.stop_then(lambda: (case.write(), rotate(), case.write()))
    case.all_read()
    case.tally.terminate()  # and while it does not
    case.write()
    rotate()
    case.write()
    if recipe != "copytruncate":
        rotate()
        case.write()
    case.tally.start()
