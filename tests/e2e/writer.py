# SPDX-License-Identifier: ISC
"""Writes a log as syslog daemons and logrotate do, and remembers all of it."""
import gzip
import os
from pathlib import Path


class Writer:
    """One log.  `written` has every line in the order of writing."""

    def __init__(self, path, clock=None):
        self.path = Path(path)
        self.clock = clock
        self.written = []
        self.file = open(self.path, "ab", buffering=0)

    def append(self, data, file=None):
        file = file or self.file
        file.write(data)
        self.written.append(data)
        if self.clock is not None:
            now = self.clock.now()
            os.utime(file.fileno(), (now, now))

    def name(self, number):
        return self.path.with_name(f"{self.path.name}.{number}")

    def packed(self, number):
        return self.path.with_name(f"{self.path.name}.{number}.gz")

    def shift(self, keep=99):
        """Each rotated file one number up, as logrotate does.  None is
        deleted: a restart reads those of the last hour once more."""
        for number in range(keep, 0, -1):
            for of in (self.name, self.packed):
                if of(number).exists():
                    os.rename(of(number), of(number + 1))

    def rotate(self, meanwhile=()):
        """Rename and create.  What is written meanwhile lands in the old."""
        self.shift()
        os.rename(self.path, self.name(1))
        for data in meanwhile:
            self.append(data)
        self.file.close()
        self.file = open(self.path, "ab", buffering=0)
        if self.clock is not None:
            now = self.clock.now()
            os.utime(self.path, (now, now))

    def pack(self, number):
        """gzip, with the times kept, as it does."""
        name = self.name(number)
        if not name.exists():
            return
        kept = os.stat(name)
        with open(name, "rb") as plain, open(self.packed(number), "wb") as out:
            with gzip.GzipFile("", "wb", 6, out, kept.st_mtime) as packed:
                packed.write(plain.read())
            out.flush()
            os.utime(out.fileno(), (kept.st_atime, kept.st_mtime))
        name.unlink()

    def all(self):
        return b"".join(self.written)
