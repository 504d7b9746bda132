"""A reader of any of our mails can answer it: the team's address is where the answer goes, and stands at its end."""

import pytest
from wagtail.models import Site

from fiches.mail import wordings
from fiches.mail.wordings import compose
from fiches.models import Courriel, ModeleDeCourriel
from fiches.publications.version import touch
from home.models import Organisme

pytestmark = pytest.mark.django_db
TEAM = "equipe@rallynov.example"


@pytest.fixture
def team(db):
    return Organisme.objects.create(site=Site.objects.get(is_default_site=True), courriel=TEAM)


@pytest.fixture
def words(settings, tmp_path):
    """The words of the letter « essai »."""
    folder = tmp_path / "courriels"
    folder.mkdir()
    (folder / "essai.objet.txt").write_text("Objet")
    (folder / "essai.txt").write_text("Bonjour,\n\nVoici.")
    (first,) = settings.TEMPLATES
    settings.TEMPLATES = [{**first, "DIRS": [tmp_path, *first["DIRS"]]}]


@pytest.fixture
def letter(monkeypatch, words):
    """A letter whose HTML is its own."""
    monkeypatch.setattr(wordings, "LETTERS", dict(wordings.LETTERS))

    def finish(message, courriel):
        message.alternatives.clear()
        message.attach_alternative("<html><body><h1>Carnet</h1></body></html>", "text/html")

    wordings.register_letter("essai", wordings.Wording("Essai", ()), finish=finish)
    return "essai"


def sent(modele, key="fait"):
    return compose(Courriel(cle=key, modele=modele, destinataires=["jeanne@x.test"], message_id="<a@x>"))


def test_every_letter_whoever_words_it_ends_with_the_team_s_address(team, letter):
    ModeleDeCourriel.objects.create(cle=letter, objet="Autre", texte="Nos mots.")
    message = sent(letter)
    assert message.reply_to == [TEAM]
    assert message.body == f"Nos mots.\n\n-- \nRally’nov\nUne question ? Répondez à ce courriel, ou écrivez à {TEAM}.\n"
    ((html, kind),) = message.alternatives
    assert kind == "text/html" and html.startswith("<html><body><h1>Carnet</h1><div")
    assert f'<a href="mailto:{TEAM}">{TEAM}</a>' in html and html.endswith("</body></html>")


def test_a_letter_says_who_writes_with_address_and_phone(team, letter):
    Organisme.objects.filter(pk=team.pk).update(
        nom="La chasse",
        editeur="Fact <Franche-Comté>",
        adresse="4 rue du Port\r\n25000 Besançon",
        telephone="03 81 00 00 00",
    )
    touch()
    message = sent(letter)
    signed = ["La chasse", "Fact <Franche-Comté>", "4 rue du Port, 25000 Besançon", "03 81 00 00 00"]
    assert message.body.split("-- \n")[1].split("\n")[:4] == signed
    html = message.alternatives[0][0]
    assert "Fact &lt;Franche-Comté&gt;" in html and "4 rue du Port, 25000 Besançon" in html


def test_the_address_that_staff_change_is_in_the_next_mail(team, letter):
    sent(letter)
    team.courriel = "autre@rallynov.example"
    team.save()
    assert sent(letter).reply_to == ["autre@rallynov.example"]
