"""Reaches an address that somebody typed, and nothing else: a public one, that very one, once, for so long and no longer.

The host name is resolved once and the connection goes to what was resolved, so that a name which changes its mind in
between (DNS rebinding) leads nowhere; TLS still checks the certificate against the name. No redirect is followed.
"""

import http.client
import io
import socket
import ssl
import time
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Network, ip_address
from queue import Empty, Queue
from threading import Thread
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

SECONDS = 10
"""For everything: the name, the connection, the answer to its last byte."""
MOST_READ = 64 * 1024
MOST_KEPT = 500
AGENT = {"User-Agent": "rallynov", "Accept": "*/*"}
EMBED_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""Where an IPv6 address hides an IPv4 one, beside those that ``ipaddress`` knows."""


class AddressError(Exception):
    """This address isn't one that we call."""


class DeliveryError(Exception):
    """No answer, or none that can be read."""


class Answer(NamedTuple):
    status: int
    text: str


class Content(NamedTuple):
    """``leads_to`` is where a redirection leads, which nobody follows by himself."""

    status: int
    leads_to: str
    data: bytes


def may_call_itself():
    """``RALLYNOV_WEBHOOKS_LOOPBACK``: the machine itself may be called, without TLS. For tests only."""
    return getattr(settings, "RALLYNOV_WEBHOOKS_LOOPBACK", False)


def check_address(address, *, plain=False):
    """``(scheme, host, port, path)``; ``plain``: without TLS too.

    :raises AddressError: in words, for who typed it.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise AddressError(_("This is not a web address.")) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and (plain or may_call_itself())):
        raise AddressError(_("The address must begin with https://."))
    if not parts.hostname or parts.username or parts.password or not address.isascii():
        raise AddressError(_("This is not a web address."))
    literal = _literal(parts.hostname)
    if literal and not is_allowed(literal):
        raise AddressError(_("This address is not on the public internet."))
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return parts.scheme, parts.hostname, port, target


def _literal(host):
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_allowed(address):
    """Whether an address is on the public internet: not private, local, shared, multicast or reserved, nor a disguise."""
    inner = _inner(address)
    if inner is not None:
        return is_allowed(inner)
    if address.is_loopback:
        return may_call_itself()
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inner(address):
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if address.version == 4:
        return None
    teredo = address.teredo[1] if address.teredo else None
    found = address.ipv4_mapped or address.sixtofour or teredo
    if found is None and not address.is_loopback and any(address in network for network in EMBED_IPV4):
        found = IPv4Address(int(address) & 0xFFFFFFFF)
    return found


class Deadline:
    """What is left of the time for everything."""

    def __init__(self, seconds):
        self.at = time.monotonic() + seconds

    @property
    def left(self):
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Line:
    """A connection of which ``http.client`` reads no more, and no longer, than it may."""

    def __init__(self, connection, deadline, budget):
        self.connection, self.deadline = connection, deadline
        self.budget = budget

    def sendall(self, data):
        self.connection.settimeout(self.deadline.left)
        self.connection.sendall(data)

    def makefile(self, *args, **kwargs):
        return io.BufferedReader(_Received(self), 4096)

    def receive(self, buffer):
        self.connection.settimeout(self.deadline.left)
        read = self.connection.recv_into(buffer, min(len(buffer), self.budget)) if self.budget else 0
        self.budget -= read
        return read

    def close(self):
        """``http.client`` is done with it once it has the headers; :func:`_asked` closes it after the answer."""


class _Received(io.RawIOBase):
    def __init__(self, line):
        self.line = line

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.line.receive(buffer)


def post(address, body, headers):
    """The subscriber's answer, its text cut.

    :raises AddressError: the address isn't public; nothing was sent.
    :raises DeliveryError: nothing came back in time, or nothing that is HTTP.
    """
    with _asked("POST", address, body, headers, MOST_READ) as response:
        return Answer(response.status, _excerpt(response))


def fetch(address, *, method="GET", most=MOST_READ, follow=0, plain=False, body=True):
    """What stands at an address, ``most`` bytes of it; ``follow`` redirections are followed, each checked as the first;
    ``plain``: without TLS too; without ``body``, the status alone.

    :raises AddressError: it isn't public, or leads to one that isn't.
    :raises DeliveryError: nothing came back in time, nothing that is HTTP, or more than ``most``.
    """
    for _step in range(follow + 1):
        with _asked(method, address, None, AGENT, most + MOST_READ, plain=plain) as response:
            leads_to = urljoin(address, response.headers.get("Location", "")) if 300 <= response.status < 400 else ""
            if not leads_to or _step == follow:
                return Content(response.status, leads_to, _all(response, most) if body and method == "GET" else b"")
        address = leads_to
    raise DeliveryError(_("too many redirections"))


@contextmanager
def _asked(method, address, body, headers, budget, *, plain=False):
    """The answer to one request, to be read before the connection closes."""
    scheme, host, port, target = check_address(address, plain=plain)
    deadline = Deadline(SECONDS)
    try:
        connection = _connect(_resolve(host, port, deadline), deadline)
        try:
            if scheme == "https":
                connection.settimeout(deadline.left)
                connection = _context().wrap_socket(connection, server_hostname=host)
            client = http.client.HTTPConnection(host, port)
            client.sock = Line(connection, deadline, budget)
            client.request(method, target, body=body, headers={**headers, "Connection": "close"})
            yield client.getresponse()
        finally:
            connection.close()
    except TimeoutError as error:
        raise DeliveryError(_("no answer within %(seconds)s seconds") % {"seconds": SECONDS}) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DeliveryError(type(error).__name__) from error


def _context():
    return ssl.create_default_context()


def _resolve(host, port, deadline):
    """Where the name leads, all of it public. In a thread of its own, since a name server may take its time."""
    found = Queue()

    def look_up():
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error)

    Thread(target=look_up, daemon=True).start()
    try:
        answer = found.get(timeout=deadline.left)
    except Empty as error:
        raise TimeoutError from error
    if isinstance(answer, Exception):
        raise DeliveryError(_("this name leads nowhere")) from answer
    if not all(is_allowed(ip_address(place[0].partition("%")[0])) for *_kind, place in answer):
        raise AddressError(_("This address is not on the public internet."))
    return answer


def _connect(places, deadline):
    """A connection to the first of these addresses that answers; never a name again."""
    failure = OSError()
    for family, kind, protocol, _name, place in places:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(deadline.left)
            connection.connect(place)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _all(response, most):
    """
    :raises DeliveryError: there is more.
    """
    data = response.read(most + 1)
    if len(data) > most:
        raise DeliveryError(_("more than %(size)s") % {"size": filesizeformat(most)})
    return data


def _excerpt(response):
    """The beginning of the answer, as text. What comes after, or too slowly, isn't waited for: the status says it all."""
    try:
        read = response.read(MOST_KEPT * 4)
    except (OSError, http.client.HTTPException, ValueError):
        read = b""
    text = read.decode("utf-8", "replace")
    return "".join(character for character in text if character.isprintable() or character in "\n\t")[:MOST_KEPT]
