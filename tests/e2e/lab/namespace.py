# SPDX-License-Identifier: ISC
"""A private machine: own mounts, network, processes, host name.

reenter() starts this program again inside the namespaces; build() furnishes
them. Nothing that build() does is seen outside.
"""
import ctypes
import os
import shutil
import stat
import subprocess
import sys

OUT = "/run/lab/out"

# In the namespace, these stand on the loopback device.
ADDRESSES = (
    "198.51.100.25/32",     # the rest of the world takes mail here
    "198.51.100.26/32",     # the same, with STARTTLS
    "198.51.100.27/32",     # nobody listens here
    "2001:db8:25::25/128",
    "10.0.0.5/32",          # a machine of ours takes mail here
    "fd00::5/128",
)
UNSHARE = ["unshare", "-m", "-n", "-u", "-i", "-p", "-f", "--mount-proc",
           "--kill-child=SIGKILL"]
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_libc = ctypes.CDLL(None, use_errno=True)


# What must be installed.
PROGRAMS = ("unshare", "ip", "hostname", "postfix", "opendkim", "opendmarc",
            "policyd-spf", "postfix-policyd-spf-perl", "unbound", "rsyslogd")


def why_not(more=()):
    """The reason why the lab cannot run here, or None; more: programs."""
    if os.geteuid() != 0:
        return "the lab needs root (for namespaces of its own)"
    missing = [name for name in (*PROGRAMS, *more)
               if not shutil.which(name, path=ENVIRONMENT["PATH"])]
    if missing:
        return "not installed: " + ", ".join(missing)
    done = subprocess.run(UNSHARE + ["true"], capture_output=True, text=True)
    if done.returncode:
        return "unshare is not permitted: " + done.stderr.strip()
    return None


def reenter(arguments):
    """Become this package inside new namespaces.

    The process stays the same, so that whoever kills it ends them all.
    """
    os.execvpe(UNSHARE[0], UNSHARE + [
        "/usr/bin/python3", "-m", "tests.e2e.lab", "--inside", *arguments],
        ENVIRONMENT)


def _mount(source, target, kind=None, flags=0, data=None):
    def text(value):
        return value.encode() if value is not None else None
    if _libc.mount(text(source), text(target), text(kind), flags, text(data)):
        error = ctypes.get_errno()
        raise OSError(error, f"mount {target}: {os.strerror(error)}")


def _bind(source, target):
    _mount(source, target, None, 4096)


def _tmpfs(target, mode="0755"):
    _mount("tmpfs", target, "tmpfs", 0, f"mode={mode}")


def _devices():
    """A /dev of our own, so that /dev/log is ours."""
    _tmpfs("/dev")
    os.umask(0)
    for name, minor in (("null", 3), ("zero", 5), ("full", 7),
                        ("random", 8), ("urandom", 9)):
        os.mknod("/dev/" + name, stat.S_IFCHR | 0o666, os.makedev(1, minor))
    os.umask(0o022)
    os.mkdir("/dev/shm")
    os.chmod("/dev/shm", 0o1777)
    os.symlink("/proc/self/fd", "/dev/fd")


def set_host_name(name):
    subprocess.run(["hostname", name], check=True)


def build(out):
    """Furnish the namespaces; DIR out is found as OUT afterwards."""
    handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    _tmpfs("/run")
    os.makedirs(OUT)
    _bind(f"/proc/self/fd/{handle}", OUT)
    os.close(handle)
    for path in ("/run/lab/upper", "/run/lab/work"):
        os.mkdir(path)
    _mount("overlay", "/etc", "overlay", 0,
           "lowerdir=/etc,upperdir=/run/lab/upper,workdir=/run/lab/work")
    for path in ("/var/lib", "/var/spool", "/var/log"):
        _tmpfs(path)
    _tmpfs("/var/mail", "1777")
    _tmpfs("/tmp", "1777")
    _devices()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in ADDRESSES:
        subprocess.run(["ip", "address", "add", address, "dev", "lo",
                        *(["nodad"] if ":" in address else [])], check=True)
    os.chdir("/")
    sys.stdout.flush()
