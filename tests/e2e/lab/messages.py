# SPDX-License-Identifier: ISC
"""Test messages: keys, signatures made by hand, and ways to break them."""
import base64
import dataclasses
import itertools
import time
import unittest.mock

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

_number = itertools.count(1)


def _rsa(bits):
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = key.private_bytes(serialization.Encoding.PEM,
                            serialization.PrivateFormat.TraditionalOpenSSL,
                            serialization.NoEncryption())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER,
        serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem, base64.b64encode(public).decode()


class Keys:
    """All keys of the lab, and the TXT records that publish them."""

    def __init__(self):
        self.pem, public = _rsa(2048)
        weak, weak_public = _rsa(512)
        _, foreign = _rsa(2048)
        edwards = ed25519.Ed25519PrivateKey.generate()
        seed = edwards.private_bytes(serialization.Encoding.Raw,
                                     serialization.PrivateFormat.Raw,
                                     serialization.NoEncryption())
        self.edwards_pem = edwards.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption())
        edwards_public = base64.b64encode(edwards.public_key().public_bytes(
            serialization.Encoding.Raw,
            serialization.PublicFormat.Raw)).decode()
        record = "v=DKIM1; k=rsa; p="
        self.records = {}
        for domain in ("good.example", "other.example", "two.example",
                       "example.org", "branch.example", "watch.example", "hold.example",
                       "reject.example"):
            self.records[f"s1._domainkey.{domain}"] = record + public
        self.records |= {
            "ed._domainkey.good.example":
                "v=DKIM1; k=ed25519; p=" + edwards_public,
            "ed._domainkey.example.org":
                "v=DKIM1; k=ed25519; p=" + edwards_public,
            "s2._domainkey.example.org": record + public,
            "weak._domainkey.good.example": record + weak_public,
            "mismatch._domainkey.good.example": record + foreign,
            "revoked._domainkey.good.example": record,
        }
        edwards_raw = base64.b64encode(seed)
        self.edwards_seed = edwards_raw.decode()
        self._private = {"weak": (weak, b"rsa-sha256"),
                         "ed": (edwards_raw, b"ed25519-sha256")}

    def sign(self, text, domain, selector="s1"):
        """The DKIM-Signature field of a message."""
        now = time.time()
        if selector == "expired":       # s1's key, a year ago, for a day
            now -= 365 * 86400
            selector = f"s1; x={int(now) + 86400}"
        private, algorithm = self._private.get(
            selector, (self.pem, b"rsa-sha256"))
        signer = dkim.DKIM(text, signature_algorithm=algorithm,
                           minkey=512, linesep=b"\r\n")
        with unittest.mock.patch.object(dkim.time, "time", lambda: now):
            return signer.sign(selector.encode(), domain.encode(), private,
                               canonicalize=(b"relaxed", b"relaxed"),
                               include_headers=[b"from", b"to", b"subject",
                                                b"date", b"message-id"])


# Each takes a whole message and breaks it after it was signed.
def alter_body(text):
    return text + b"One more line.\r\n"


def alter_header(text):
    return text.replace(b"Subject: ", b"Subject: [list] ", 1)


def drop_hash(text):
    return text.replace(b"; bh=", b"; xx=", 1)


def drop_domain(text):
    return text.replace(b"; d=", b"; xx=", 1)


@dataclasses.dataclass
class Message:
    """One message as a client sends it, without its envelope."""

    author: str
    to: str = "alice@example.org"
    subject: str = "Test"
    body: str = "A line of test mail.\r\n"
    headers: tuple = ()
    signatures: tuple = ()      # (domain, selector[, function]) outermost last
    message_id: str = ""
    alter: object = None

    def bytes(self, keys, date):
        domain = self.author.rstrip(">").rsplit("@", 1)[-1]
        number = next(_number)
        fields = [f"From: {self.author}", f"To: {self.to}",
                  f"Subject: {self.subject}", f"Date: {date}",
                  "Message-ID: " + (self.message_id
                                    or f"<{number:04d}.lab@{domain}>"),
                  *self.headers]
        text = ("\r\n".join(fields) + "\r\n\r\n" + self.body).encode()
        unsigned = text
        for domain, selector, *function in self.signatures:
            field = keys.sign(unsigned, domain, selector)
            for change in function:
                field = change(field)
            text = field + text
        return self.alter(text) if self.alter else text
