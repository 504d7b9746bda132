"""Bulk actions of the admin's lists: what their confirmation screens offer, what they change and what they say."""

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from tests.factories import EditionFactory, EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

FICHE, ETAPE = "rallynov_fiches/fichepage", "rallynov_etapes/etapepage"
DOSSIER, PARTNER = "rallynov_candidatures/dossier", "rallynov_fiches/partenaire"
FORM = 'main form[method="post"]'


@pytest.fixture
def admin(client, tree):
    user = UserFactory(role="admin")
    client.force_login(user)
    return user


def bulk(model, action, items):
    return f"/admin/bulk/{model}/{action}/?{'&'.join(f'id={item.pk}' for item in items)}&next=/admin/"


def told(answer):
    """The messages of a page."""
    items = BeautifulSoup(answer.content, "html.parser").select(".messages > ul > li")
    return [" ".join(item.get_text().split()) for item in items]


def latest(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def given(tree, admin, model, field):
    """Two items of the model whose ``field`` is given, and a function that reads it."""
    partner, edition = PartenaireFactory(), EditionFactory(annee=2014)
    if model == DOSSIER:
        now = timezone.now()
        fields = {"etat": Etat.EN_RELECTURE, "responsable": admin, "soumis": now}
        items = [Dossier.objects.create(courriel=f"{n}@x.test", numero=f"D{n}", **fields) for n in "12"]
        return items, lambda item: Dossier.objects.get(pk=item.pk).responsable
    factory, parent = (FichePageFactory, tree.fiches) if model == FICHE else (EtapePageFactory, tree.etapes)
    values = {"partenaire": partner, "edition": edition} if model == FICHE else {"edition": edition}
    items = [factory(parent=parent, live=False, **values) for _each in range(2)]
    return items, lambda item: getattr(latest(item), field)


CHOICES = [
    (FICHE, "partenaire", "partenaire", "2 fiches modifiées. Elles n’ont plus de partenaire."),
    (FICHE, "edition", "edition", "2 fiches modifiées. Elles n’ont plus d’année du rallye."),
    (ETAPE, "edition", "edition", "2 étapes modifiées. Elles n’ont plus d’année du rallye."),
    (DOSSIER, "affecter", "responsable", "2 dossiers ne sont plus confiés à personne."),
]


@pytest.mark.parametrize(("model", "action", "field", "said"), CHOICES)
def test_a_choice_left_as_it_is_shown_is_asked_again_and_nothing_is_taken_away(
    client, tree, admin, model, action, field, said
):
    items, value = given(tree, admin, model, field)
    before = [value(item) for item in items]
    assert None not in before
    address = bulk(model, action, items)
    answer = client.post(address, filled_form(client.get(address), FORM))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert [value(item) for item in items] == before


@pytest.mark.parametrize(("model", "action", "field", "said"), CHOICES)
def test_none_is_a_choice_with_a_message_of_its_own(client, tree, admin, model, action, field, said):
    items, value = given(tree, admin, model, field)
    address = bulk(model, action, items)
    options = BeautifulSoup(client.get(address).content, "html.parser").select(f"{FORM} option")
    assert [option["value"] for option in options][:2] == ["", "aucun"]
    answer = client.post(address, {field: options[1]["value"]}, follow=True)
    assert told(answer) == [said]
    assert [value(item) for item in items] == [None, None]
