"""A dossier sent on one of several sites."""

from django.test import Client
from wagtail.models import Page, Site

from fiches.candidatures.models import Dossier
from tests.candidatures.conftest import Visitor
from tests.factories import FicheIndexPageFactory, HomePageFactory


def test_a_dossier_becomes_a_fiche_of_the_list_of_its_site(module_call, tree):
    home = HomePageFactory(parent=Page.get_first_root_node(), title="Ailleurs", slug="ailleurs")
    index = FicheIndexPageFactory(parent=home, slug="fiches")
    Site.objects.filter(pk=tree.site.pk).update(hostname="autre.test")
    Site.objects.create(hostname="testserver", port=80, root_page=home)
    Site.clear_site_root_paths_cache()
    Visitor(Client()).send_dossier()
    assert Dossier.objects.get().fiche.get_parent().pk == index.pk
