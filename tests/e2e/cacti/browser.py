# SPDX-License-Identifier: ISC
"""Headless Chromium over a pipe: no port, no driver, no library.

    with Browser(cacti) as browser:
        browser.log_in()
        browser.show("graph_view.php?action=preview", "page.png")

show() fails on an answer >= 400 of the server, on any exception of the page's
scripts, and on what Cacti calls a failed action.
"""
import base64
import json
import os
import select
import subprocess
import time

from cacti.instance import PASSWORD, URL

FLAGS = ("--headless=new", "--no-sandbox", "--remote-debugging-pipe",
         "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-extensions", "--hide-scrollbars",
         "--force-color-profile=srgb")
IDLE_S = 0.4  # without a request: the page is drawn


class Browser:
    def __init__(self, cacti, size=(1280, 1000)):
        self.cacti, self.size = cacti, size

    def __enter__(self):
        theirs_in, self.to = os.pipe()
        self.origin, theirs_out = os.pipe()
        # Chromium takes its commands from 3 and answers on 4.
        script = f'exec 3<&{theirs_in} 4>&{theirs_out}; exec "$@"'
        self.log = open(self.cacti.machine.logs / "chromium", "wb")
        self.process = subprocess.Popen(
            self.cacti.machine.command(
                "bash", "-c", script, "bash", "chromium", *FLAGS,
                "--user-data-dir=/run/chromium",
                "--window-size=%d,%d" % self.size, "about:blank"),
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            pass_fds=(theirs_in, theirs_out), env=self.cacti.env, cwd="/")
        os.close(theirs_in)
        os.close(theirs_out)
        self.number, self.buffer, self.session = 0, b"", None
        self.open, self.moved, self.wrong = set(), time.monotonic(), []
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=self.size[0],
                  height=self.size[1], deviceScaleFactor=1, mobile=False)
        return self

    def __exit__(self, *_):
        self.process.kill()  # its children go with the machine's
        self.process.wait()
        os.close(self.to)
        os.close(self.origin)
        self.log.close()

    # ---- the protocol

    def call(self, method, timeout_s=30, **parameters):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + timeout_s
        while True:
            for answer in self._messages(0.1):
                if answer.get("id") == number:
                    assert "error" not in answer, (method, answer)
                    return answer["result"]
            assert time.monotonic() < deadline, f"no answer to {method}"

    def _messages(self, timeout_s):
        if select.select([self.origin], [], [], timeout_s)[0]:
            part = os.read(self.origin, 1 << 20)
            assert part, "Chromium ended"
            self.buffer += part
        *whole, self.buffer = self.buffer.split(b"\0")
        found = [json.loads(text) for text in whole]
        for message in found:
            self._note(message.get("method"), message.get("params"))
        return found

    def _note(self, method, of):
        if method == "Network.requestWillBeSent":
            self.open.add(of["requestId"])
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            self.open.discard(of["requestId"])
            if method.endswith("Failed") and not of.get("canceled"):
                self.wrong.append(f"not loaded: {of}")
        elif method == "Network.responseReceived":
            response = of["response"]
            if response["status"] >= 400:
                self.wrong.append(f"{response['status']} {response['url']}")
        elif method == "Runtime.exceptionThrown":
            self.wrong.append(f"exception: {of['exceptionDetails']}")
        if method and method.startswith("Network."):
            self.moved = time.monotonic()

    def settle(self, timeout_s=60):
        """Until nothing is asked of the server any more."""
        deadline = time.monotonic() + timeout_s
        self.moved = time.monotonic()
        while self.open or time.monotonic() < self.moved + IDLE_S:
            self._messages(0.05)
            assert time.monotonic() < deadline, f"still loading: {self.wrong}"

    # ---- what a person does

    def run(self, script):
        """A script in the page; its value."""
        return self.call("Runtime.evaluate", expression=script,
                         returnByValue=True)["result"].get("value")

    def wait(self, script, timeout_s=60):
        """Until the script's value is true, and nothing moves any more."""
        deadline = time.monotonic() + timeout_s
        while not self.run(script):
            self._messages(0.1)
            assert time.monotonic() < deadline, f"{script}: {self.wrong}"
        self.settle()

    def go(self, page):
        self.call("Page.navigate", url=URL + page)
        self.settle()

    def log_in(self):
        self.go("index.php")
        self.run("document.querySelector('#login_username').value='admin';"
                 f"document.querySelector('#login_password').value="
                 f"'{PASSWORD}';document.querySelector('form').submit()")
        self.settle()
        assert "login_password" not in self.run("document.body.innerHTML")

    def picture(self, path, height=None):
        """A screenshot; height: more than the window."""
        clip = {}
        if height:
            clip = {"captureBeyondViewport": True, "clip": {
                "x": 0, "y": 0, "width": self.size[0], "height": height,
                "scale": 1}}
        shot = self.call("Page.captureScreenshot", format="png", **clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def show(self, page, path, height=None):
        """The page's text; its picture at path."""
        self.go(page)
        self.picture(path, height)
        text = self.run("document.body.innerText")
        if "Action failed" in text:
            self.wrong.append(text[-500:])
        assert not self.wrong, f"{page}: {self.wrong[:5]}"
        return text

    def choose(self, selector, path):
        """A file for a field of a form."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)
        self.call("DOM.setFileInputFiles", nodeId=node["nodeId"],
                  files=[str(path)])
