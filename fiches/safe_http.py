"""HTTP requests to addresses that users typed, protected against SSRF: public addresses only, limited time and size.

The host name is resolved once, checked, and the connection is opened to the address that was checked, so that a second DNS
answer (DNS rebinding) has no effect. TLS checks the certificate against the name. Redirections are followed only when the
caller asks for it, and each target is checked in the same way.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Network, ip_address
from queue import Empty, Queue
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# For the whole request: name resolution, connection and the last byte of the answer.
SECONDS = 10
# Bytes read of an answer's headers, and of the answer to :func:`post`.
MOST_READ = 64 * 1024
# Characters of an answer's text that :func:`post` returns.
MOST_KEPT = 500
AGENT = {"User-Agent": "rallynov", "Accept": "*/*"}
# IPv6 ranges whose last 32 bits are an IPv4 address, in addition to those that ``ipaddress`` knows.
EMBED_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))


class AddressError(Exception):
    """The address is not valid or not public. The message is for the person who typed it."""


class DeliveryError(Exception):
    """No answer arrived in time, or it could not be read."""


class Answer(NamedTuple):
    status: int
    text: str


class Content(NamedTuple):
    status: int
    data: bytes


def may_call_itself() -> bool:
    """Whether loopback addresses may be called, without TLS (``RALLYNOV_WEBHOOKS_LOOPBACK``). For development and tests only."""
    return getattr(settings, "RALLYNOV_WEBHOOKS_LOOPBACK", False)


def check_address(address: str, *, plain: bool = False) -> tuple[str, str, int, str]:
    """Returns ``(scheme, host, port, path)`` of an address that may be called.

    :param plain: accepts ``http://`` too.
    :raises AddressError: it is malformed, not HTTPS, or an IP address that is not public.
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


def _literal(host: str) -> Any:
    """The IP address that a host's name itself says, or None. Names below ``localhost`` are this machine (RFC 6761)."""
    if f".{host}".rstrip(".").endswith(".localhost"):
        return ip_address("127.0.0.1")
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_allowed(address: Any) -> bool:
    """Whether an IP address is on the public internet: not private, local, shared, multicast or reserved, and no IPv6 form of
    such an IPv4 address."""
    inner = _embedded_ipv4(address)
    if inner is not None:
        return is_allowed(inner)
    if address.is_loopback:
        return may_call_itself()
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _embedded_ipv4(address: Any) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address contains, or None."""
    if address.version == 4:
        return None
    teredo = address.teredo[1] if address.teredo else None
    embedded = address.ipv4_mapped or address.sixtofour or teredo
    if embedded is None and not address.is_loopback and any(address in network for network in EMBED_IPV4):
        embedded = IPv4Address(int(address) & 0xFFFFFFFF)
    return embedded


class Deadline:
    """The time limit of a whole request. Attribute: left (seconds); raises TimeoutError when none are left."""

    def __init__(self, seconds: int) -> None:
        self.at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class BoundedConnection:
    """A socket for ``http.client`` that reads at most ``budget`` bytes, until ``deadline``."""

    def __init__(self, connection: Any, deadline: Deadline, budget: int) -> None:
        self.connection, self.deadline = connection, deadline
        self.budget = budget

    def sendall(self, data: bytes) -> None:
        self.connection.settimeout(self.deadline.left)
        self.connection.sendall(data)

    def makefile(self, *args: str, **kwargs: Any) -> Any:
        return io.BufferedReader(_Received(self), 4096)

    def receive(self, buffer: Any) -> int:
        self.connection.settimeout(self.deadline.left)
        read = self.connection.recv_into(buffer, min(len(buffer), self.budget)) if self.budget else 0
        self.budget -= read
        return read

    def close(self) -> None:
        """Does nothing: ``http.client`` calls it after the headers, and :func:`_request` closes the socket after the body."""


class _Received(io.RawIOBase):
    def __init__(self, line: BoundedConnection) -> None:
        self.line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.line.receive(buffer)


def post(address: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Sends a POST request; returns the status and the first ``MOST_KEPT`` characters of the answer.

    :raises AddressError: the address isn't public; nothing was sent.
    :raises DeliveryError: nothing came back in time, or nothing that is HTTP.
    """
    with _request("POST", address, body, headers, MOST_READ) as response:
        return Answer(response.status, _excerpt(response))


def fetch(
    address: str, *, method: str = "GET", most: int = MOST_READ, follow: int = 0, plain: bool = False, body: bool = True
) -> Content:
    """Requests an address and returns its :class:`Content`.

    :param most: bytes allowed in the body.
    :param follow: redirections to follow at most; each target is checked like the first address. With 0, a redirection is the answer.
    :param plain: accepts ``http://`` too.
    :param body: false to read the status only.
    :raises AddressError: the address, or the target of a redirection, isn't public.
    :raises DeliveryError: nothing came back in time, nothing that is HTTP, more than ``most`` bytes, or too many redirections.
    """
    for _hop in range(follow + 1):
        with _request(method, address, None, AGENT, most + MOST_READ, plain=plain) as response:
            location = urljoin(address, response.headers.get("Location", "")) if 300 <= response.status < 400 else ""
            if not location or not follow:
                return Content(response.status, _body(response, most) if body and method == "GET" else b"")
        address = location
    raise DeliveryError(_("too many redirections"))


@contextmanager
def _request(
    method: str, address: str, body: Any, headers: dict[str, str], budget: int, *, plain: bool = False
) -> Iterator[Any]:
    """Context manager that sends one request and gives its ``HTTPResponse``; the connection is closed at its end."""
    scheme, host, port, target = check_address(address, plain=plain)
    deadline = Deadline(SECONDS)
    try:
        connection = _connect(_resolve(host, port, deadline), deadline)
        try:
            if scheme == "https":
                connection.settimeout(deadline.left)
                connection = _context().wrap_socket(connection, server_hostname=host)
            client = http.client.HTTPConnection(host, port)
            client.sock = BoundedConnection(connection, deadline, budget)
            client.request(method, target, body=body, headers={**headers, "Connection": "close"})
            yield client.getresponse()
        finally:
            connection.close()
    except TimeoutError as error:
        raise DeliveryError(_("no answer within %(seconds)s seconds") % {"seconds": SECONDS}) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DeliveryError(type(error).__name__) from error


def _context() -> Any:
    return ssl.create_default_context()


def _resolve(host: str, port: int, deadline: Deadline) -> Any:
    """The ``getaddrinfo`` results of a host name, all public. Runs in a thread, since ``getaddrinfo`` has no time limit.

    :raises AddressError: one of the addresses isn't public.
    :raises DeliveryError: the name doesn't exist.
    """
    results: Queue[Any] = Queue()

    def look_up() -> None:
        try:
            results.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            results.put(error)

    Thread(target=look_up, daemon=True).start()
    try:
        answer = results.get(timeout=deadline.left)
    except Empty as error:
        raise TimeoutError from error
    if isinstance(answer, Exception):
        raise DeliveryError(_("this name leads nowhere")) from answer
    if not all(is_allowed(ip_address(place[0].partition("%")[0])) for *_kind, place in answer):
        raise AddressError(_("This address is not on the public internet."))
    return answer


def _connect(places: Any, deadline: Deadline) -> Any:
    """A socket connected to the first of these ``getaddrinfo`` results that accepts; raises OSError if none does."""
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


def _body(response: Any, most: int) -> bytes:
    """Reads the whole body.

    :raises DeliveryError: it is longer than ``most`` bytes.
    """
    data = response.read(most + 1)
    if len(data) > most:
        raise DeliveryError(_("more than %(size)s") % {"size": filesizeformat(most)})
    return data


def _excerpt(response: Any) -> str:
    """The beginning of the body as printable text; ``""`` if it can't be read in time, since the status is enough."""
    try:
        read = response.read(MOST_KEPT * 4)
    except (OSError, http.client.HTTPException, ValueError):
        read = b""
    text = read.decode("utf-8", "replace")
    return "".join(character for character in text if character.isprintable() or character in "\n\t")[:MOST_KEPT]
