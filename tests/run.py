#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Runs the test layers and ends with one line: N passed, N failed, N skipped.

usage: run.py [LAYER…]     all layers, in order, when none is named

A part of e2e, only by its name: cacti.
"""
import glob
import os
import re
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PYTHON = "/usr/bin/python3"

# How each kind of program says what happened: (passed, failed, skipped).
CMOCKA = (r"\[  PASSED  \] (\d+) test", r"\[  FAILED  \] .*?(\d+) test",
          r"\[  SKIPPED \] .*?(\d+) test")
PLAIN = (r"(\d+) passed", r"(\d+) (?:failed|error)", r"(\d+) skipped")


def make(*targets, mode="release"):
    """A warning is an error in a release; sanitizers make compilers guess."""
    werror = ["WERROR=1"] if mode == "release" else []
    subprocess.run(["make", "-s", "-j2", "MODE=" + mode, *werror, *targets],
                   cwd=ROOT, check=True)


def unit(mode):
    make("units", mode=mode)
    for path in sorted(glob.glob(ROOT + "/build/%s/tests/unit/test_*" % mode)):
        if "." not in os.path.basename(path):
            yield os.path.basename(path), [path], CMOCKA


def fuzz(mode):
    make("fuzzers", mode=mode)
    for path in sorted(glob.glob(ROOT + "/build/%s/tests/fuzz/fuzz_*" % mode)):
        if "." not in os.path.basename(path):
            name = os.path.basename(path)
            corpus = "tests/fuzz/corpus/" + name[len("fuzz_"):]
            yield name, [path, corpus], None


def golden(mode):
    make("all", mode=mode)
    yield "golden", [PYTHON, "tests/golden/run.py", "--program",
                     "build/%s/bin/mailtally" % mode], PLAIN
    if mode == "release":
        yield "planted", [PYTHON, "tests/golden/planted.py"], PLAIN


def lint():
    for path in sorted(glob.glob(ROOT + "/tests/lint/*.sh")):
        yield os.path.basename(path), ["sh", path], None
    for name in ("cacti.py", "contract.py", "mib.py", "sources.py",
                 "thold.py"):
        yield name, [PYTHON, f"tests/lint/{name}"], None


def e2e(mode, names=("*",)):
    make("all", "benches", mode=mode)
    for path in sorted(path for name in names for path in
                       glob.glob(ROOT + "/tests/e2e/test_%s.py" % name)):
        yield os.path.basename(path), [
            "env", "MODE=" + mode, PYTHON, "-m", "pytest", "-q", "-rs",
            "-p", "no:cacheprovider", path], PLAIN


LAYERS = {
    "lint": lint,
    "unit": lambda: unit("release"),
    "golden": lambda: golden("release"),
    "fuzz": lambda: fuzz("release"),
    "unit-asan": lambda: unit("asan"),
    "golden-asan": lambda: golden("asan"),
    "fuzz-asan": lambda: fuzz("asan"),
    "e2e": lambda: e2e("release"),
    # Whole programs under the sanitizers; the others only take longer there.
    "e2e-asan": lambda: e2e("asan", ("agent_hostile", "agentx", "cli",
                                     "generated", "rotation", "rrd")),
}

PARTS = {"cacti": lambda: e2e("release", ("cacti*",))}


def counts(output, status, patterns):
    """What one program says of itself; one that says nothing is one test."""
    found = [0, 0, 0]
    for i, pattern in enumerate(patterns or ()):
        found[i] = sum(int(n) for n in re.findall(pattern, output))
    if status != 0 and found[1] == 0:
        found[1] = 1
    if status == 0 and sum(found) == 0:
        found[0] = 1
    return found


def run(name, command, patterns):
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, text=True, errors="replace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    found = counts(done.stdout, done.returncode, patterns)
    print("  %-28s %4d passed %3d failed %3d skipped %7.1f s" %
          (name, *found, time.monotonic() - start), flush=True)
    if found[1]:
        print(done.stdout, flush=True)
    for line in re.findall(r"^SKIPPED.*$|^.*[Ss]kip(?:ped)?: .*$",
                           done.stdout, re.M) if found[2] else ():
        print("    " + line)
    return found


def main():
    names = sys.argv[1:] or list(LAYERS)
    layers = {**LAYERS, **PARTS}
    unknown = [name for name in names if name not in layers]
    if unknown:
        sys.exit("run.py: no layer '%s'; there are: %s" %
                 (unknown[0], " ".join(layers)))
    total = [0, 0, 0]
    for layer in names:
        print(layer, flush=True)
        try:
            for name, command, patterns in layers[layer]():
                total = [a + b for a, b in
                         zip(total, run(name, command, patterns))]
        except subprocess.CalledProcessError:
            print("  %s: it could not be built" % layer)
            total[1] += 1
    print("%d passed, %d failed, %d skipped" % tuple(total))
    sys.exit(1 if total[1] else 0)


if __name__ == "__main__":
    main()
