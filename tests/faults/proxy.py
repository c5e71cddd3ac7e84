"""A network between a server and its database that may stand still."""

import contextlib
import socket
import threading


class Proxy:
    """Passes on what comes, in both directions, while it flows."""

    def __init__(self, target: str) -> None:
        self.target, self.flows, self.passing = target, threading.Event(), []
        self.flows.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here = self.listener.accept()[0]
                here.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                there = socket.socket(socket.AF_UNIX)
                try:
                    there.connect(self.target)
                except OSError:
                    here.close()
                    continue
                ways = [threading.Thread(target=self.pass_on, args=way, daemon=True) for way in ((here, there), (there, here))]
                self.passing = [way for way in self.passing if way.is_alive()] + ways[:1]
                for way in ways:
                    way.start()

    def pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := one.recv(65536):
                self.flows.wait()
                other.sendall(content)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def open(self) -> int:
        """How many connections there are."""
        return sum(way.is_alive() for way in self.passing)

    def close(self) -> None:
        self.flows.set()
        self.listener.close()
