"""The server's process, on a database that outlives it, and what scripts that break it need: accounts, units, jobs."""

import contextlib
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PINGXUAN = os.environ.get("PINGXUAN", str(TARGET / "debug" / "pingxuan"))
# What a unit's code is made of (GB 32100-2015, without I, O, S, V, Z), and the weights of its check character.
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PASSWORD = "Killed-and-back-1"


class Server:
    """The server's process on a database that outlives it."""

    def __init__(self, folder: pathlib.Path, database_url: str | None, **settings: str) -> None:
        self.folder, self.process, self.port, self.token, self.once = folder, None, None, None, None
        self.environment = os.environ | {"PINGXUAN_SECOND_FACTOR_ROLES": "none", "PINGXUAN_REQUESTS_A_MINUTE": "0"} | settings
        self.arguments = [PINGXUAN, "--bind", "127.0.0.1:0", "--data-dir", str(folder / "data")]
        if database_url:
            self.arguments += ["--database-url", database_url]

    def start(self) -> None:
        with open(self.folder / "out", "w", encoding="utf-8") as out, open(self.folder / "log", "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.arguments, stdout=out, stderr=log, env=self.environment)
        for _ in range(2400):
            told = (self.folder / "out").read_text(encoding="utf-8").split()
            if "API" in told:
                self.port = int(told[told.index("API") + 1].split(":")[2].split("/")[0])
                if "password" in told:
                    self.once = told[len(told) - 1 - told[::-1].index("password") + 1]
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit(f"the server does not start:\n{self.said()}")

    def said(self) -> str:
        """The end of its log."""
        return (self.folder / "log").read_text(encoding="utf-8")[-2000:]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def call(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict, object]:
        """Status, headers and body of an answer; what is no bytes is sent as JSON."""
        headers = {"Content-Type": "application/json"} | headers
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1{path}", sent, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, dict(answer.headers), json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), json.loads(error.read() or b"null")

    def send_only(self, path: str, body: object, key: str) -> socket.socket:
        """A request whose answer nobody reads."""
        sent = json.dumps(body).encode()
        head = (
            f"POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(sent)}\r\n\r\n"
        )
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(head.encode() + sent)
        return connection


def answered(server: Server, path: str) -> tuple[int, str]:
    """Status and text of an answer to somebody without a token."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\nAccept-Language: en\r\nConnection: close\r\n\r\n".encode())
        answer = connection.makefile("rb").read().decode()
        return int(answer.split()[1]), answer


def log_in(server: Server, username: str, password: str) -> None:
    server.token = None
    status, _, body = server.call("POST", "/auth/login", {"username": username, "password": password})
    assert status == 200, body
    server.token = body["access_token"]


def own_password(server: Server, username: str, once: str) -> None:
    """Changes a one-time password, and logs in with the new one."""
    log_in(server, username, once)
    status, _, body = server.call("POST", "/me/password", {"current_password": once, "new_password": PASSWORD})
    assert status == 204, body
    log_in(server, username, PASSWORD)


def office(server: Server) -> None:
    """The accounts of a new installation: the first one's own password, and the office, who stays logged in."""
    own_password(server, "security-admin", server.once)
    status, _, made = server.call("POST", "/users", {"username": "office", "display_name": "县“五型”办", "roles": ["office"]})
    assert status == 201, made
    own_password(server, "office", made["initial_password"])


def code_of(number: int) -> str:
    """A unit's code with its check character."""
    start = f"11360732KL{number:07d}"
    total = sum(LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(start))
    return start + LETTERS[(31 - total % 31) % 31]


def units(server: Server) -> list[dict]:
    """All units."""
    found, cursor = [], ""
    while cursor is not None:
        status, _, page = server.call("GET", "/units?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        assert status == 200, page
        found += page["items"]
        cursor = page["next_cursor"]
    return found


def read_in(server: Server, numbers: range) -> str:
    """Asks for an import of so many units; the id of the job."""
    rows = [f"{code_of(number)},乡镇,第{number}次读入的镇,读{number}镇,是" for number in numbers]
    table = "\r\n".join(["统一社会信用代码,单位类型,单位全称,单位简称,是否有效", *rows])
    parts = [("what", "units"), ("mode", "all_or_nothing"), ('file"; filename="units.csv', table)]
    body = "".join(f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts) + "--part--\r\n"
    status, _, job = server.call("POST", "/imports", body.encode(), **{"Content-Type": "multipart/form-data; boundary=part"})
    assert status == 202, job
    return job["id"]


def until(server: Server, job: str, *states: str) -> None:
    """Waits until a job is in one of these states."""
    for _ in range(3000):
        status, _, now = server.call("GET", f"/jobs/{job}")
        assert status == 200, now
        if now["state"] in states:
            return
        assert now["state"] in ("queued", "running"), f"{now}\n{server.said()}"
        time.sleep(0.02)
    sys.exit(f"job {job} is not {' or '.join(states)}: {now}")


def look(folder: pathlib.Path, url: str | None, query: str) -> str:
    """The one value that a query finds in a database, behind the program's back."""
    if url:
        return subprocess.run(["psql", "-qAt", "-v", "ON_ERROR_STOP=1", url, "-c", query], check=True, capture_output=True, text=True).stdout.strip()
    with contextlib.closing(sqlite3.connect(folder / "data" / "pingxuan.sqlite")) as database:
        return str(database.execute(query).fetchone()[0])


def change(folder: pathlib.Path, url: str | None, sqlite: str, postgres: str | None = None) -> None:
    """Changes a database behind the program's back; in SQLite `flip` changes the last bit of a value."""
    if url:
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", url, "-c", postgres or sqlite], check=True)
        return
    with sqlite3.connect(folder / "data" / "pingxuan.sqlite") as database:
        database.create_function("flip", 1, lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]))
        database.executescript(sqlite)
    database.close()


def pingxuan(command: str, folder: pathlib.Path, url: str | None, *more: str) -> subprocess.CompletedProcess:
    """A command on an installation."""
    place = ["--data-dir", str(folder / "data")] + (["--database-url", url] if url else [])
    environment = os.environ | {"PINGXUAN_LOG": "error"}
    return subprocess.run([PINGXUAN, command, *place, *more], capture_output=True, text=True, env=environment, timeout=1800, check=False)


class Postgres:
    """A PostgreSQL of one's own in a folder, as another account where this is root: it may be stopped, started and broken."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.programs, self.account = folder, postgres_programs(), {}
        folder.mkdir()
        if os.getuid() == 0:
            known = {one.pw_name: one for one in pwd.getpwall()}
            found = known.get("postgres") or known["nobody"]
            self.account = {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
        self.give(folder)
        self.run("initdb", "-A", "trust", "-N", "--locale=C.UTF-8", "-E", "UTF8", "-U", "postgres", "-D", str(folder / "data"))
        with open(folder / "data" / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{folder}'\n")
        self.control("start")

    def give(self, folder: pathlib.Path) -> None:
        """Makes a folder its own."""
        if self.account:
            os.chown(folder, self.account["user"], self.account["group"])

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        with open(self.folder / "said", "w", encoding="utf-8") as said:
            ran = subprocess.run(command, cwd=self.folder, stdout=said, stderr=said, timeout=120, check=False, **self.account)
        if ran.returncode:
            sys.exit(f"{program}: " + (self.folder / "said").read_text(encoding="utf-8"))

    def control(self, what: str, *more: str) -> None:
        """`pg_ctl`, which waits until it is done."""
        self.run("pg_ctl", what, "-w", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), *more)

    def socket(self) -> str:
        return str(self.folder / ".s.PGSQL.5432")

    def url(self, database: str) -> str:
        return f"postgres://postgres@{urllib.parse.quote(str(self.folder), safe='')}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> None:
        self.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url(database))


def postgres_programs() -> pathlib.Path:
    """The folder of PostgreSQL's programs: that of PATH, else the newest that a package brought."""
    found = shutil.which("initdb")
    folders = [pathlib.Path(found).resolve().parent] if found else []
    folders += sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None) or sys.exit("PostgreSQL's programs are not found")
