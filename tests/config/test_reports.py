"""What browsers refused is told in the log, without anything of who visits; what anyone sends there does no harm."""

import json
import logging

import pytest

pytestmark = pytest.mark.django_db

REPORT = {
    "document-uri": "https://rallynov.test/candidature/abcdEFGHijklMNOPqrst/?q=jeanne",
    "effective-directive": "script-src-elem",
    "blocked-uri": "https://evil.example/x.js?who=jeanne",
    "original-policy": "default-src 'none'",
}


@pytest.fixture
def logged_reports(caplog):
    caplog.set_level(logging.WARNING, "config.csp")
    return lambda: [(record.directive, record.blocked, record.page) for record in caplog.records]


def send(client, body, content_type="application/csp-report"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/securite/csp", body, content_type=content_type).status_code


@pytest.mark.parametrize(
    "body",
    [
        {"csp-report": REPORT},
        [
            {
                "type": "csp-violation",
                "body": {
                    "documentURL": REPORT["document-uri"],
                    "effectiveDirective": "script-src-elem",
                    "blockedURL": REPORT["blocked-uri"],
                },
            }
        ],
    ],
    ids=["report-uri", "report-to"],
)
def test_a_report_is_one_line_without_query_secret_or_visitor(client, logged_reports, body):
    assert send(client, body) == 204
    assert logged_reports() == [("script-src-elem", "https://evil.example", "/candidature/…/")]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[" * 5000, b"\xff\xfe", b"null", b"3", b'"a"', [], {}, [1], [None], [{"body": 3}], {"csp-report": []},
        {"csp-report": {"effective-directive": 3}}, {"csp-report": {"effective-directive": "a\nb"}},
        {"csp-report": {"effective-directive": "<script>"}},
    ],
)  # fmt: skip
def test_what_is_no_report_is_not_told_and_harms_nothing(client, logged_reports, body):
    assert send(client, body) == 204
    assert logged_reports() == []


def test_a_flood_of_reports_fills_no_log(client, logged_reports):
    for _number in range(40):
        assert send(client, {"csp-report": REPORT}) == 204
    assert len(logged_reports()) == 30
    assert send(client, [{"body": REPORT}] * 50) == 204
    assert len(logged_reports()) == 30


def test_every_policy_asks_for_reports(client, home_page):
    for address in ("/", "/admin/login/", "/nowhere/"):
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"report-uri /securite/csp", "report-to csp"} <= set(policy)
        assert answer.headers["Reporting-Endpoints"] == 'csp="/securite/csp"'
