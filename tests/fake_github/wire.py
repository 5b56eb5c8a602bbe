"""HTTP/1.1 with keep-alive: requests off the socket, answers and broken connections onto it."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .values import Answer, Request

Respond = Callable[[Request], Answer | None]


class Listener(ThreadingHTTPServer):
    """Listens on loopback and asks `respond` for each answer; None closes the connection without one."""

    daemon_threads = True

    def __init__(self, respond: Respond, port: int, prefix: str, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Connection)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.respond = respond
        self.prefix = prefix
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that closing the server ends kept-alive ones as well."""
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening and end every open connection."""
        super().server_close()
        with self._guard:
            for connection in self._open:
                _cut(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print a mistake of ours; a client that went away is none."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave together; apart, a delayed acknowledgement costs 40 ms
    server: Listener

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw_body = self.rfile.read(length)
        if len(raw_body) < length:  # given up half-way, so nothing was asked
            self.close_connection = True
            return
        answer = self.server.respond(self._request(raw_body))
        if answer is None:
            self.close_connection = True
            _cut(self.connection)
            return
        with contextlib.suppress(ConnectionError):  # the client may have stopped waiting
            self._send(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - the names http.server looks for

    def _request(self, raw_body: bytes) -> Request:
        address = urlsplit(self.path)
        path = address.path.removeprefix(self.server.prefix)
        if not address.path.startswith(f"{self.server.prefix}/"):
            path = f"(outside {self.server.prefix}){path}"  # no operation is there
        authorization = self.headers.get("Authorization", "")
        try:
            body = json.loads(raw_body) if raw_body else None
        except ValueError:
            body = None
        return Request(
            method=self.command,
            path=path,
            query=dict(parse_qsl(address.query, keep_blank_values=True)),
            body=body,
            authorized=bool(authorization),
            token=authorization.partition(" ")[2],
            content_type=self.headers.get("Content-Type", ""),
            raw_body=raw_body,
            headers=dict(self.headers),
        )

    def _send(self, answer: Answer) -> None:
        content = b"" if answer.body is None else answer.body
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", f"{answer.content_type}; charset=utf-8")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if answer.pause:
            self._send_slowly(content, answer.pause)
            return
        self.wfile.write(content[: len(content) // 2] if answer.cut else content)
        self.wfile.flush()
        if answer.cut:
            self.close_connection = True
            _cut(self.connection)

    def _send_slowly(self, content: bytes, pause: float) -> None:
        for byte in content:
            self.wfile.flush()
            time.sleep(pause)
            self.wfile.write(bytes([byte]))
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's own name
        """Requests are recorded, not printed."""


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
