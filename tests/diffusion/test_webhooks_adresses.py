"""Webhooks never reach a private address, whatever its disguise, its name server or its certificate."""

import os
import socket
import subprocess
import sys

import pytest

from fiches import http

PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "224.0.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fc00::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2001:0:4136:e378:8000:63bf:f5ff:fffe]",
    "[2001:db8::1]",
]
DISGUISED = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "localhost."]


@pytest.mark.parametrize("host", PRIVATE + DISGUISED)
def test_a_private_address_is_never_reached(host, monkeypatch):
    reached = []
    monkeypatch.setattr(socket.socket, "connect", lambda *args: reached.append(args))
    with pytest.raises((http.AddressError, http.DeliveryError)):
        http.post(f"https://{host}/", b"{}", {})
    assert reached == []


@pytest.mark.parametrize("host", PRIVATE[3:9] + ["[::ffff:10.0.0.1]", "[fc00::1]"])
def test_the_tests_own_setting_opens_the_machine_itself_and_nothing_else(loopback_webhooks, host, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("reached"))
    with pytest.raises(http.AddressError):
        http.post(f"http://{host}/", b"{}", {})


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_allowed(address):
    assert http.is_allowed(http.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "http://rallynov.example/",
        "ftp://rallynov.example/",
        "https://moi:secret@rallynov.example/",
        "https:///chemin",
        "https://rallynov.example:99999/",
        "https://[::1/",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://Accueil.Localhost./",
        "",
    ],
)
def test_an_address_that_isn_t_one_is_refused_in_words(address):
    with pytest.raises(http.AddressError) as refused:
        http.check_address(address)
    assert str(refused.value)


def names(monkeypatch, *answers):
    """A name server that changes its mind at each question."""
    asked = []

    def look_up(host, port, *args, **kwargs):
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_name_that_changes_its_mind_is_asked_once_and_where_it_led_is_where_we_go(monkeypatch):
    asked = names(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    reached = []

    def connect(self, place):
        reached.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(http.DeliveryError):
        http.post("https://rebond.example/", b"{}", {})
    assert (asked, reached) == (["rebond.example"], [("93.184.215.14", 443)])


def test_a_name_that_leads_to_a_public_and_to_a_private_address_is_refused(monkeypatch):
    names(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("reached"))
    with pytest.raises(http.AddressError):
        http.post("https://double.example/", b"{}", {})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-keyout", folder / "key", "-out", folder / "cert", "-subj", "/CN=abonne.example"]
        + ["-addext", "subjectAltName=DNS:abonne.example"],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.mark.parametrize(("host", "reached"), [("abonne.example", 1), ("autre.example", 0)])
def test_over_tls_the_certificate_is_the_name_s_though_the_connection_goes_to_the_address(
    loopback_webhooks, receiver, certificate, monkeypatch, host, reached
):
    import ssl

    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate / "cert", certificate / "key")
    receiver.socket = serving.wrap_socket(receiver.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(certificate / "cert"))
    monkeypatch.setattr(http, "_context", lambda: trusting)
    names(monkeypatch, ["127.0.0.1"])
    if reached:
        answer = http.post(f"https://{host}:{receiver.server_port}/", b"null", {})
        assert answer == 200
        assert receiver.received[0][0]["Host"] == f"{host}:{receiver.server_port}"
    else:
        with pytest.raises(http.DeliveryError, match="SSLCertVerificationError"):
            http.post(f"https://{host}:{receiver.server_port}/", b"null", {})
    assert len(receiver.received) == reached


@pytest.mark.parametrize(("hosts", "calls"), [("127.0.0.1,localhost", "True"), ("localhost,rally.example", "False")])
def test_make_run_calls_this_machine_over_http_if_no_other_visits_the_site(hosts, calls):
    from config.settings import base

    code = "from config.settings import dev; print(dev.RALLYNOV_WEBHOOKS_LOOPBACK)"
    variables = os.environ | {"ALLOWED_HOSTS": hosts, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True)
    assert process.stdout.strip() == calls
    assert not hasattr(base, "RALLYNOV_WEBHOOKS_LOOPBACK")
