"""A small proxy: it tunnels, forwards, and remembers what it was asked for and with which credentials."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Proxy:
    """`asked` are methods and targets; `credentials` the headers that came with them. If `refuses`, all is
    answered 407."""

    refuses: bool = False
    address: str = ""
    asked: list[str] = field(default_factory=list)
    credentials: list[str | None] = field(default_factory=list)


@contextmanager
def running(proxy: Proxy) -> Iterator[Proxy]:
    """The proxy at work, at `proxy.address` (host and port)."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            if not self._accepted():
                return
            host, _, port = self.path.partition(":")
            with socket.create_connection((host, int(port))) as there:
                self.send_response(200)
                self.end_headers()
                back = threading.Thread(target=_copy, args=(there, self.connection), daemon=True)
                back.start()
                _copy(self.connection, there)
                back.join()

        def _forward(self) -> None:
            if not self._accepted():
                return
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            there = HTTPConnection(address.netloc)
            sent = {name: value for name, value in self.headers.items() if not name.startswith("Proxy-")}
            there.request(self.command, address._replace(scheme="", netloc="").geturl(), body, sent)
            answer = there.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = _forward  # noqa: N815 - the names http.server looks for

        def _accepted(self) -> bool:
            proxy.asked.append(f"{self.command} {self.path}")
            proxy.credentials.append(self.headers.get("Proxy-Authorization"))
            if proxy.refuses:
                self.send_error(407)
            return not proxy.refuses

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            """Requests are remembered, not printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.address = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
