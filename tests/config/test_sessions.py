"""Sessions, passwords and roles: what ends a session, how passwords are kept, what an attacker learns."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as configured
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from config.settings import base
from fiches.models import Courriel
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "un-long-mot-de-passe-7"
LOGIN = "/admin/login/"
RESET = "/admin/password_reset/"


@pytest.fixture
def editor():
    return UserFactory(role="redaction", username="redactrice", email="redactrice@rallynov.example", password=PASSWORD)


def session_of(user):
    client = Client()
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    return client


def is_open(client):
    return client.get("/admin/").status_code == 200


# --- Passwords ---------------------------------------------------------------------------------------------------------


def test_passwords_are_kept_with_argon2(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert make_password(PASSWORD).startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    "password", ["court-7", "123456789012345", "motdepasse", "password1234", "redactrice@rallynov"]
)
def test_a_weak_password_is_refused(editor, password):
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_password(password, editor)


# --- What ends a session -----------------------------------------------------------------------------------------------


def demote(user):
    user.groups.clear()


def deactivate(user):
    user.is_active = False
    user.save()


def change_password(user):
    user.set_password("un-autre-mot-de-passe-8")
    user.save()


@pytest.mark.parametrize("change", [demote, deactivate, change_password])
def test_a_role_or_a_password_that_changes_closes_the_admin_at_the_next_page(editor, change):
    one, other = session_of(editor), session_of(UserFactory(role="moderation"))
    change(editor)
    assert not is_open(one)
    assert is_open(other)


def test_a_session_lasts_when_something_else_changes(editor):
    client = session_of(editor)
    editor.first_name = "Jeanne"
    editor.save()
    assert is_open(client)


def test_a_session_is_another_after_the_log_in(editor, client):
    client.get(LOGIN)
    client.post(LOGIN, {"login": "redactrice", "password": "faux"})
    before = client.cookies.get("sessionid")
    client.post(LOGIN, {"login": "redactrice", "password": PASSWORD})
    assert client.cookies["sessionid"].value != (before.value if before else "")
    assert Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()


def test_the_session_cookie_is_read_by_no_script_and_follows_no_other_site(editor, client):
    client.post(LOGIN, {"login": "redactrice", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 12 * 3600)


# --- The forgotten password --------------------------------------------------------------------------------------------


def ask(email):
    client = Client()
    answer = client.post(RESET, {"email": email}, follow=True)
    return answer.redirect_chain, re.sub(r'"CSRF_TOKEN": "\w+"', "", answer.content.decode())


def test_the_same_is_said_whoever_asks_for_a_new_password(editor):
    nobody = User.objects.create_user("sans", "sans@rallynov.example")  # no password: comes in no other way
    closed_account = UserFactory(role="redaction", email="close@rallynov.example", is_active=False)
    answers = [ask(email) for email in (editor.email, "inconnue@rallynov.example", nobody.email, closed_account.email)]
    assert answers[1:] == [answers[0]] * 3
    assert [courriel.destinataires for courriel in Courriel.objects.all()] == [[editor.email]]


def test_the_mail_leaves_through_the_outbox_and_its_link_is_kept_nowhere(
    editor, client, django_capture_on_commit_callbacks
):
    other = session_of(editor)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(RESET, {"email": editor.email}, headers={"X-Forwarded-Host": "evil.example"})
    [message] = mail.outbox
    assert message.to == [editor.email]
    assert message.subject == "Choisir un nouveau mot de passe"
    link = next(word for word in message.body.split() if word.startswith("http"))
    assert link.startswith("http://testserver/admin/password_reset/confirm/")
    assert link.rsplit("/", 2)[1] not in str(Courriel.objects.values())

    # It works once, and ends the sessions.
    page = client.get(link, follow=True)
    new = {"new_password1": "un-autre-mot-de-passe-8", "new_password2": "un-autre-mot-de-passe-8"}
    assert client.post(page.redirect_chain[-1][0], new).status_code == 302
    assert not is_open(other)
    editor.refresh_from_db()
    assert editor.check_password("un-autre-mot-de-passe-8")
    again = Client().get(link, follow=True)
    assert 'name="new_password1"' not in again.content.decode()


def test_a_new_password_does_not_pass_the_second_factor(editor, settings):
    settings.RALLYNOV_MFA_REQUIRED = True
    Authenticator.objects.create(user=editor, type="totp", data={"secret": "x"})
    client = Client()
    client.force_login(editor)
    assert client.get("/admin/").headers["Location"].startswith("/admin/double-authentification/")


def test_an_unknown_account_and_a_wrong_password_read_the_same(editor):
    pages = [
        Client().post(LOGIN, {"login": name, "password": "faux"}).context["form"].non_field_errors()
        for name in ("redactrice", "inconnue", "redactrice@rallynov.example", "inconnue@rallynov.example")
    ]
    assert pages[1:] == [pages[0]] * 3


# --- Where one is sent -------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "http:evil.example", "javascript:alert(1)", "https:/evil.example", "/\t/evil.example",
    "https://testserver@evil.example/", "https://testserver.evil.example/", " https://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("next_", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_the_log_in(editor, client, next_):
    answer = client.post(LOGIN, {"login": "redactrice", "password": PASSWORD, "next": next_})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    "forged",
    [
        {"Host": "evil.example"},
        {"Host": "testserver:80@evil.example"},
        {"Host": "testserver.evil.example"},
        {"Host": "evil.example\\testserver"},
        {"Host": ""},
    ],
)
def test_a_forged_host_is_refused(home_page, forged):
    assert Client().get("/", headers=forged).status_code == 400


@pytest.mark.parametrize(
    "address", ["/", "/admin/login/", "/sitemap.xml", "/robots.txt", "/fiches/flux.atom", "/api/v1/fiches"]
)
def test_forged_forwarded_headers_are_in_no_answer(tree, address):
    forged = {
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Server": "evil.example", "Forwarded": "host=evil.example",
        "X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/", "X-Forwarded-Port": "666", "X-Forwarded-Proto": "https",
        "X-Host": "evil.example", "X-HTTP-Method-Override": "DELETE", "Origin": "https://evil.example",
    }  # fmt: skip
    plain, other = Client().get(address), Client().get(address, headers=forged)
    assert (other.status_code, other.headers.get("Location")) == (plain.status_code, plain.headers.get("Location"))
    assert b"evil.example" not in other.content
    assert b":666" not in other.content


def test_only_our_own_proxies_are_believed(client, tree, settings):
    settings.RALLYNOV_API_QUOTA = 3
    answers = [client.get("/api/v1/fiches", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert configured.RALLYNOV_TRUSTED_PROXIES == 0


def test_behind_our_proxies_each_visitor_is_counted_apart(client, tree, settings):
    settings.RALLYNOV_API_QUOTA, settings.RALLYNOV_TRUSTED_PROXIES = 1, 2
    for seen in ("203.0.113.7", "203.0.113.8"):
        answers = [
            Client().get("/api/v1/fiches", headers={"X-Forwarded-For": f"10.0.0.{n}, {seen}, 10.9.9.9"}).status_code
            for n in range(2)
        ]
        assert answers == [200, 429]


@pytest.mark.parametrize(
    "address", ["/admin/deconnexion/", "/admin/logout/", "/admin/confirmer/", "/_util/login/", LOGIN]
)
def test_nor_by_any_other_address_that_takes_one(editor, client, address):
    for next_ in ELSEWHERE:
        client.force_login(editor)
        for method in (client.get, client.post):
            location = method(address, {"next": next_, "password": PASSWORD}).headers.get("Location", "/")
            assert location.startswith("/"), next_
            assert not location.startswith(("//", "/\\", "/\t")), next_
