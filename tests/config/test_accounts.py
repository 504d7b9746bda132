"""The way into /admin/: password, second factor, and no other door."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.tokens import default_token_generator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from fiches.models import Courriel

pytestmark = pytest.mark.django_db

PASSWORD = "un-long-mot-de-passe-7"
LOGIN = "/admin/login/"
ENROL = "/admin/double-authentification/totp/activate/"
CHALLENGE = "/admin/double-authentification/authenticate/"
CODES = "/admin/double-authentification/recovery-codes/"


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def editor():
    user = User.objects.create_user("redactrice", "redactrice@rallynov.example", PASSWORD)
    group = Group.objects.create(name="A group that may enter")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    return user


@pytest.fixture
def required(settings):
    settings.RALLYNOV_MFA_REQUIRED = True


def log_in(client, **more):
    return client.post(LOGIN, {"login": "redactrice", "password": PASSWORD, **more})


def test_the_log_in_page_is_french_and_keeps_where_to_go(client):
    page = client.get(LOGIN, {"next": "/admin/pages/"}).content.decode()
    assert "Connexion à Rally’nov" in page
    assert '<a href="/">Retour au site</a>' in page
    assert '<input type="hidden" name="next" value="/admin/pages/"' in page


@pytest.mark.parametrize("known_as", ["redactrice", "redactrice@rallynov.example"])
def test_name_or_e_mail_and_password_open_the_admin_where_no_second_factor_is_asked(client, editor, known_as):
    response = log_in(client, login=known_as, next="/admin/account/")
    assert response.headers["Location"] == "/admin/account/"
    assert client.get("/admin/").status_code == 200


ATTACKER, HOME = "203.0.113.9", "198.51.100.4"


def attack(tries=5, address=ATTACKER, **more):
    """Wrong passwords from an address; returns the last page."""
    for _ in range(tries):
        answer = log_in(Client(REMOTE_ADDR=address), password="faux", **more)
    return answer.content.decode()


def test_who_tries_passwords_closes_the_door_to_nobody_else(editor):
    assert "Vérifiez-les, puis réessayez." in attack(5)
    page = log_in(Client(REMOTE_ADDR=ATTACKER)).content.decode()
    assert "Trop d’essais de connexion" in page and "nouveau mot de passe" in page and "cinq minutes" in page
    owner = Client(REMOTE_ADDR=HOME)
    assert log_in(owner).status_code == 302
    assert owner.get("/admin/").status_code == 200


def test_a_new_password_asked_by_mail_opens_the_door_that_others_keep_busy(editor):
    [attack(1, address=f"198.51.{number}.7") for number in range(101)]
    owner = Client(REMOTE_ADDR=HOME)
    assert "Trop d’essais" in log_in(owner).content.decode()
    uid, token = urlsafe_base64_encode(force_bytes(editor.pk)), default_token_generator.make_token(editor)
    form = owner.get(f"/admin/password_reset/confirm/{uid}/{token}/", follow=True)
    new = {"new_password1": "encore-un-mot-de-passe", "new_password2": "encore-un-mot-de-passe"}
    assert owner.post(form.request["PATH_INFO"], new).status_code == 302
    assert log_in(owner, password="encore-un-mot-de-passe").status_code == 302


def test_an_attacker_is_counted_by_the_address_that_our_proxy_saw(client, editor, settings):
    settings.RALLYNOV_TRUSTED_PROXIES = 1
    for attempt in range(31):
        forged = f"10.0.0.{attempt}, 203.0.113.9"
        last = client.post(LOGIN, {"login": f"nom-{attempt}", "password": "faux"}, headers={"X-Forwarded-For": forged})
    assert last.status_code == 429
    assert "Attendez une minute" in last.content.decode()
    elsewhere = client.get(LOGIN, headers={"X-Forwarded-For": "10.0.0.1, 198.51.100.4"})
    assert elsewhere.status_code == 200


def test_whole_journey_with_the_second_factor(client, editor, required):
    # The password alone leads to the making of a second factor, whatever was asked for.
    log_in(client, next="/admin/account/")
    assert client.get("/admin/account/?tab=profile").headers["Location"] == ENROL
    page = client.get(ENROL)
    assert "Activer l&#x27;application d&#x27;authentification" in page.content.decode().replace("'", "&#x27;")
    secret = page.context["form"].secret

    # A wrong code is told; the right one gives the recovery codes, then the way on.
    assert "Code incorrect" in client.post(ENROL, {"code": "000000"}).content.decode()
    assert client.post(ENROL, {"code": code_for(secret)}).headers["Location"] == CODES
    codes = client.get(CODES)
    assert 'href="/admin/account/?tab=profile"' in codes.content.decode()
    assert client.get("/admin/account/").status_code == 200
    recovery = codes.context["unused_codes"][0]

    # The next log-in asks for a code, and a recovery code works once.
    client.logout()
    assert log_in(client, next="/admin/account/").headers["Location"] == CHALLENGE
    assert client.get("/admin/").status_code == 302
    assert client.post(CHALLENGE, {"code": recovery}).headers["Location"] == "/admin/account/"
    assert client.get("/admin/").status_code == 200
    client.logout()
    log_in(client)
    assert "Code incorrect" in client.post(CHALLENGE, {"code": recovery}).content.decode()


def test_after_five_wrong_codes_the_right_one_waits_wherever_it_is_asked(client, editor, required):
    """Whoever has the password has a million codes to try."""
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    log_in(client)
    for _ in range(5):
        assert "Code incorrect" in client.post(CHALLENGE, {"code": "faux"}).content.decode()
    assert "Trop d’essais" in client.post(CHALLENGE, {"code": code_for(secret)}).content.decode()
    client.force_login(editor)
    again = client.post("/admin/double-authentification/reauthenticate/", {"code": code_for(secret)})
    assert "Trop d’essais" in again.content.decode()
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("address", ["/admin/", "/admin/account/", "/admin/api/main/pages/", "/", "/api/v1/fiches"])
def test_staff_without_a_second_factor_get_nowhere(client, editor, required, address):
    client.force_login(editor)
    assert client.get(address).headers["Location"] == ENROL


def test_a_session_older_than_the_second_factor_must_show_it(client, editor, required):
    client.force_login(editor)
    TOTP.activate(editor, generate_totp_secret())
    assert client.get("/admin/").headers["Location"] == "/admin/double-authentification/reauthenticate/?next=/admin/"


def test_the_second_factor_can_be_turned_off_only_to_be_asked_again(client, editor, required):
    log_in(client)
    client.post(ENROL, {"code": code_for(client.get(ENROL).context["form"].secret)})
    client.post("/admin/confirmer/", {"password": PASSWORD})
    client.post("/admin/double-authentification/totp/deactivate/")
    assert not Authenticator.objects.filter(user=editor).exists()
    assert client.get("/admin/").headers["Location"] == ENROL


def test_a_visitor_with_an_account_and_no_role_is_not_asked_for_a_second_factor(client, required):
    client.force_login(User.objects.create_user("lectrice"))
    assert client.get("/sante/vivant").status_code == 200


def test_someone_without_the_right_to_enter_is_told_so_once(client):
    client.force_login(User.objects.create_user("lectrice"))
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1


@pytest.mark.parametrize("address", ["/_util/login/", "/_util/login/?next=/admin/"])
def test_wagtail_s_other_log_in_leads_to_ours(client, address):
    response = client.get(address)
    assert response.headers["Location"] == address.replace("/_util/", "/admin/")
    assert client.post("/_util/login/", {"username": "a", "password": "b"}).status_code == 302


@pytest.mark.parametrize("address", ["/accounts/signup/", "/admin/signup/", "/django-admin/", "/django-admin/login/"])
def test_nobody_signs_up_and_there_is_no_other_admin(client, address):
    assert client.get(address).status_code in {302, 404}
    assert not User.objects.exists()


def test_password_mails_are_limited(client, editor):
    answers = [client.post("/admin/password_reset/", {"email": editor.email}).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert Courriel.objects.count() == 5


def test_a_lost_second_factor_is_forgotten_and_its_sessions_are_closed(client, editor, required):
    log_in(client)
    client.post(ENROL, {"code": code_for(client.get(ENROL).context["form"].secret)})
    call_command("oublier_double_facteur", "redactrice", stdout=StringIO())
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    with pytest.raises(CommandError, match="personne"):
        call_command("oublier_double_facteur", "personne")
