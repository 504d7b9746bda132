"""A draft is saved whatever is missing in it; a wrong value is refused beside its field, and no page is published with one."""

from datetime import date, time

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Page

from etapes.models import EtapePage
from fiches.moderation.decision import APPROVE, IncompletePage, decide
from tests.factories import EtapePageFactory, FichePageFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("fiche", {"effectif": "douze"}, "effectif"),
        ("etape", {"capacite": "beaucoup"}, "capacite"),
        ("etape", {"date": "12/06/9999"}, "date"),
        ("etape", {"date": "12/06/2030", "debut": "18:00", "fin": "09:00"}, "fin"),
    ],
)
def test_a_wrong_value_of_a_draft_is_refused_beside_its_field(client, fiche, etape, kind, typed, field):
    answer = save(client, {"fiche": fiche, "etape": etape}[kind], **typed)
    assert refused(answer) == {field}
    assert {name: answer.context["form"][name].value() for name in typed} == typed


def end_before_its_start(etape):
    """A draft that a program saved: no form was in between."""
    etape.date, etape.debut, etape.fin = date(2030, 6, 12), time(18), time(9)
    etape.save_revision(clean=False)
    return EtapePage.objects.get(pk=etape.pk)


def test_an_etape_is_not_approved_with_what_is_wrong(etape, redaction):
    reader = UserFactory(role="redaction")
    etape.get_workflow().start(etape, None)
    draft = end_before_its_start(etape)
    state, read = draft.current_workflow_task_state, draft.latest_revision_id
    with pytest.raises(IncompletePage, match="L’heure de fin est avant l’heure de début"):
        decide(task_state=state, action=APPROVE, by=reader, revision_read=read)


def test_an_etape_is_not_published_with_others_with_what_is_wrong(client, etape, redaction):
    end_before_its_start(etape)
    action = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{action}?id={etape.pk}&next=/admin/", {"include_descendants": ""})
    assert "L’heure de fin est avant l’heure de début" in " ".join(map(str, get_messages(answer.wsgi_request)))
    assert not EtapePage.objects.get(pk=etape.pk).live


def test_an_autosave_with_a_wrong_value_is_refused_and_says_so(client, etape):
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
