"""A demonstration to try things with: the server's process, on data and a clock of its own, and those who call it."""

import http.client
import json
import os
import pathlib
import re
import subprocess
import sys

from running import PINGXUAN

MIB = 1 << 20
# Of every account of a demonstration.
PASSWORD = "Pingxuan-2022-demo"


def hold(what: bool, sentence: str) -> None:
    """Ends the run where something is not so."""
    if not what:
        sys.exit(f"NOT SO: {sentence}")


class Demonstration:
    """`pingxuan serve --demo` with its data in a folder."""

    def __init__(self, folder: pathlib.Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PINGXUAN_") and name != "DATABASE_URL"} | environment
        self.start()

    def start(self) -> None:
        self.serve("--demo")

    def go_on(self) -> None:
        """Starts it again on the data that are there, by the machine's clock: a demonstration would begin by emptying them."""
        self.serve("--database-url", f"sqlite:{self.folder}/data/demo.sqlite")

    def serve(self, *arguments: str) -> None:
        command = [PINGXUAN, "serve", *arguments, "--bind", "127.0.0.1:0", "--data-dir", str(self.folder / "data")]
        self.log = (self.folder / "log").open("a", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True, env=self.environment)
        for line in self.process.stdout:
            if found := re.match(r"API +http://(\S+)/api/v1", line):
                self.address = found[1]
            if line.startswith("Swagger UI"):
                return
        sys.exit("the server does not start:\n" + (self.folder / "log").read_text(encoding="utf-8")[-2000:])

    def log_in(self, username: str, password: str = PASSWORD) -> str:
        return self.ask("POST", "/auth/login", "", {"username": username, "password": password})["access_token"]

    def send(self, method: str, path: str, token: str, body=None, **headers: str):
        """An answer, unread."""
        connection = http.client.HTTPConnection(self.address, timeout=600)
        if token:
            headers["Authorization"] = "Bearer " + token
        connection.request(method, "/api/v1" + path, body, headers)
        return connection.getresponse()

    def ask(self, method: str, path: str, token: str, body=None, **headers: str) -> dict:
        """The body of an answer that has to be a good one."""
        sent = None if body is None else json.dumps(body).encode()
        answer = self.send(method, path, token, sent, **{"Content-Type": "application/json"} | headers)
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text or b"{}")

    def fetch(self, path: str, token: str, **headers: str) -> bytes:
        """The bytes of an answer that has to be a good one."""
        answer = self.send("GET", path, token, **headers)
        content = answer.read()
        if answer.status != 200:
            sys.exit(f"GET {path}: {answer.status} {content.decode()}")
        return content

    def form(self, path: str, token: str, name: str, content: bytes, **members: str):
        """Sends a file as a form, with other members; the answer is unread."""
        boundary = "ends-here"
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in members.items()]
        head = "".join(parts) + f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self.send("POST", path, token, body, **{"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def peak(self) -> int:
        """The most memory that the server has had, in bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def forget_peak(self) -> int:
        """Begins to count anew; answers the memory that it has now."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="utf-8")
        return self.peak()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.log.close()
