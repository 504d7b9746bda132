"""A subscriber on this machine, which does as it is told: answers, refuses, hangs, drips, redirects, never ends."""

import http.server
import itertools
import json
import threading
import time
from contextlib import contextmanager


class Receiver(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received = []
        self.behave = accept

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/crochet?a=1"

    @property
    def events(self):
        """``[(event, page)]`` in the order of arrival."""
        return [(data["type"], data["data"].get("id")) for data in self.bodies]

    @property
    def bodies(self):
        return [json.loads(body) for _headers, body in self.received]

    def handle_error(self, request, client_address):
        """A caller that hangs up is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), body))
        self.server.behave(self)
        self.close_connection = True

    def do_GET(self):
        self.server.received.append((dict(self.headers), b"null"))

    def log_message(self, *args):
        pass


def answer(status, text="", **headers):
    def behave(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(text.encode())))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return behave


accept = answer(200, "merci")


def hang(handler):
    time.sleep(30)


def drip_headers(handler):
    """A byte now and then, for ever."""
    for byte in itertools.chain(b"HTTP/1.1 200 OK\r\n", itertools.repeat(ord("x"))):
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.1)


def never_end(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"a" * 10_000)


def endless_headers(handler):
    handler.send_response(200)
    for number in range(100_000):
        handler.wfile.write(b"x-%d: %s\r\n" % (number, b"a" * 1000))


def talk_nonsense(handler):
    handler.wfile.write(b"\x00\xff not http at all\r\n\r\n")


def hang_up(handler):
    handler.connection.close()


@contextmanager
def receiving():
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield receiver
    receiver.shutdown()
    receiver.server_close()
    thread.join()
