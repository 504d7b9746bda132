"""Varnish before two application servers, as shipped: each has its turn, and one that is gone costs no reader anything."""

from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests

from tests.services.front_servers import Varnish
from tests.services.pannes.serveurs import until


class Answers(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        server.asked += [] if self.path.startswith("/sante/") else [f"{self.command} {self.path}"]
        if self.path == "/coupe/":
            return  # the connection ends without a word: what a killed process does
        body = str(server.server_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815 - the library's names


@contextmanager
def instance():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked = []
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def instances():
    with instance() as first, instance() as second:
        yield first, second


@pytest.fixture
def varnish(instances, tmp_path):
    varnish = Varnish(tmp_path / "varnish", *(each.server_address[1] for each in instances))
    until(lambda: requests.get(varnish.address + "/sante/vivant").status_code == 200)
    yield varnish
    varnish.stop()


def test_each_instance_has_its_turn(varnish, instances):
    told = Counter(requests.get(f"{varnish.address}/page/{n}/").text for n in range(10))
    assert told == {str(each.server_address[1]): 5 for each in instances}


def test_one_that_is_gone_fails_no_reader(varnish, instances):
    first, second = instances
    first.shutdown()
    first.server_close()
    answers = [requests.get(f"{varnish.address}/page/{n}/") for n in range(20)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, str(second.server_address[1]))}


def test_what_is_read_is_asked_of_the_other_and_what_is_sent_is_not(varnish, instances):
    first, second = instances
    assert requests.get(f"{varnish.address}/coupe/").status_code == 503
    assert "GET /coupe/" in first.asked and "GET /coupe/" in second.asked
    assert requests.post(f"{varnish.address}/coupe/", data={"dossier": "un"}).status_code == 503
    assert (first.asked + second.asked).count("POST /coupe/") == 1
