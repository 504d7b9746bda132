"""A fiche is online and found, or neither, even when what follows its publication breaks."""

import pytest
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from fiches.models import FichePage, Publication
from tests.factories import FichePageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken():
    """What fails right after a page was written."""

    def fail(**kwargs):
        raise ZeroDivisionError

    yield fail
    page_published.disconnect(fail)
    page_unpublished.disconnect(fail)


def state(fiche):
    return FichePage.objects.get(pk=fiche.pk).live, Publication.objects.filter(
        kind="fiche", object_id=fiche.pk, withdrawn_at=None
    ).exists()


def test_a_fiche_that_could_not_be_taken_offline_is_online_and_found(tree, broken):
    fiche = FichePageFactory(parent=tree.fiches)
    page_unpublished.connect(broken)
    for page in (fiche, Page.objects.get(pk=fiche.pk).specific):
        with pytest.raises(ZeroDivisionError):
            page.unpublish()
        assert state(fiche) == (True, True)


def test_a_fiche_that_could_not_be_published_stays_a_draft(tree, broken):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    page_published.connect(broken)
    with pytest.raises(ZeroDivisionError):
        fiche.save_revision().publish()
    assert state(fiche) == (False, False)


def test_a_fiche_taken_offline_among_others_is_no_longer_found(tree, client):
    fiche = FichePageFactory(parent=tree.fiches)
    client.force_login(UserFactory(role="admin"))
    answer = client.post(f"/admin/bulk/wagtailcore/page/unpublish/?id={fiche.pk}", {"next": "/admin/"})
    assert answer.status_code == 302
    assert state(fiche) == (False, False)
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={fiche.pk}", {"next": "/admin/"})
    assert state(fiche) == (True, True)


def test_a_fiche_deleted_meanwhile_comes_back_by_no_way(tree):
    fiche = FichePageFactory(parent=tree.fiches)
    read = fiche.save_revision()
    FichePage.objects.get(pk=fiche.pk).delete()
    fiche.unpublish()
    with pytest.raises(Revision.DoesNotExist):
        read.publish()
    assert not FichePage.objects.exists()


def test_a_fiche_taken_offline_keeps_what_was_written_since_it_was_read(tree):
    fiche = FichePageFactory(parent=tree.fiches, contact_nom_public=True)
    FichePage.objects.update(contact_nom_public=False)
    fiche.unpublish()
    assert (fiche.live, fiche.has_unpublished_changes) == (False, True)
    assert FichePage.objects.values("live", "contact_nom_public").get() == {"live": False, "contact_nom_public": False}
