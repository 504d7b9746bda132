"""A juror's account: invited by mail, it opens the scoring screens only, with the juror's own scores only."""

import io
import re

import pytest
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from fiches.palmares.models import Evaluation, Jure, Prix, Rang
from fiches.palmares.transitions import ActionRefused, invite_juror, publish_now, remove_juror
from tests.conftest import reload_record
from tests.factories import PASSWORD, UserFactory
from tests.formulaires import filled_form
from tests.palmares.conftest import Rally

YEAR = 2013


def invited(rally, courriel="jeanne@tilleuls.test"):
    return invite_juror(rally.palmares, nom="Jeanne Essai", courriel=courriel, fonction="élue")


def address(rally):
    return reverse("jury_edition", args=[YEAR])


def scores(rally, place=0, utilite="4", partage="2", **more):
    """What a juror changes on the page about one fiche."""
    prefix = f"n{rally.nominations[place].pk}"
    data = {f"critere_{rally.utilite.pk}": utilite, f"critere_{rally.partage.pk}": partage, **more}
    return {f"{prefix}-{name}": value for name, value in data.items()}


def decision(rally):
    return reverse("palmares:decider", args=[rally.palmares.pk, rally.categorie.pk])


def test_an_invited_juror_chooses_a_password_by_the_mail_s_link_and_scores(
    client, rally, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        juror = invited(rally)
    [letter] = mail.outbox
    assert letter.to == [juror.compte.get_username()] == ["jeanne@tilleuls.test"]
    link = re.search(r"https?://[^/]+(/admin/password_reset/\S+)", letter.body)[1]
    assert client.get(link, follow=True).status_code == 200
    rally.open()
    client.force_login(juror.compte)
    assert client.get("/jury/").url == f"/jury/{YEAR}/"
    assert client.post(address(rally), scores(rally)).url == address(rally)
    assert list(rally.evaluation(0).notes.values()) == [4, 2]


def test_a_juror_s_account_opens_the_scoring_screen_and_nothing_else(client, rally):
    juror = invited(rally)
    client.force_login(juror.compte)
    palmares = rally.palmares.pk
    refused = [
        "/admin/",
        "/admin/pages/",
        "/admin/palmares/",
        f"/admin/palmares/{palmares}/",
        f"/admin/pages/{rally.fiches[0].pk}/edit/",
        "/admin/reports/site-history/",
    ]
    answers = {address: client.get(address) for address in refused}
    assert {address for address, response in answers.items() if response.status_code not in (302, 403)} == set()
    assert juror.compte.get_all_permissions() == set()


def test_a_juror_who_logs_in_at_the_admin_s_door_is_led_to_the_jury_s(client, rally):
    rally.open()
    juror = invited(rally)
    juror.compte.set_password(PASSWORD)
    juror.compte.save()
    typed = {"login": juror.compte.username, "password": PASSWORD}
    answer = client.post("/admin/login/?next=/admin/", typed, follow=True)
    assert answer.redirect_chain[-1] == (f"/jury/{YEAR}/", 302)
    assert answer.status_code == 200


def test_a_passer_by_is_asked_who_it_is_and_another_account_finds_nothing(client, rally):
    rally.open()
    assert client.get(f"/jury/{YEAR}/").url.startswith("/admin/login/")
    client.force_login(UserFactory(role="redaction"))
    assert client.get(address(rally)).status_code == 404
    assert client.post(address(rally), scores(rally)).status_code == 404
    assert not Evaluation.objects.exists()


def test_jurors_see_their_own_scores_only_and_the_page_is_kept_nowhere(client, rally):
    rally.open()
    rally.score(1, 0, 5, 5, "zibeline")
    rally.score(0, 0, 1, 1, "zymase")
    client.force_login(rally.jury[0].compte)
    response = client.get(address(rally))
    assert "zymase" in response.content.decode()
    assert "zibeline" not in response.content.decode()
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


def test_scores_that_come_too_late_stay_on_screen_with_the_reason(client, rally):
    rally.open()
    client.force_login(rally.jury[0].compte)
    rally.close()
    response = client.post(address(rally), scores(rally, commentaire="Tout ce que j’ai écrit"))
    page = response.content.decode()
    assert response.status_code == 422
    assert (
        "La notation est terminée. Vos notes enregistrées comptent. Vos derniers changements ne comptent pas."
        in page.replace("\xa0", " ").replace("\u202f", " ")
    )
    assert "Tout ce que j’ai écrit" in page
    assert not Evaluation.objects.exists()


def test_an_older_screen_replaces_only_what_was_changed_on_it(client, rally):
    rally.open()
    client.force_login(rally.jury[0].compte)
    shown = filled_form(client.get(address(rally)), "main form.form")
    client.post(address(rally), {**shown, **scores(rally, commentaire="Depuis l’ordinateur")})
    client.post(address(rally), {**shown, **scores(rally, 1, utilite="5", partage="5")})
    assert rally.evaluation(0).commentaire == "Depuis l’ordinateur"
    assert [list(rally.evaluation(place).notes.values()) for place in (0, 1)] == [[4, 2], [5, 5]]


def test_an_older_screen_puts_no_score_back(client, rally):
    rally.open()
    client.force_login(rally.jury[0].compte)
    client.post(address(rally), scores(rally, utilite="2", partage="2"))
    shown = filled_form(client.get(address(rally)), "main form.form")
    client.post(address(rally), {**shown, **scores(rally, utilite="5", partage="2")})
    client.post(address(rally), {**shown, **scores(rally, utilite="2", partage="3")})
    assert list(rally.evaluation(0).notes.values()) == [5, 3]


def test_a_form_that_saves_itself_says_when_or_why_not(client, rally):
    rally.open()
    client.force_login(rally.jury[0].compte)
    itself = {"headers": {"accept": "application/json"}}
    assert "a" in client.post(address(rally), scores(rally, partage="", commentaire="Le four"), **itself).json()
    assert list(rally.evaluation(0).notes.values()) == [4]
    rally.close()
    refused = client.post(address(rally), scores(rally, commentaire="Le four partagé"), **itself)
    assert (refused.status_code, "terminée" in refused.json()["refus"]) == (422, True)


@pytest.mark.parametrize("wrong", ["6", "-1", "beaucoup", "\x00", "1e9"])
def test_a_score_that_is_none_is_said_beside_its_criterion_and_nothing_is_lost(client, rally, wrong):
    rally.open()
    client.force_login(rally.jury[0].compte)
    response = client.post(address(rally), {**scores(rally, utilite=wrong, commentaire="gardé"), **scores(rally, 1)})
    page = response.content.decode()
    assert response.status_code == 422
    assert "scale--wrong" in page
    assert "gardé" in page
    assert [each.nomination for each in Evaluation.objects.all()] == [rally.nominations[1]]


def test_who_prepares_sees_how_far_the_jury_is_and_no_score(client, rally):
    rally.open()
    rally.score(0, 0, 4, 4, "zibeline")
    client.force_login(UserFactory(role="redaction"))
    page = client.get(reverse("palmares:suivi", args=[rally.palmares.pk])).content.decode()
    assert "1/3" in re.sub(r"\s", "", re.sub(r"<[^>]+>", "", page)).replace("sur", "/")
    assert "zibeline" not in page
    for role, status in (("redaction", 302), ("moderation", 302)):
        client.force_login(UserFactory(role=role))
        ranking = client.get(decision(rally))
        assert ranking.status_code == status, role
        assert "zibeline" not in ranking.content.decode()


def test_moderators_read_the_means_their_spread_and_who_is_missing_once_it_is_closed(client, rally):
    rally.open()
    for juror, first, second in ((0, 4, 3), (1, 2, 3)):
        rally.score(juror, 0, first, first, "zibeline")
        rally.score(juror, 1, second, second)
    rally.close()
    client.force_login(rally.staff)
    page = client.get(decision(rally)).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "3,00" in text
    assert "2,00 – 4,00" in text
    assert "zibeline" in text
    assert text.count("il manque : Jurée 1, Jurée 2") == text.count("il manque") == 1  # the third, which nobody scored


def test_a_juror_of_two_editions_who_leaves_one_still_scores_the_other(client, rally, tree):
    other = Rally(tree, year=YEAR + 1)
    left, stays = invited(rally), invited(other)
    other.open()
    remove_juror(left)
    assert [group.name for group in stays.compte.groups.all()] == ["Jury"]
    client.force_login(stays.compte)
    assert client.get("/jury/").url == f"/jury/{YEAR + 1}/"


def test_a_closed_account_stays_closed_when_its_address_is_invited(rally):
    longest = f"jeanne@{'tilleuls.' * 15}essai.test"[-150:]
    closed = UserFactory(username=longest, email=longest, is_active=False)
    juror = invited(rally, longest)
    assert (juror.compte.is_active, juror.compte.email) == (True, closed.email)
    assert (len(juror.compte.username), juror.compte.get_full_name()) == (150, "Jeanne Essai")
    assert [list(closed.groups.all()), closed.jurys.count(), reload_record(closed).is_active] == [[], 0, False]


def test_the_jury_does_not_change_once_the_scoring_is_closed(rally):
    rally.open()
    rally.close()
    with pytest.raises(ActionRefused):
        invited(rally)
    with pytest.raises(ActionRefused):
        remove_juror(rally.jury[0])
    assert Jure.objects.count() == 2


@pytest.mark.nightly
def test_the_diploma_is_one_tagged_sheet_in_french(client, rally):
    rally.open()
    rally.close()
    rally.decide((0, Rang.PREMIER, "Pour avoir partagé le four."))
    publish_now(rally.palmares)
    response = client.get(f"/palmares/{YEAR}/diplome-{Prix.objects.get().uid}.pdf")
    document = PdfReader(io.BytesIO(response.content))
    assert response["Content-Type"] == "application/pdf"
    assert [[round(float(side)) for side in page.mediabox[2:]] for page in document.pages] == [[842, 595]]
    text = " ".join(document.pages[0].extract_text().split())
    for words in ("Premier prix", "Coopération", "Fiche 1", "Agrodoubs", "Pour avoir partagé le four."):
        assert words in text
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert b"pdfuaid" in root["/Metadata"].get_data()
