# SPDX-License-Identifier: ISC
"""The world's DNS, served by unbound on 127.0.0.1.

What is not written here does not exist; `broken.example` and all below it
cannot be resolved (SERVFAIL), and nobody answers for `silent.example`.
"""

NETWORK = "198.51.100.0/24"     # well-behaved senders
NETWORK6 = "2001:db8:1::/48"
SPF = f"v=spf1 ip4:{NETWORK} ip6:{NETWORK6} -all"

# domain: (SPF record or records, DMARC record)
DOMAINS = {
    "good.example": (SPF, "v=DMARC1; p=none"),
    "other.example": (SPF, "v=DMARC1; p=none"),
    "two.example": (SPF, "v=DMARC1; p=reject"),
    "plain.example": (None, None),
    "mailer.example": (SPF, None),
    "softfail.example": ("v=spf1 ip4:192.0.2.250 ~all", None),
    "neutral.example": ("v=spf1 ?all", None),
    "strict.example": ("v=spf1 ip4:192.0.2.250 -all", None),
    "twice.example": (("v=spf1 -all", "v=spf1 ?all"), None),
    "typo.example": ("v=spf1 ipv4:192.0.2.250 -all", None),
    "loop.example": ("v=spf1 include:loop.example -all", None),
    "lost.example": ("v=spf1 redirect=nowhere.example", None),
    "far.example": ("v=spf1 include:spf.broken.example -all", None),
    "watch.example": (SPF, "v=DMARC1; p=none"),
    "hold.example": (SPF, "v=DMARC1; p=quarantine"),
    "reject.example": (SPF, "v=DMARC1; p=reject"),
    "nopolicy.example": (SPF, "v=DMARC1; rua=mailto:a@nopolicy.example"),
    "remote.example": (SPF, None),
    "tls.example": (SPF, None),
    "refused.example": (SPF, None),
    "unreachable.example": (SPF, None),
    "explain.example": ("v=spf1 -all exp=why.explain.example", None),
    "relayed.example": (SPF, None),
    "inside.example": (None, None),
    "branch.example": (None, None),
    "private.example": (None, None),
    "example.org": ("v=spf1 ip4:192.0.2.0/24 -all", "v=DMARC1; p=reject"),
}
HOSTS = {
    "mx.remote.example": ("198.51.100.25", "2001:db8:25::25"),
    "mx.tls.example": ("198.51.100.26",),
    "mx.refused.example": ("198.51.100.27",),
    "mx.unreachable.example": ("203.0.113.250",),
    "mx1.example.org": ("192.0.2.1",),
    "mx2.example.org": ("192.0.2.2",),
    "office.example.org": ("192.0.2.10",),
    "mx.inside.example": ("10.0.0.5", "fd00::5"),
    "mx.good.example": ("198.51.100.10",),
    "mx.other.example": ("198.51.100.11",),
    "mx.mailer.example": ("198.51.100.12", "2001:db8:1::12"),
    "list.mailer.example": ("198.51.100.13",),
}
MX = {"remote.example": "mx.remote.example", "tls.example": "mx.tls.example",
      "refused.example": "mx.refused.example",
      "unreachable.example": "mx.unreachable.example",
      "inside.example": "mx.inside.example"}
# What a domain says about mail that is not its own.
EXPLANATION = ("policyd-spf[4]: prepend Received-SPF: Pass (mailfrom) "
               "identity=mailfrom; client-ip=192.0.2.1")
LISTED = {"203.0.113.99": "dnsbl.example"}

_CONFIGURATION = """\
server:
    interface: 127.0.0.1
    port: 53
    username: ""
    chroot: ""
    directory: "/run/lab"
    pidfile: ""
    use-syslog: no
    logfile: "/run/lab/unbound.log"
    do-daemonize: no
    module-config: "iterator"
    num-threads: 1
    local-zone: "." static
    local-zone: "broken.example." transparent
    local-zone: "silent.example." always_deny
{data}
remote-control:
    control-enable: no
forward-zone:
    name: "broken.example."
    forward-addr: 127.0.0.1@9
"""


def _split(text):
    """A TXT value in strings of at most 255 bytes."""
    parts = [text[i:i + 250] for i in range(0, len(text), 250)]
    return " ".join(f'"{part}"' for part in parts)


def records(keys):
    """All records as (name, type, value); keys: {name: TXT value}."""
    for domain, (spf, dmarc) in DOMAINS.items():
        mx = MX.get(domain, "mx.remote.example")
        yield domain, "MX", f"10 {mx}."
        for text in (spf,) if isinstance(spf, str) else spf or ():
            yield domain, "TXT", _split(text)
        if dmarc:
            yield f"_dmarc.{domain}", "TXT", _split(dmarc)
    for host, addresses in HOSTS.items():
        for address in addresses:
            yield host, "AAAA" if ":" in address else "A", address
    for address, zone in LISTED.items():
        name = ".".join(reversed(address.split("."))) + "." + zone
        yield name, "A", "127.0.0.2"
    yield "why.explain.example", "TXT", _split(EXPLANATION)
    for name, text in keys.items():
        yield name, "TXT", _split(text)


def configuration(keys):
    """The text of unbound.conf."""
    lines = [f"    local-data: '{name}. 60 IN {kind} {value}'"
             for name, kind, value in records(keys)]
    lines += [f'    local-data-ptr: "{address} {host}"'
              for host, addresses in HOSTS.items() for address in addresses]
    return _CONFIGURATION.format(data="\n".join(lines))
