"""The first step of the uninstallation: the package's pages go, and no other."""

import io

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from wagtail.models import Page
from wagtail_headless_preview.models import PagePreview

from tests.factories import CarnetPageFactory, ContentPageFactory, EtapePageFactory, FichePageFactory

pytestmark = pytest.mark.django_db


def uninstall_output(*arguments):
    out = io.StringIO()
    call_command("desinstaller", *arguments, stdout=out)
    return out.getvalue()


def test_the_pages_of_the_package_go_once_it_is_confirmed(tree):
    FichePageFactory(parent=tree.fiches)
    EtapePageFactory(parent=tree.etapes)
    CarnetPageFactory(parent=tree.carnets)
    other = ContentPageFactory(parent=tree.home)
    ours = 3 + 3  # the lists and what is below them
    assert uninstall_output() == f"{ours} pages du paquet.\nRien n’est supprimé : ajoutez --oui.\n".replace(
        " :", "\u00a0:"
    )
    before = Page.objects.count()
    uninstall_output("--oui")
    assert set(Page.objects.filter(depth__gt=1, title__in=[tree.home.title, other.title])) == {
        tree.home.page_ptr,
        other.page_ptr,
    }
    assert before - Page.objects.count() == ours


def test_the_previews_of_the_package_s_pages_on_a_separate_front_end_go_as_well(tree):
    """Each refers to a type of page, which could not be removed afterwards."""
    kinds = {page: ContentType.objects.get_for_model(page) for page in (tree.home, tree.fiches)}
    for page, kind in kinds.items():
        PagePreview.objects.create(token=page.slug, content_type=kind, content_json="{}")
    uninstall_output("--oui")
    assert [preview.content_type for preview in PagePreview.objects.all()] == [kinds[tree.home]]
