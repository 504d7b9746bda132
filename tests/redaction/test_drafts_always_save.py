"""A draft is saved whatever is wrong in it, and what was typed stays; the page is not published with it."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Page

from etapes.models import EtapePage
from fiches.moderation.decision import APPROVE, IncompleteFiche, decide
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

MOMENT = {"titre": "Visite", "intervenants": "", "texte": "null", "debut": "", "fin": ""}


@pytest.fixture
def fiche(tree, redaction):
    return FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=redaction, revision=redaction)


@pytest.fixture
def etape(tree, redaction):
    made = EtapePageFactory(parent=tree.etapes, live=False)
    made.save_revision(user=redaction)
    return made


def address(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def save(client, page, **typed):
    form = filled_form(client.get(address(page)))
    form.pop("sans_localisation", None)
    return client.post(address(page), form | typed)


def refused(answer):
    return set(answer.context["form"].errors) if answer.status_code == 200 else set()


def latest(page):
    return page.specific_class.objects.get(pk=page.pk).get_latest_revision_as_object()


def autosave(client, page, **typed):
    """What Wagtail's script sends, a moment after the last keystroke."""
    form = filled_form(client.get(address(page))) | typed
    return client.post(address(page), form, headers={"Accept": "application/json"}).json()


def error_messages(client, page):
    """``{field: what stands beside it}`` when the form is opened."""
    form = BeautifulSoup(client.get(address(page)).content, "html.parser").find("form", attrs={"data-edit-form": True})
    said = {}
    for message in form.select(".error-message"):
        field = message.find_parent(attrs={"data-field": True}).select_one("input, textarea")
        said[field["name"]] = " ".join(message.text.split())
    return said


def row(prefix, **values):
    counts = {"TOTAL": "1", "INITIAL": "0", "MIN_NUM": "0", "MAX_NUM": "1000"}
    held = {f"{prefix}-{name}_FORMS": count for name, count in counts.items()}
    return held | {
        f"{prefix}-0-{name}": value for name, value in {"id": "", "ORDER": "1", "DELETE": "", **values}.items()
    }


def programme(*moments):
    data = {"programme-count": str(len(moments))}
    for rank, moment in enumerate(moments):
        here = f"programme-{rank}"
        data |= {f"{here}-type": "visite", f"{here}-id": "", f"{here}-order": str(rank), f"{here}-deleted": ""}
        data |= {f"{here}-value-{name}": value for name, value in {**MOMENT, **moment}.items()}
    return data


WRONG = {
    "an end before the start": {"debut": "18:00", "fin": "09:00"},
    "an end without a start": {"debut": "", "fin": "09:00"},
    "hours and a moment": {"debut": "09:00", "moment": "matin"},
    "registration for no place": {"inscriptions": "ouvertes", "capacite": "0"},
    "registration after the end": {"inscriptions": "ouvertes", "inscriptions_jusqu_au": "12/06/2031 18:00"},
    "postponed without a date": {"date": "", "statut": "reportee"},
    "a date of before": {"ancienne_date": "01/06/2030"},
    "a postcode": {"code_postal": "25"},
    "a commune": {"commune": "Flagé-sur-Rien"},
    "a point": {"point": "nulle part"},
    "a programme whose end comes first": programme({"debut": "18:00", "fin": "09:00"}),
    "a programme that overlaps": programme({"debut": "09:00", "fin": "11:00"}, {"debut": "10:00", "fin": "12:00"}),
}


# Typed at once: the form tells each of them. The others are told alone, being about the same fields.
TOGETHER = (
    ("an end before the start", "registration for no place", "a postcode"),
    ("a date of before", "registration after the end", "a commune"),
    ("hours and a moment", "a point"),
)
ALONE = [
    pytest.param((name,), marks=pytest.mark.nightly)
    for name in WRONG
    if name not in {each for names in TOGETHER for each in names}
]


@pytest.mark.parametrize("names", [*TOGETHER, *ALONE], ids=" and ".join)
def test_a_draft_of_an_etape_holds_what_is_wrong_and_is_not_published_with_it(client, etape, names):
    typed = {"date": "12/06/2030"}
    for name in names:
        typed |= WRONG[name]
    assert refused(save(client, etape, **typed)) == set()
    again = filled_form(client.get(address(etape)))
    shown = {field for field in typed if field in again and not field.endswith(("-id", "-texte"))}
    assert {field: again[field] for field in shown} == {field: typed[field] for field in shown}
    errors = refused(client.post(address(etape), again | typed | {"action-publish": "true"}))
    assert [name for name in names if not errors & {field.partition("-")[0] for field in WRONG[name]}] == []
    assert not EtapePage.objects.get(pk=etape.pk).live


def test_a_row_of_a_draft_is_saved_whatever_is_wrong_in_it(client, etape):
    organiser = row(
        "organisations", partenaire=PartenaireFactory().pk, contact_telephone="demain", contact_courriel="jeanne chez"
    )
    assert refused(save(client, etape, **organiser)) == set()
    [kept] = latest(etape).organisations.all()
    assert (kept.contact_telephone, kept.contact_courriel) == ("demain", "jeanne chez")
    answer = save(client, etape, **{"action-publish": "true"})
    assert answer.status_code == 200
    assert not EtapePage.objects.get(pk=etape.pk).live


@pytest.mark.parametrize("text", ["Flagé-sur-Rien", "Bes"])
def test_a_commune_that_is_none_stays_in_the_draft_and_is_told_beside_its_field(client, fiche, text):
    assert refused(save(client, fiche, commune=text)) == set()
    assert (latest(fiche).commune, latest(fiche).commune_ecrite) == (None, text)
    page = client.get(address(fiche))
    assert filled_form(page)["commune"] == text
    assert f"« {text} »" in error_messages(client, fiche)["commune"]
    answer = save(client, fiche, commune=text, **{"action-submit": "true"})
    assert refused(answer) == {"commune"}
    assert answer.content.decode().count(f"«\u00a0{text}\u00a0»") >= 1
    save(client, fiche, commune="Flagey (25330)")
    assert (latest(fiche).commune.nom, latest(fiche).commune_ecrite) == ("Flagey", "")


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("fiche", {"effectif": "douze"}), ("etape", {"capacite": "beaucoup"}), ("etape", {"date": "12/06/9999"})],
)
def test_what_a_column_cannot_hold_is_refused_beside_its_field(client, fiche, etape, kind, typed):
    answer = save(client, {"fiche": fiche, "etape": etape}[kind], **typed)
    assert refused(answer) == set(typed)


def hours_inverted(client, etape):
    """Saves a draft that ends before it starts, as the page does by itself: no message says so."""
    form = filled_form(client.get(address(etape))) | {"date": "12/06/2030", "debut": "18:00", "fin": "09:00"}
    assert client.post(address(etape), form, headers={"Accept": "application/json"}).json()["success"]
    return EtapePage.objects.get(pk=etape.pk)


def test_an_etape_is_not_approved_with_what_is_wrong(client, etape, redaction):
    reader = UserFactory(role="redaction")
    etape.get_workflow().start(etape, None)
    draft = hours_inverted(client, etape)
    state, read = draft.current_workflow_task_state, draft.latest_revision_id
    with pytest.raises(IncompleteFiche, match="L’heure de fin est avant l’heure de début"):
        decide(task_state=state, action=APPROVE, by=reader, revision_read=read)


def test_an_etape_is_not_published_with_others_with_what_is_wrong(client, etape):
    hours_inverted(client, etape)
    action = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{action}?id={etape.pk}&next=/admin/", {"include_descendants": ""})
    assert "L’heure de fin est avant l’heure de début" in " ".join(map(str, get_messages(answer.wsgi_request)))
    assert not EtapePage.objects.get(pk=etape.pk).live


STORED = "Le brouillon garde cette valeur : corrigez-la avant de soumettre la page."
NOT_RIGHT_YET = {
    "contact_telephone": "03 81",
    "contact_courriel": "anne@",
    "siret": "123",
    "code_postal": "25",
    "commune": "Flagi sur rien",
}


def test_a_draft_says_beside_each_value_that_it_is_not_right_yet(client, fiche):
    assert error_messages(client, fiche) == {}
    assert autosave(client, fiche, **NOT_RIGHT_YET)["success"]
    assert latest(fiche).contact_telephone == "03 81"
    said = error_messages(client, fiche)
    assert set(said) == set(NOT_RIGHT_YET)
    assert all(text.endswith(STORED) for text in said.values())
    assert client.post(address(fiche), filled_form(client.get(address(fiche)))).status_code == 302


def test_an_autosave_with_a_value_that_no_column_holds_is_refused_and_says_so(client, etape):
    answer = autosave(client, etape, numero="-5", lieu="Au moulin")
    assert (answer["success"], answer["error_code"]) == (False, "validation_error")
    assert latest(etape).lieu != "Au moulin"


NEW = {
    "fiche": ("rallynov_fiches", "fichepage", "fiches"),
    "etape": ("rallynov_etapes", "etapepage", "etapes"),
    "carnet": ("rallynov_carnets", "carnetpage", "carnets"),
    "page": ("home", "contentpage", "home"),
}


@pytest.mark.parametrize("kind", NEW)
def test_a_new_page_is_saved_as_soon_as_its_title_is_written_before_its_slug_is_made(client, tree, redaction, kind):
    """Then twice: the title was pasted, and the cursor is still in it."""
    app, model, parent = NEW[kind]
    add = reverse("wagtailadmin_pages:add", args=[app, model, getattr(tree, parent).pk])
    form = filled_form(client.get(add))

    def new(**typed):
        return client.post(add, form | typed, headers={"Accept": "application/json"})

    assert new(seo_title="Au moulin").json()["error_code"] == "validation_error"
    for title, slug in {"Le four": "le-four", "???": None}.items():
        made = [Page.objects.get(pk=new(title=title, slug="").json()["pk"]) for _again in range(2)]
        slugs = [page.slug for page in made]
        assert [page.title for page in made] == [title, title]
        assert all(slugs)
        assert slugs == [slug or slugs[0], f"{slug or slugs[0]}-2"]


def test_a_draft_stays_at_its_address_while_the_browser_has_made_no_slug(client, fiche):
    autosave(client, fiche, title="Le four banal", slug="")
    assert (latest(fiche).title, latest(fiche).slug) == ("Le four banal", fiche.slug)
