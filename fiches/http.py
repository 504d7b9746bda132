"""HTTP requests: to the services that the operator configured (:func:`get_json`), and to addresses that users typed (:func:`post`,
:func:`fetch`), which are protected against SSRF: public addresses only, limited time and size.

The host name is resolved once, checked, and the connection is opened to the address that was checked, so that a second DNS
answer (DNS rebinding) has no effect. TLS checks the certificate against the name. Redirections are followed only when the
caller asks for it, and each target is checked in the same way.
"""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Network, ip_address
from threading import Timer
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# For the connection, and for the whole answer.
SECONDS = 10
# Bytes of JSON read from a service.
MAX_ANSWER = 5_000_000
AGENT = {"User-Agent": "rallynov", "Accept": "*/*"}
# IPv6 ranges whose last 32 bits are an IPv4 address, in addition to those that ``ipaddress`` knows.
EMBED_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))


class ServiceError(Exception):
    """The service did not answer in time, or answered with an error."""


class AddressError(Exception):
    """The address is not valid or not public. The message is for the person who typed it."""


class DeliveryError(Exception):
    """No answer arrived in time, or it could not be read."""


def get_json(url: str, *, timeout: float) -> dict[str, Any] | list[int] | None:
    """Requests ``url`` (http or https) of a service that the operator configured, and returns the decoded JSON.

    :param timeout: seconds for the connection, and for each read.
    :raises ServiceError: no good answer, or not JSON.
    """
    if not url.startswith(("https://", "http://")):
        raise ServiceError(url)
    request = Request(url, headers={**AGENT, "Accept": "application/json"})  # noqa: S310 - the scheme is checked above
    try:
        with urlopen(request, timeout=timeout) as response:  # noqa: S310 - as above
            return json.loads(response.read(MAX_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ServiceError(str(error)) from error


def may_call_itself() -> bool:
    """Whether loopback addresses may be called, without TLS (``RALLYNOV_WEBHOOKS_LOOPBACK``). For development and tests only."""
    return getattr(settings, "RALLYNOV_WEBHOOKS_LOOPBACK", False)


def check_address(address: str) -> tuple[str, str, int, str]:
    """Returns ``(scheme, host, port, path)`` of an address that may be called.

    :raises AddressError: it is malformed, not HTTPS, or an IP address that is not public.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise AddressError(_("This is not a web address.")) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and may_call_itself()):
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
    if address.version == 6:
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and not address.is_loopback and any(address in network for network in EMBED_IPV4):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_allowed(inner)
    if address.is_loopback:
        return may_call_itself()
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """Sends a POST request; returns the status of the answer.

    :raises AddressError: the address isn't public; nothing was sent.
    :raises DeliveryError: nothing came back in time, or nothing that is HTTP.
    """
    with _request("POST", address, body, headers) as response:
        return response.status


def fetch(address: str, *, most: int, follow: int = 0) -> tuple[int, bytes]:
    """Requests an address and returns ``(status, body)``.

    :param most: bytes allowed in the body.
    :param follow: redirections to follow at most; each target is checked like the first address. With 0, a redirection is the answer.
    :raises AddressError: the address, or the target of a redirection, isn't public.
    :raises DeliveryError: nothing came back in time, nothing that is HTTP, more than ``most`` bytes, or too many redirections.
    """
    for _hop in range(follow + 1):
        with _request("GET", address, None, AGENT) as response:
            location = urljoin(address, response.headers.get("Location", "")) if 300 <= response.status < 400 else ""
            if not location or not follow:
                data = response.read(most + 1)
                if len(data) > most:
                    raise DeliveryError(_("more than %(size)s") % {"size": filesizeformat(most)})
                return response.status, data
        address = location
    raise DeliveryError(_("too many redirections"))


@contextmanager
def _request(method: str, address: str, body: bytes | None, headers: dict[str, str]) -> Iterator[Any]:
    """Context manager that sends one request and gives its ``HTTPResponse``; the connection is closed at its end."""
    scheme, host, port, target = check_address(address)
    until = time.monotonic() + SECONDS
    try:
        line = _connect(host, port)
        try:
            if scheme == "https":
                line = _context().wrap_socket(line, server_hostname=host)
            # The time limit of a socket is for each read: this one is for an answer that comes byte by byte.
            end = Timer(SECONDS, line.shutdown, [socket.SHUT_RDWR])
            end.start()
            try:
                client = http.client.HTTPConnection(host, port)
                client.sock = line
                client.request(method, target, body=body, headers={**headers, "Connection": "close"})
                yield client.getresponse()
            finally:
                end.cancel()
        finally:
            line.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() >= until:
            raise DeliveryError(_("no answer within %(seconds)s seconds") % {"seconds": SECONDS}) from error
        raise DeliveryError(type(error).__name__) from error


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connect(host: str, port: int) -> socket.socket:
    """A socket connected to the first address of a host that accepts.

    :raises AddressError: one of its addresses isn't public.
    :raises DeliveryError: the name doesn't exist.
    :raises OSError: none accepts.
    """
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DeliveryError(_("this name leads nowhere")) from error
    if not all(is_allowed(ip_address(str(place[0]).partition("%")[0])) for *_kind, place in places):
        raise AddressError(_("This address is not on the public internet."))
    failure = OSError()
    for family, kind, protocol, _name, place in places:
        line = socket.socket(family, kind, protocol)
        line.settimeout(SECONDS)
        try:
            line.connect(place)
        except OSError as error:
            line.close()
            failure = error
        else:
            return line
    raise failure
