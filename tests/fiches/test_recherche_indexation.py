"""The search table follows what the public may see: at once, and without a trace of the rest."""

import datetime

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone
from wagtail.models import PageViewRestriction

from fiches.models import Critere, FicheCritere, FichePage, Mot, Publication, PublicationValue, Synonyme
from fiches.query.fiche_filter import FicheFilter
from tests.factories import (
    ContentPageFactory,
    CritereFactory,
    EditionFactory,
    FicheIndexPageFactory,
    FichePageFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db


def ids_found(query):
    return FicheFilter.parse(QueryDict(query)).ids


def is_known(word):
    return Mot.objects.filter(mot=word).exists()


def test_a_published_fiche_is_found_by_its_words(tree):
    fiche = FichePageFactory(parent=tree.fiches, title="La ressourcerie mobile")
    assert ids_found("q=ressourceries") == [fiche.pk]


def test_a_draft_is_found_by_nobody_and_leaves_no_word(tree):
    FichePageFactory(parent=tree.fiches, title="Xylophone secret", live=False)
    assert ids_found("") == ids_found("q=xylophone") == []
    assert not Mot.objects.filter(mot="xylophone").exists()


def test_unpublishing_takes_a_fiche_and_its_words_away(tree):
    kept = FichePageFactory(parent=tree.fiches, title="Le verger commun")
    gone = FichePageFactory(parent=tree.fiches, title="Le xylophone commun")
    assert ids_found("q=commun") == [gone.pk, kept.pk]
    gone.unpublish()
    assert ids_found("q=commun") == [kept.pk]
    assert ids_found("q=xylofone") == []
    assert not Mot.objects.filter(mot="xylophone").exists()
    assert Mot.objects.get(mot="commun").frequence == 1
    row = Publication.objects.get(object_id=gone.pk, kind="fiche")
    assert (row.title, row.text, row.words, row.criteres) == ("", "", "", None)


def test_a_draft_of_a_live_fiche_changes_nothing_until_it_is_published(tree):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger")
    fiche.title = "Le potager"
    revision = fiche.save_revision()
    assert (ids_found("q=potager"), ids_found("q=verger")) == ([], [fiche.pk])
    revision.publish()
    assert (ids_found("q=potager"), ids_found("q=verger")) == ([fiche.pk], [])


def test_a_deleted_fiche_is_gone(tree):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger")
    fiche.delete()
    assert (ids_found(""), is_known("verger"), PublicationValue.objects.count()) == ([], False, 0)


def test_a_restriction_hides_a_branch_and_lifting_it_shows_it(tree):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger")
    restriction = PageViewRestriction.objects.create(page=tree.fiches, restriction_type="login")
    assert (ids_found(""), is_known("verger")) == ([], False)
    restriction.delete()
    assert ids_found("q=verger") == [fiche.pk]


def test_a_fiche_moved_under_a_private_page_is_hidden(tree):
    fiche = FichePageFactory(parent=tree.fiches)
    private = FicheIndexPageFactory(parent=tree.home, title="Réserve", slug="reserve")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    fiche.move(private, pos="last-child")
    assert ids_found("") == []


def test_an_expired_fiche_is_gone_at_its_minute_whatever_the_scheduler_does(tree, monkeypatch):
    soon = timezone.now() + datetime.timedelta(minutes=5)
    fiche = FichePageFactory(parent=tree.fiches, expire_at=soon)
    assert ids_found("") == [fiche.pk]
    monkeypatch.setattr(timezone, "now", lambda: soon + datetime.timedelta(seconds=1))
    assert ids_found("") == []
    assert FicheFilter.parse(QueryDict("")).count == 0
    assert [f for facet in FicheFilter.parse(QueryDict("")).facets() for f in facet["valeurs"] if f["nombre"]] == []


def test_renaming_a_criterion_or_a_partner_changes_what_is_found(tree):
    critere = CritereFactory(dimension__slug="centree-sur", name="Territoire")
    partenaire = PartenaireFactory(nom="Réseau Alpha")
    fiche = FichePageFactory(parent=tree.fiches, partenaire=partenaire, edition=EditionFactory())
    fiche.fiche_criteres.add(FicheCritere(tag=critere))
    fiche.save()
    critere.name = "Bassin de vie"
    critere.save()
    partenaire.nom = "Réseau Bêta"
    partenaire.save()
    assert (ids_found("q=bassin"), ids_found("q=beta"), ids_found("q=alpha"), ids_found("q=territoire")) == (
        [fiche.pk], [fiche.pk], [], [],
    )  # fmt: skip


def test_deleting_a_criterion_takes_it_off_the_fiches(tree):
    critere = CritereFactory(dimension__slug="centree-sur", name="Territoire")
    fiche = FichePageFactory(parent=tree.fiches)
    fiche.fiche_criteres.add(FicheCritere(tag=critere))
    fiche.save()
    Critere.objects.get(pk=critere.pk).delete()
    assert ids_found("q=territoire") == []
    assert "centree-sur" in FicheFilter.parse(QueryDict("centree-sur=territoire")).errors


def test_a_dimension_added_is_a_parameter_and_a_facet_at_once(tree):
    FichePageFactory(parent=tree.fiches)
    assert "duree" in FicheFilter.parse(QueryDict("duree=longue")).errors
    CritereFactory(dimension__slug="duree", dimension__nom="durée", name="longue")
    asked = FicheFilter.parse(QueryDict("duree=longue"))
    assert (asked.errors, asked.ids) == ({}, [])
    assert [facet["libelle"] for facet in asked.facets()] == ["durée"]


def test_synonyms_count_from_the_moment_staff_save_them(tree):
    fiche = FichePageFactory(parent=tree.fiches, title="Le trébuchet")
    assert ids_found("q=balance") == []
    group = Synonyme.objects.create(termes="trébuchet, balance")
    assert ids_found("q=balances") == [fiche.pk]
    group.delete()
    assert ids_found("q=balance") == []


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("formateurs", "Une formation au village"),
        ("médiatrice", "La médiation de rue"),
        ("je cherche une conciergerie", "La conciergerie"),
    ],
)
def test_who_does_it_what_is_done_and_those_who_do_it_find_each_other(tree, typed, title):
    fiche = FichePageFactory(parent=tree.fiches, title=title, chapo="Un essai.")
    FichePageFactory(parent=tree.fiches, title="Le verger", chapo="Un accident évité.")
    query = QueryDict(mutable=True)
    query["q"] = typed
    asked = FicheFilter.parse(query)
    assert (asked.ids, asked.words.elargi, asked.words.corrige) == ([fiche.pk], False, "")


def test_what_a_contact_keeps_private_is_not_searched(tree):
    FichePageFactory(
        parent=tree.fiches, contact_nom="Zébulon Introuvable", contact_courriel="zebulon@exemple.test",
        partenaire_contact_nom="Yvette Discrète", siret="",
    )  # fmt: skip
    assert (ids_found("q=zebulon"), ids_found("q=introuvable"), ids_found("q=yvette")) == ([], [], [])


def test_the_command_makes_the_register_anew_the_same(tree):
    FichePageFactory.create_batch(3, parent=tree.fiches)
    FichePageFactory(parent=tree.fiches, live=False)
    call_command("publications", verbosity=0)  # with the page that Wagtail's own migrations made
    rows, words = registered(), known()
    FichePage.objects.filter(pk=rows[0]["object_id"]).update(title="Renommée en douce")
    Mot.objects.all().delete()
    call_command("publications", verbosity=0)
    assert registered()[1:] == rows[1:]
    assert ids_found("q=douce") == [rows[0]["object_id"]]
    FichePage.objects.filter(pk=rows[0]["object_id"]).update(title=rows[0]["title"])
    call_command("publications", verbosity=0)
    assert (registered(), known()) == (rows, words)


def registered():
    dated = {"sequence", "changed_at", "contents", "release"}
    rows = Publication.objects.filter(kind="fiche", withdrawn_at=None).order_by("pk")
    return [{name: value for name, value in row.items() if name not in dated} for row in rows.values()]


def known():
    return list(Mot.objects.order_by("mot").values_list("mot", "racine", "frequence"))


def test_a_proper_name_that_stands_on_a_page_is_never_corrected_away(tree):
    near = FichePageFactory(parent=tree.fiches, title="La forge de Brutok", chapo="Un site web.")
    named = FichePageFactory(parent=tree.fiches, title="La forge de Brutov")
    ContentPageFactory(parent=tree.home, title="Kostroma")
    FichePageFactory(parent=tree.fiches, title="Les amis de Kostrama")
    numbered = FichePageFactory(parent=tree.fiches, title="L’atelier web3")
    for question, expected in (
        ("brutov", [named]),
        ("brutov licorne", [named]),
        ("web3 licorne", [numbered]),
        ("kostroma", []),
    ):
        asked = FicheFilter.parse(QueryDict(f"q={question}"))
        assert (question, asked.ids, asked.words.corrige) == (question, [fiche.pk for fiche in expected], "")
    assert FicheFilter.parse(QueryDict("q=brutof")).ids in ([near.pk], [named.pk])


def test_an_old_fiche_of_that_very_title_stands_before_many_newer_ones(tree):
    old = FichePageFactory(parent=tree.fiches, title="Verger")
    begun = FichePageFactory(parent=tree.fiches, title="Verger partagé")
    newer = [FichePageFactory(parent=tree.fiches, title=f"Le {n}e verger") for n in range(8)]
    assert ids_found("q=verger")[:3] == [old.pk, begun.pk, newer[-1].pk]
