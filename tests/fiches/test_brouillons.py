"""A draft keeps what was typed; what is missing or wrong is told when the fiche goes further."""

import pytest
from django.urls import reverse
from wagtail.images import get_image_model

from fiches.models import FichePage
from fiches.moderation.decision import IncompletePage, decide
from tests.candidatures.conftest import photo, text
from tests.factories import CritereFactory, FichePageFactory, UserFactory
from tests.fiches.screens import open_fiche, plain
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

WRONG = {
    "siret": "123",
    "naf": "10",
    "naf_2025": "99",
    "code_postal": "abc",
    "point": "nulle part",
    "contact_telephone": "demain",
    "contact_courriel": "jeanne chez tilleuls",
    "partenaire_contact_telephone": "00",
    "partenaire_contact_courriel": "@",
    "site": "notre site",
}


@pytest.fixture
def redaction(tree):
    return UserFactory(role="redaction")


@pytest.fixture
def reader(tree):
    """Another member, there before the fiche is submitted: without one, it goes straight to its approval."""
    return UserFactory(role="redaction")


@pytest.fixture
def picture(tree):
    return get_image_model().objects.create(title="vache", file=photo())


@pytest.fixture
def fiche(tree, redaction):
    return FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=redaction, revision=redaction)


def with_place(form):
    """The form with a place on the map."""
    return {name: value for name, value in form.items() if name != "sans_localisation"} | {"commune": "Flagey (25330)"}


def save(client, fiche, form, **more):
    return client.post(reverse("wagtailadmin_pages:edit", args=[fiche.pk]), {**form, **more}, follow=True)


def latest(fiche):
    return FichePage.objects.get(pk=fiche.pk).get_latest_revision_as_object()


def test_a_draft_of_a_fiche_is_saved_whatever_is_missing(client, redaction, fiche, picture):
    form = with_place(open_fiche(client, redaction, fiche))
    blank = {"organisation": "", "chapo": "", "corps-count": "0", "commune": "", "criteres": []}
    save(client, fiche, form, **blank, photo=picture.pk, logo=picture.pk)
    kept = latest(fiche)
    assert (kept.organisation, kept.chapo, kept.photo, kept.logo) == ("", "", picture, picture)


def test_a_draft_with_a_wrong_value_is_refused_beside_its_field_and_all_that_was_typed_stays(client, redaction, fiche):
    form = with_place(open_fiche(client, redaction, fiche))
    typed = {**WRONG, "commune": "Flagi sur rien", "title": "Un titre tout neuf"}
    answer = save(client, fiche, form, **typed)
    assert set(answer.context["form"].errors) == {*WRONG, "commune"}
    assert {name: answer.context["form"][name].value() for name in typed} == typed
    assert latest(fiche).title == fiche.title


def test_a_fiche_submitted_is_told_all_that_it_lacks_at_once_and_where(client, redaction, fiche, picture):
    """What is mandatory, what is wrong, and each block’s part, beside their fields."""
    CritereFactory(dimension__nom="Centrée sur")
    form = with_place(open_fiche(client, redaction, fiche))
    lacks = {"title": "", "organisation": "", "chapo": "", "commune": "", "criteres": [], "photo": picture.pk}
    answer = save(client, fiche, {**form, **bare_blocks()}, **lacks, siret="123", **{"action-submit": "true"})
    named = {"title", "organisation", "chapo", "commune", "criteres", "photo_alt", "siret", "corps"}
    assert set(answer.context["form"].errors) == named
    assert text(answer).count("Ce champ est obligatoire") >= 3  # beside the parts of the blocks too


def bare_blocks():
    """A quotation and a video in which nothing was typed, as a browser sends them."""
    blocks = {"corps-count": "2"}
    parts = {
        "citation": ("texte", "auteur", "fonction"),
        "video": ("adresse", "titre", "duree", "vignette", "transcription"),
    }
    for rank, (kind, names) in enumerate(parts.items()):
        here = f"corps-{rank}"
        blocks |= {f"{here}-deleted": "", f"{here}-order": str(rank), f"{here}-type": kind, f"{here}-id": ""}
        blocks |= {f"{here}-value-{name}": "" for name in names}
    return blocks | {"corps-1-value-transcription": "null", "corps-1-value-vignette-image": ""}


def test_a_fiche_submitted_with_a_wrong_value_is_refused_beside_the_field(client, redaction, fiche):
    form = with_place(open_fiche(client, redaction, fiche))
    for name, value in WRONG.items():
        answer = save(client, fiche, form, **{name: value, "action-submit": "true"})
        assert list(answer.context["form"].errors) == [name]
        [message] = answer.context["form"].errors[name]
        assert plain(message) in plain(text(answer)), name
        assert FichePage.objects.get(pk=fiche.pk).current_workflow_state is None, name
        assert answer.context["form"][name].value() == value


@pytest.mark.parametrize(("name", "label"), [("siret", "SIRET"), ("contact_telephone", "Téléphone")])
def test_an_approval_of_a_fiche_with_a_wrong_value_says_which(client, redaction, reader, fiche, name, label):
    """A draft that a program submits, approved from the dashboard: no form was in between."""
    setattr(fiche, name, WRONG[name])
    fiche.save_revision(user=redaction, clean=False)
    fiche.get_workflow().start(fiche, redaction)
    state = FichePage.objects.get(pk=fiche.pk).current_workflow_task_state
    with pytest.raises(IncompletePage, match=label):
        decide(task_state=state, action="approve", by=reader, revision_read=latest(fiche).latest_revision_id)
    client.force_login(reader)
    screen = reverse("fiches_innovation", args=[fiche.pk])
    answer = client.post(screen, filled_form(client.get(screen), "form:has(input[name=action][value=approve])"))
    assert "Cette fiche est incomplète" in plain(text(answer))
    assert label in plain(text(answer))
    assert FichePage.objects.get(pk=fiche.pk).live is False


def test_a_fiche_that_lacks_something_can_be_sent_back(client, redaction, reader, fiche, picture):
    fiche.photo, fiche.organisation = picture, ""
    fiche.save_revision(user=redaction, clean=False)
    fiche.get_workflow().start(fiche, redaction)
    client.force_login(reader)
    screen = reverse("fiches_innovation", args=[fiche.pk])
    form = filled_form(client.get(screen), "form:has(input[name=action][value=reject])")
    client.post(screen, {**form, "comment": "À corriger."})
    assert FichePage.objects.get(pk=fiche.pk).current_workflow_state.status == "needs_changes"


def test_a_draft_does_not_keep_an_address_that_would_run(client, redaction, fiche):
    form = open_fiche(client, redaction, fiche)
    for site in ("javascript:alert(1)", " java\tscript:alert(1)", "data:text/html,x"):
        answer = save(client, fiche, form, site=site)
        assert list(answer.context["form"].errors) == ["site"], site
        assert latest(fiche).site == fiche.site
