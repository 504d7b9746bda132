"""What is typed in the admin is saved by itself, and never undoes what somebody published, approved or agreed to."""

import pytest
from django.urls import reverse
from wagtail.models import Page, Revision

from fiches.candidatures.models import Dossier, Evenement
from fiches.models import FichePage
from fiches.moderation.decision import APPROVE, ChangedSinceRead, decide
from fiches.moderation.reviewers import barred
from tests.factories import CarnetPageFactory, ContentPageFactory, EtapePageFactory, FichePageFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(tree):
    return UserFactory(role="redaction")


@pytest.fixture(params=["fiche", "etape", "carnet", "page"])
def page(request, tree, redaction, reader):
    """A draft of each kind, written by somebody else."""
    made = {
        "fiche": lambda: FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=reader),
        "etape": lambda: EtapePageFactory(parent=tree.etapes, live=False),
        "carnet": lambda: CarnetPageFactory(parent=tree.carnets, live=False),
        "page": lambda: ContentPageFactory(parent=tree.home, live=False),
    }[request.param]()
    made.save_revision(user=reader)
    return made


@pytest.fixture
def fiche(tree, redaction):
    made = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=redaction)
    made.save_revision(user=redaction)
    return made


def address(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def opened(client, page):
    return filled_form(client.get(address(page)))


def autosave(client, page, form, **typed):
    """What Wagtail's script sends, a moment after the last keystroke."""
    answer = client.post(address(page), {**form, **typed}, headers={"Accept": "application/json"})
    return answer.json()


def titles(page):
    return list(Revision.objects.for_instance(page).order_by("pk").values_list("object_str", flat=True))


def test_each_form_saves_what_is_typed_by_itself(client, page):
    answer = client.get(address(page))
    assert b'data-w-autosave-interval-value="1000"' in answer.content
    first = autosave(client, page, filled_form(answer), title="Deux m")
    assert first["success"]
    form = filled_form(answer) | {"overwrite_revision_id": first["revision_id"]}
    second = autosave(client, page, form, title="Deux mots")
    assert second["revision_id"] == first["revision_id"]  # one version for one sitting
    assert titles(page) == [page.title, "Deux mots"]
    assert opened(client, page)["title"] == "Deux mots"


def test_an_autosave_without_a_change_writes_no_version(client, page, redaction):
    read = Revision.objects.for_instance(page).get()
    answer = autosave(client, page, opened(client, page))
    assert answer["revision_id"] == read.pk
    assert Revision.objects.for_instance(page).get().user != redaction


def test_an_autosave_after_a_publication_does_not_touch_it(client, tree, redaction):
    """The tab that stayed open writes a version of its own, and the page stays online as it was published."""
    carnet = CarnetPageFactory(parent=tree.carnets, live=False, title="Carnet lu")
    carnet.save_revision(user=redaction)
    form = opened(client, carnet)
    saved = autosave(client, carnet, form, title="Carnet publié")
    Revision.objects.get(pk=saved["revision_id"]).publish(user=redaction)
    form["overwrite_revision_id"] = saved["revision_id"]
    autosave(client, carnet, form, title="Carnet suivant")
    now = Page.objects.get(pk=carnet.pk)
    assert (now.live, now.title, now.draft_title) == (True, "Carnet publié", "Carnet suivant")
    assert titles(carnet) == ["Carnet lu", "Carnet publié", "Carnet suivant"]
    assert now.live_revision_id == saved["revision_id"]


def test_an_autosave_does_not_change_what_a_company_agreed_to(client, fiche):
    form = opened(client, fiche)
    saved = autosave(client, fiche, form, title="Lu par l’entreprise")
    dossier = Dossier.objects.create(courriel="a@exemple.fr", fiche=fiche)
    agreed = Revision.objects.get(pk=saved["revision_id"])
    Evenement.objects.create(dossier=dossier, epreuve=agreed)
    autosave(client, fiche, form | {"overwrite_revision_id": agreed.pk}, title="Changé depuis")
    agreed.refresh_from_db()
    assert agreed.content["title"] == "Lu par l’entreprise"
    assert titles(fiche)[-1] == "Changé depuis"


def test_an_autosave_refuses_to_write_over_what_somebody_else_saved_meanwhile(client, page, reader):
    form = opened(client, page)
    other = page.specific_class.objects.get(pk=page.pk).get_latest_revision_as_object()
    other.title = "Écrit par une autre personne"
    other.save_revision(user=reader)
    answer = autosave(client, page, form, title="Écrit par moi")
    assert (answer["success"], answer["error_code"]) == (False, "invalid_revision")
    assert titles(page)[-1] == "Écrit par une autre personne"


@pytest.fixture
def under_review(fiche, redaction, reader):
    """``under_review(step)``: the fiche in this step of its review."""

    def started(step):
        fiche.get_workflow().start(fiche, redaction)
        waiting = FichePage.objects.get(pk=fiche.pk)
        if step == "approbation":
            decide(
                task_state=waiting.current_workflow_task_state,
                action=APPROVE,
                by=reader,
                revision_read=waiting.latest_revision_id,
            )
        return FichePage.objects.get(pk=fiche.pk)

    return started


def is_barred(page, user):
    page = FichePage.objects.get(pk=page.pk)
    return user.pk in barred(task=page.current_workflow_task.specific, page=page)


@pytest.mark.parametrize(("step", "role"), [("relecture", "redaction"), ("approbation", "moderation")])
def test_what_a_reviewer_types_is_saved_by_itself(client, under_review, step, role):
    page, reviewer = under_review(step), UserFactory(role=role)
    client.force_login(reviewer)
    answer = client.get(address(page))
    assert b'data-w-autosave-interval-value="1000"' in answer.content
    form = filled_form(answer)
    saved = autosave(client, page, form, title="Deux m")
    autosave(client, page, form | {"overwrite_revision_id": saved["revision_id"]}, title="Deux mots")
    assert titles(page) == [page.title, "Deux m", "Deux mots"]
    assert opened(client, page)["title"] == "Deux mots"
    assert is_barred(page, reviewer) == (step == "approbation")


def test_nobody_decides_on_a_text_that_its_writer_still_changes(client, under_review, reader):
    page, writer = under_review("relecture"), UserFactory(role="redaction")
    client.force_login(writer)
    form = opened(client, page)
    read = autosave(client, page, form, title="Lu")["revision_id"]
    autosave(client, page, form | {"overwrite_revision_id": read}, title="Changé depuis")
    state = FichePage.objects.get(pk=page.pk).current_workflow_task_state
    with pytest.raises(ChangedSinceRead) as refused:
        decide(task_state=state, action=APPROVE, by=reader, revision_read=read)
    assert f"/revisions/compare/{read}..." in refused.value.compare_url


def test_a_version_under_review_is_not_written_over_by_a_tab_that_stayed_open(client, fiche, redaction, reader):
    form = opened(client, fiche)
    saved = autosave(client, fiche, form, title="Soumis")
    FichePage.objects.get(pk=fiche.pk).get_latest_revision_as_object().get_workflow().start(fiche, redaction)
    client.force_login(redaction)
    autosave(client, fiche, form | {"overwrite_revision_id": saved["revision_id"]}, title="Continué")
    assert Revision.objects.get(pk=saved["revision_id"]).content["title"] == "Soumis"
