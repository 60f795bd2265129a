# SPDX-License-Identifier: ISC
"""The other ends of the wires: SMTP clients, the hosts that take our mail, and
the service that knows the passwords (Dovecot's protocol)."""
import base64
import collections
import os
import re
import socket
import socketserver
import ssl
import threading
import time


class Client:
    """An SMTP client that seems to come from any address (PROXY protocol)."""

    def __init__(self, port, address):
        self._stream = socket.create_connection(("127.0.0.1", port), 60)
        family, server = (("TCP6", "2001:db8::1") if ":" in address
                          else ("TCP4", "192.0.2.1"))
        self.send(f"PROXY {family} {address} {server} 40000 25")
        self._file = self._stream.makefile("rb")
        self.greeting = self._reply()

    def _reply(self):
        lines = []
        while True:
            line = self._file.readline()
            lines.append(line.decode("utf-8", "replace").rstrip())
            if len(line) < 4 or line[3:4] != b"-":
                return "\n".join(lines)

    def send(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        self._stream.sendall(data + b"\r\n")

    def command(self, text):
        """The reply; an empty one when the server hung up."""
        self.send(text)
        return self._reply()

    def read(self):
        return self._reply()

    def start_tls(self, name):
        self.command("STARTTLS")
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._stream = context.wrap_socket(self._stream, server_hostname=name)
        self._file = self._stream.makefile("rb")

    def login(self, user, password):
        word = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        return self.command("AUTH PLAIN " + word)

    def data(self, text):
        """The replies to DATA and to the final dot."""
        first = self.command("DATA")
        if not first.startswith("354"):
            return first
        text = re.sub(rb"(?m)^\.", b"..", text)
        self._stream.sendall(text + b".\r\n")
        return self._reply()

    def close(self):
        self._file.close()
        self._stream.close()

    def quit(self):
        self.command("QUIT")
        self.close()


# What the world answers to RCPT TO, by the recipient's local part.
ANSWERS = {
    "greylisted": "450 4.2.0 <{}>: Recipient address rejected: Greylisted, "
                  "see https://remote.example/greylisting",
    "full": "452 4.2.2 <{}>: Mailbox full",
    "unknown": "550 5.1.1 <{}>: Recipient address rejected: User unknown in "
               "virtual mailbox table",
    "limited": "451 4.7.1 <{}>: Too many messages from your address",
    # only the first time
    "once": "450 4.2.0 <{}>: Recipient address rejected: Greylisted",
    "refused": "554 5.7.1 <{}>: Relay access denied",
    # a liar: it looks like a delivery to whoever searches for words
    "liar": "550 5.1.1 <{}>: status=sent (250 2.0.0 Ok: queued as 4711)",
}


class _Session(socketserver.StreamRequestHandler):
    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def _start_tls(self):
        self._say("220 2.0.0 Ready to start TLS")
        self.connection = self.server.tls.wrap_socket(self.connection,
                                                      server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.server.count["tls"] += 1

    def _take(self):
        self._say("354 End data with <CR><LF>.<CR><LF>")
        while self.rfile.readline().rstrip(b"\r\n") != b".":
            pass
        self.server.count["messages"] += 1
        number = self.server.count["messages"]
        self._say(f"250 2.0.0 Ok: queued as {number:06X}")

    def _rcpt(self, line):
        address = line.split("<", 1)[1].rsplit(">", 1)[0]
        user = address.split("@")[0]
        if user == "hangup":
            return False
        if user == "sleepy":
            time.sleep(6)
        if user == "once":
            self.server.count[address] += 1
        known = user == "once" and self.server.count[address] > 1
        self._say("250 2.1.5 Ok" if known
                  else ANSWERS.get(user, "250 2.1.5 Ok").format(address))
        return True

    def handle(self):
        name = self.server.name
        self._say(f"220 {name} ESMTP")
        while True:
            line = self.rfile.readline().decode("utf-8", "replace").rstrip()
            verb = line[:4].upper()
            if not verb:
                return
            if verb in ("EHLO", "HELO"):
                self._say(f"250-{name}")
                if self.server.tls:
                    self._say("250-STARTTLS")
                self._say("250 8BITMIME")
            elif verb == "STAR":
                self._start_tls()
            elif verb == "RCPT":
                if not self._rcpt(line):
                    return
            elif verb == "DATA":
                self._take()
            else:
                self._say("221 2.0.0 Bye" if verb == "QUIT" else "250 Ok")
                if verb == "QUIT":
                    return


class World(socketserver.ThreadingTCPServer):
    """A host that takes (or refuses) mail on port 25."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, name, address, certificate=None):
        self.address_family = (socket.AF_INET6 if ":" in address
                               else socket.AF_INET)
        self.name = name
        self.count = collections.Counter()
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate)
        super().__init__((address, 25), _Session)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass        # a client that went away


class _Hop(socketserver.StreamRequestHandler):
    """Hands each command on, and each reply back."""

    def _reply(self):
        while True:
            line = self._next.readline()
            if self.server.secret and line.startswith(b"250 2.0.0 Ok: queued"):
                line = b"250 2.0.0 Thank you\r\n"
            self.wfile.write(line)
            if line[3:4] != b"-":
                return line

    def handle(self):
        with socket.create_connection(("127.0.0.1", self.server.target),
                                      60) as stream:
            self._next = stream.makefile("rb")
            self._reply()
            body = False
            for line in self.rfile:
                stream.sendall(line)
                if body and line != b".\r\n":
                    continue
                body = (self._reply().startswith(b"354")
                        and line.upper().startswith(b"DATA"))


class Filter(socketserver.ThreadingTCPServer):
    """A content filter that finds nothing: mail goes on to another port.

    A secret one tells the client nothing of the copy's queue id.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port, target, secret=False):
        self.target = target
        self.secret = secret
        super().__init__(("127.0.0.1", port), _Hop)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass        # one side went away


class _Login(socketserver.StreamRequestHandler):
    """Postfix's side of Dovecot's authentication protocol, version 1.1."""

    def handle(self):
        self.wfile.write(b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\n"
                         b"SPID\t1\nCUID\t1\n"
                         b"COOKIE\t0123456789abcdef0123456789abcdef\nDONE\n")
        for line in self.rfile:
            words = line.decode().rstrip("\n").split("\t")
            if words[0] != "AUTH":
                continue
            secret = next(word[5:] for word in words
                          if word.startswith("resp="))
            user, password = base64.b64decode(secret).decode().split("\0")[1:]
            good = self.server.users.get(user) == password
            answer = "OK" if good else "FAIL"
            self.wfile.write(f"{answer}\t{words[1]}\tuser={user}\n".encode())


class Passwords(socketserver.ThreadingUnixStreamServer):
    """Knows who may log in."""

    daemon_threads = True

    def __init__(self, path, users):
        self.users = users
        super().__init__(path, _Login)
        os.chmod(path, 0o666)
        threading.Thread(target=self.serve_forever, daemon=True).start()
