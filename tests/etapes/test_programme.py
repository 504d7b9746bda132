"""What an organiser types: hours that can't be are told beside them, only approved fiches are presented, slots in order."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.documents import get_document_model

from etapes.blocks import programme_blocks
from etapes.models import DocumentDEtape, EtapePage, PresentationDeFiche
from tests.etapes.conftest import in_days, text
from tests.factories import FichePageFactory
from tests.formulaires import filled_form


def item(debut=None, fin=None, titre="Débat", **more):
    value = {"debut": debut, "fin": fin, "titre": titre, "intervenants": "", "texte": "", **more}
    return (
        "debat",
        {name: datetime.time.fromisoformat(v) if name in ("debut", "fin") and v else v for name, v in value.items()},
    )


def faults(*items):
    """``{position: {field: message}}`` of a programme."""
    block = programme_blocks()
    value = block.to_python([{"type": kind, "value": value} for kind, value in items])
    try:
        block.clean(value)
    except ValidationError as error:
        return {
            position: {name: found.messages[0] for name, found in inner.block_errors.items()}
            for position, inner in error.block_errors.items()
        }
    return {}


def test_an_end_before_its_start_and_an_end_alone_are_told():
    assert faults(item("15:00", "14:00")) == {0: {"fin": "L’heure de fin est avant l’heure de début."}}
    assert faults(item("15:00", "15:00")) == {0: {"fin": "L’heure de fin est avant l’heure de début."}}
    assert list(faults(item(None, "15:00"))[0]) == ["debut"]


# --- In the form ------------------------------------------------------------------------------------------------------


SUBMITTED = {"action-submit": "true"}


@pytest.fixture
def edit(browser, organiser, etape):
    """``edit(field=…)`` saves a draft, ``edit(field=…, **SUBMITTED)`` submits it."""
    desk = browser(organiser)
    address = f"/admin/pages/{etape.pk}/edit/"

    def save(**typed):
        response = desk.get(address)
        return desk.post(
            address, filled_form(response) | {key.replace("__", "-"): value for key, value in typed.items()}
        )

    save.desk, save.address = desk, address
    return save


def errors(response):
    return {name: found[0] for name, found in response.context["form"].errors.items()}


def test_an_end_before_the_start_of_the_etape_is_told_beside_it(edit):
    assert errors(edit(debut="17:00", fin="16:00", **SUBMITTED)) == {
        "fin": "L’heure de fin est avant l’heure de début."
    }


def test_a_day_and_an_hour_are_read_and_typed_as_in_france(edit, etape):
    form = BeautifulSoup(edit.desk.get(edit.address).content, "html.parser")
    assert form.find(id="id_date")["value"] == f"{etape.date:%d/%m/%Y}"
    assert edit(date="04/05/2027", inscriptions_jusqu_au="03/05/2027 18:00").status_code == 302
    draft = EtapePage.objects.get().get_latest_revision_as_object()
    assert draft.date == datetime.date(2027, 5, 4)
    assert timezone.localtime(draft.inscriptions_jusqu_au).isoformat() == "2027-05-03T18:00:00+02:00"


def test_who_postpones_needs_not_type_the_old_date(edit, etape):
    first = etape.date
    response = edit(statut="reportee", date=in_days(60).isoformat())
    assert response.status_code == 302
    draft = EtapePage.objects.get().get_latest_revision_as_object()
    assert (draft.date, draft.ancienne_date, draft.attend_sa_date) == (in_days(60), first, False)


def test_registration_for_no_place_is_refused(edit):
    assert errors(edit(capacite="0", **SUBMITTED)) == {
        "capacite": "Écrivez un nombre de places, ou laissez ce champ vide s’il n’y a pas de limite."
    }


# --- The fiches presented ---------------------------------------------------------------------------------------------


def test_only_an_approved_fiche_can_be_presented(etape, tree):
    draft = FichePageFactory(parent=tree.fiches, live=False)
    link = PresentationDeFiche(etape=etape, fiche=draft)
    with pytest.raises(ValidationError) as caught:
        link.full_clean()
    assert caught.value.messages == [
        "Cette fiche n’est pas encore approuvée. Vous pourrez la choisir quand elle sera en ligne."
    ]
    PresentationDeFiche(etape=etape, fiche=FichePageFactory(parent=tree.fiches)).full_clean()


def test_the_chooser_offers_the_approved_ones_whoever_they_belong_to(edit, tree):
    FichePageFactory(parent=tree.fiches, title="En ligne", organisation="Les Tilleuls")
    FichePageFactory(parent=tree.fiches, title="Brouillon", live=False)
    page = text(edit.desk.get("/admin/fiches/approuvees/"))
    assert "En ligne" in page and "Brouillon" not in page


def test_fiches_are_shown_in_their_order_with_their_slot(etape, tree, client):
    for number, (title, hour) in enumerate([("Seconde", None), ("Première", datetime.time(14, 30))]):
        fiche = FichePageFactory(parent=tree.fiches, title=title)
        PresentationDeFiche.objects.create(etape=etape, fiche=fiche, heure=hour, sort_order=1 - number)
    page = text(client.get("/etapes/dole/")).split("Fiches présentées")[1]
    assert page.index("Première") < page.index("Seconde")
    assert "14 h 30" in page


def test_documents_are_offered_with_their_kind_and_a_private_one_is_not(etape, client):
    from wagtail.models import Collection, CollectionViewRestriction

    open_one = get_document_model().objects.create(title="Plan d’accès", file="plan.pdf", file_size=2048)
    closed = Collection.get_first_root_node().add_child(name="Fermée")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    private = get_document_model().objects.create(title="Secret", file="secret.pdf", file_size=9, collection=closed)
    for document in (open_one, private):
        DocumentDEtape.objects.create(etape=etape, document=document)
    page = text(client.get("/etapes/dole/"))
    assert f'href="{open_one.url}">Plan d’accès</a> <span>(PDF, 2,0 Ko)' in page
    assert "Secret" not in page


# --- What may be overlooked -------------------------------------------------------------------------------------------
