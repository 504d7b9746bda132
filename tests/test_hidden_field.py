"""How a robot is known. The hidden field: each public form says that a browser filled it in, and keeps what the person typed."""

import datetime
import time

import pytest
from bs4 import BeautifulSoup
from django.core import mail

from etapes.models import Inscription
from fiches.candidatures.models import Dossier, Signalement
from fiches.forms import throttle
from fiches.models import Abonnement, Courriel
from home.models import Organisme
from tests.factories import ContentPageFactory, CritereFactory, EtapePageFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

FORMS = {
    "/candidature/": "form[method=post]",
    "/signaler/": "form[method=post]",
    "/contact/": "form[method=post]",
    "/fiches/suivre/": "form.form",
    "/carnets/abonnement/": "form[method=post]",
    "/etapes/dole/inscription/": "form[method=post]",
}
TYPED = {"courriel": "jeanne@x.test", "de": "jeanne@x.test", "nom": "Jeanne", "message": "Bonjour."}
TYPED |= {"organisation": "Le Four", "innovation": "Un four partagé."}


@pytest.mark.parametrize("address", FORMS)
def test_a_browser_that_fills_in_the_hidden_field_loses_nothing(tree, client, monkeypatch, address):
    monkeypatch.setattr(throttle, "MINIMUM", -1.0)
    Organisme.objects.create(site=tree.site, courriel="equipe@rallynov.test")
    ContentPageFactory(parent=tree.home, slug="confidentialite")
    CritereFactory()
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    EtapePageFactory(parent=tree.etapes, slug="dole", date=tomorrow, inscriptions="ouvertes")
    form = filled_form(client.get(address), FORMS[address])
    form |= {name: text for name, text in TYPED.items() if name in form}
    refused = client.post(address, {**form, "suite": "12 bis"})
    page = BeautifulSoup(refused.content, "html.parser")
    assert "Un champ caché a été rempli, peut-être par votre navigateur." in page.main.text
    assert {**filled_form(refused, FORMS[address]), "depart": "", "csrfmiddlewaretoken": ""} == {
        **form,
        "suite": "",
        "depart": "",
        "csrfmiddlewaretoken": "",
    }
    saved = [model.objects.count() for model in (Abonnement, Courriel, Dossier, Inscription, Signalement)]
    assert (saved, mail.outbox) == ([0] * 5, [])


def test_a_form_sent_within_two_seconds_is_a_robot_s(monkeypatch):
    shown = 1_800_000_000.25
    monkeypatch.setattr(time, "time", lambda: shown)
    mark = throttle.start_mark()
    answers = []
    for seconds in (1.75, 2, 2.25):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: shown + seconds)
        answers.append(throttle.is_hasty(mark))
    assert answers == [True, False, False]
