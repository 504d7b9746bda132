"""Two lists of fiches with a group each: who imports into one sees and touches no import of the other."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupPagePermission

from fiches.models import FichePage, Importation
from tests.factories import FicheIndexPageFactory, UserFactory
from tests.redaction.import_problems import SCREEN, problems

pytestmark = pytest.mark.django_db
FILE = "innovation;organisation;téléphone\nLe four;Les Fournées;0381405757\n"


def editor_of(index, name):
    """A user whose group may add and change pages of one list."""
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in ("add_page", "change_page"):
        given = Permission.objects.get(codename=right, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=index, permission=given)
    user = UserFactory()
    user.groups.add(group)
    return user


@pytest.fixture
def jura(tree):
    return FicheIndexPageFactory(parent=tree.home, title="Fiches du Jura", slug="jura")


def listed(client):
    return list(client.get(SCREEN).context["imports"])


def test_an_import_into_another_list_is_neither_read_nor_touched(client, tree, jura, import_file, run_action):
    importation = run_action(import_file(FILE, liste=tree.fiches.pk), "creer")
    client.force_login(editor_of(jura, "Jura"))
    assert listed(client) == []
    address = f"{SCREEN}{importation.pk}/"
    for path in ("", "annuler/", "lignes.csv", "lignes.xlsx"):
        assert client.get(f"{address}{path}").status_code == 404
    for verb in ("annuler", "corriger", "creer", "reprendre", "oublier"):
        assert client.post(f"{address}{verb}/").status_code == 404
    assert (Importation.objects.get().etat, FichePage.objects.count()) == (importation.etat, 1)
    client.force_login(editor_of(tree.fiches, "Doubs"))
    assert listed(client) == [importation]
    assert client.get(address).status_code == 200


def test_an_import_whose_list_is_deleted_is_of_who_sent_it_and_of_superusers(
    client, tree, jura, import_file, redaction
):
    importation = import_file(FILE, liste=jura.pk)
    jura.delete()
    assert listed(client) == [importation]
    client.force_login(editor_of(tree.fiches, "Doubs"))
    assert listed(client) == []
    client.force_login(UserFactory(role="admin"))
    assert listed(client) == [importation]


def test_a_picture_of_the_site_is_taken_only_by_who_may_choose_it(client, tree, jura, import_file, run_action):
    private = Collection.get_first_root_node().add_child(name="Candidatures (privé)")
    image = get_image_model().objects.create(title="Four", width=8, height=8, collection=private)
    table = f"innovation;organisation;photo;photo décorative\nLe four;Les Fournées;image {image.pk};oui\n"
    made = run_action(import_file(table, liste=tree.fiches.pk), "creer")
    assert made.importees.get().fiche.photo == image
    client.force_login(editor_of(jura, "Jura"))
    assert problems(import_file(table)) == [("C2", f"Le site n’a pas d’image numéro {image.pk}.")]
