"""A juror's account: invited by mail, it opens the scoring screens only, with the juror's own scores only."""

import io
import re

import pytest
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from fiches.palmares.enums import Rang
from fiches.palmares.jury import invite_juror, remove_juror
from fiches.palmares.models import Evaluation, Jure, Note, Prix
from fiches.palmares.palmares_lock import ActionRefused
from fiches.palmares.palmares_transitions import publish_now
from tests.conftest import reload_record
from tests.factories import PASSWORD, UserFactory
from tests.palmares.conftest import Rally

YEAR = 2013


def invited(rally, courriel="jeanne@tilleuls.test"):
    return invite_juror(rally.palmares, nom="Jeanne Essai", courriel=courriel, fonction="élue")


def scores(rally, place=0, utilite="4", partage="2", **more):
    nomination = rally.nominations[place].pk
    data = {f"critere_{rally.utilite.pk}": utilite, f"critere_{rally.partage.pk}": partage, "commentaire": "", **more}
    return reverse("jury_fiche", args=[YEAR, nomination]), data


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
    address, data = scores(rally)
    assert client.post(address, {**data, "suivante": "1"}).url == scores(rally, 1)[0]
    assert [note.valeur for note in Note.objects.order_by("critere__nom")] == [2, 4]


def test_a_juror_s_account_opens_the_scoring_screen_and_nothing_else(client, rally):
    juror = invited(rally)
    client.force_login(juror.compte)
    palmares = rally.palmares.pk
    refused = [
        "/admin/",
        "/admin/pages/",
        "/admin/palmares/",
        f"/admin/palmares/{palmares}/",
        f"/admin/palmares/{palmares}/classement/",
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
    addresses = [f"/jury/{YEAR}/", scores(rally)[0]]
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert client.post(*scores(rally)).status_code == 404
    assert not Evaluation.objects.exists()


def test_jurors_see_their_own_scores_only_and_the_page_is_kept_nowhere(client, rally):
    rally.open()
    rally.score(1, 0, 5, 5, "zibeline")
    rally.score(0, 0, 1, 1, "zymase")
    client.force_login(rally.jury[0].compte)
    response = client.get(scores(rally)[0])
    assert "zymase" in response.content.decode()
    assert "zibeline" not in response.content.decode()
    assert response["Cache-Control"] == "no-store, private"


def test_scores_that_come_too_late_stay_on_screen_with_the_reason(client, rally):
    rally.open()
    client.force_login(rally.jury[0].compte)
    rally.close()
    response = client.post(*scores(rally, commentaire="Tout ce que j’ai écrit"))
    page = response.content.decode()
    assert response.status_code == 409
    assert (
        "La notation est terminée : vos notes déjà enregistrées comptent, ces derniers changements ne comptent pas."
        in page.replace("\xa0", " ").replace("\u202f", " ")
    )
    assert "Tout ce que j’ai écrit" in page
    assert not Note.objects.exists()


def test_an_older_screen_replaces_newer_scores_once_the_juror_has_seen_it(client, rally):
    rally.open()
    client.force_login(rally.jury[0].compte)
    address, older = scores(rally, commentaire="Depuis le téléphone")
    older["lue"] = client.get(address).context["lue"]
    client.post(*scores(rally, commentaire="Depuis l’ordinateur"))
    shown = client.post(address, older)
    assert (shown.status_code, "sur un autre écran" in shown.content.decode()) == (409, True)
    assert Evaluation.objects.get().commentaire == "Depuis l’ordinateur"
    main = shown.content.decode().partition("<main")[2]
    assert "<p>Depuis l’ordinateur</p>" in main.partition("Enregistré sur l’autre écran")[2].partition("</section>")[0]
    assert "enregistrement-automatique.js" not in shown.content.decode()  # only the button replaces them
    client.post(address, {**older, "lue": shown.context["lue"]})
    assert Evaluation.objects.get().commentaire == "Depuis le téléphone"


ITSELF = {"headers": {"accept": "application/json"}}
"""The form is sent by itself, not by its buttons."""


def test_a_form_that_saves_itself_replaces_its_own_scores_and_never_those_of_another_screen(client, rally):
    rally.open()
    client.force_login(rally.jury[0].compte)
    address, typed = scores(rally, partage="", commentaire="Le four")
    shown = client.get(address).context
    here = {**typed, "lue": shown["lue"], "ecran": "12.1"}
    assert client.post(address, here, **ITSELF).json()["revision"] == client.get(address).context["lue"]
    # An answer that never came back: the screen sends what it knew of, and more.
    assert (
        client.post(address, {**here, "ecran": "12.3", "commentaire": "Le four partagé"}, **ITSELF).status_code == 200
    )
    # A sending that the next one overtook.
    assert client.post(address, {**here, "ecran": "12.2", "commentaire": "Le four par"}, **ITSELF).status_code == 200
    assert Evaluation.objects.get().commentaire == "Le four partagé"
    other = {**here, "ecran": "13.4", "commentaire": "Rien"}
    refused = client.post(address, other, **ITSELF)
    assert (refused.status_code, "sur un autre écran" in refused.json()["refus"]) == (409, True)
    assert Evaluation.objects.get().commentaire == "Le four partagé"
    assert [note.valeur for note in Note.objects.all()] == [4]


@pytest.mark.parametrize("wrong", ["6", "-1", "beaucoup", "\x00", "1e9"])
def test_a_score_that_is_none_is_said_beside_its_criterion_and_nothing_is_lost(client, rally, wrong):
    rally.open()
    client.force_login(rally.jury[0].compte)
    response = client.post(*scores(rally, utilite=wrong, commentaire="gardé"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "scale--wrong" in page
    assert "gardé" in page
    assert not Note.objects.exists()


def test_one_click_keeps_a_juror_away_and_a_second_takes_it_back(client, rally):
    rally.open()
    client.force_login(rally.jury[0].compte)
    address = reverse("jury_conflit", args=[YEAR, rally.nominations[0].pk])
    page = client.post(address, follow=True).content.decode()
    assert "Innovations que vous ne notez pas" in page
    assert client.get(scores(rally)[0]).status_code == 404
    client.post(address, {"lever": "1"})
    assert client.get(scores(rally)[0]).status_code == 200


def test_who_prepares_sees_how_far_the_jury_is_and_no_score(client, rally):
    rally.open()
    rally.score(0, 0, 4, 4, "zibeline")
    client.force_login(UserFactory(role="redaction"))
    page = client.get(reverse("palmares:suivi", args=[rally.palmares.pk])).content.decode()
    assert "1/3" in re.sub(r"\s", "", re.sub(r"<[^>]+>", "", page)).replace("sur", "/")
    assert "zibeline" not in page
    for role, status in (("redaction", 302), ("moderation", 302)):
        client.force_login(UserFactory(role=role))
        ranking = client.get(reverse("palmares:classement", args=[rally.palmares.pk]))
        assert ranking.status_code == status, role
        assert "zibeline" not in ranking.content.decode()


def test_moderators_read_the_ranking_with_its_ties_and_its_spread_once_it_is_closed(client, rally):
    rally.open()
    for juror, first, second in ((0, 4, 3), (1, 2, 3)):
        rally.score(juror, 0, first, first, "zibeline")
        rally.score(juror, 1, second, second)
    rally.close()
    client.force_login(rally.staff)
    page = client.get(reverse("palmares:classement", args=[rally.palmares.pk])).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "ex æquo" in text.lower()
    assert "3,00" in text
    assert "1,00" in text
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
    publish_now(rally.palmares, by=rally.staff)
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
