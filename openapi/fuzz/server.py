"""A demonstration to be called: `pingxuan serve --demo` on a free port."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

DEMO_PASSWORD = "Pingxuan-2022-demo"


class Server:
    """A demonstration on a free port, with a database of its own."""

    def __init__(self, binary: Path, folder: Path) -> None:
        command = [binary, "serve", "--demo", "--bind", "127.0.0.1:0", "--data-dir", folder / "data"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PINGXUAN_") and name != "DATABASE_URL"}
        # Whoever makes up passwords is wrong all day.
        environment["PINGXUAN_LOGIN_FAILURES"] = "1000000"
        environment["PINGXUAN_REQUESTS_A_MINUTE"] = "0"
        self.log = (folder / "server.log").open("w", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment)
        assert self.process.stdout
        self.url = ""
        for line in self.process.stdout:
            if found := re.match(r"API +(http://\S+)/api/v1", line):
                self.url = found[1]
            if line.startswith("Swagger UI"):
                break
        if not self.url:
            raise SystemExit(f"{binary} does not serve: see {folder / 'server.log'}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
