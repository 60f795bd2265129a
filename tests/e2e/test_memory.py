# SPDX-License-Identifier: ISC
"""No leak, no wrong access, bounded memory."""
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

import daemon
from daemon import Clock, Daemon, poll
from writer import Writer


SANITIZED = pytest.mark.skipif(os.environ.get("MODE") == "asan",
                               reason="built with sanitizers")


@pytest.mark.skipif(shutil.which("valgrind") is None,
                    reason="valgrind is not installed")
@SANITIZED
def test_valgrind_finds_nothing(tmp_path):
    report = tmp_path / "valgrind.%p"
    wrap = ["valgrind", "-q", "--leak-check=full", "--error-exitcode=99",
            "--errors-for-leak-kinds=definite,indirect,possible",
            "--show-leak-kinds=definite,indirect,possible",
            f"--log-file={report}"]
    clock = Clock(tmp_path, 60, behind_s=3600)
    pool = [rest for _, rest in daemon.generated(tmp_path, 2000, 3)]
    with Daemon(tmp_path, wrap=wrap, clock=clock) as tally:
        writer = Writer(tally.log, clock)
        number = 0

        def write(count=200):
            nonlocal number
            for _ in range(count):
                writer.append(daemon.stamp(clock.now())
                              + pool[number % len(pool)])
                number += 1
            writer.append(b"\0\xff junk\n")
            number += 1

        write()
        tally.start()
        tally.wait(number)
        for _ in range(2):
            write()
            writer.rotate()
            write()
            writer.pack(2)
        tally.wait(number)
        os.truncate(writer.path, 0)
        write(10)
        tally.wait(number)
        tally.without_pending()
        (tally.rules / "own.rules").write_text("nonsense\n")
        tally.signal(signal.SIGHUP)
        tally.wait_said("reload refused")
        (tally.rules / "own.rules").unlink()
        tally.terminate()  # status 99 if there was something
        tally.start()  # and goes on
        write()
        tally.wait(number)
        tally.without_pending()
        tally.terminate()
    reports = [path.read_text() for path in tmp_path.glob("valgrind.*")]
    assert reports and not any(reports), reports


@SANITIZED
def test_a_million_lines_need_little_memory(tmp_path):
    log = tmp_path / "mail.log"
    subprocess.run([daemon.GENERATE, "--lines", "1000000", "--seed", "1",
                    "--format", "iso", "--out", log, "--truth",
                    tmp_path / "truth.json"], check=True)
    with Daemon(tmp_path) as tally:
        tally.start()
        tally.wait(1_000_000, timeout_s=60)
        status = Path(f"/proc/{tally.process.pid}/status").read_text()
        peak = int(status.split("VmHWM:")[1].split()[0])
        print(f"peak {peak} KiB")
        assert peak < 32 << 10
        tally.terminate()
