"""A form that is opened and saved untouched changes nothing: no revision, and nobody becomes an author by reading."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page

from etapes.carnets.models import CarnetPage
from etapes.models import DocumentDEtape, EtapeOrganisation, EtapePage, PresentationDeFiche
from fiches.models import FicheFinanceur, FichePage
from fiches.models.revisions import comparable
from fiches.moderation.decision import decide
from fiches.palmares.models import PalmaresPage
from home.models import ContentPage, HomePage
from tests.factories import (
    BibliographiePageFactory,
    CritereFactory,
    EditionFactory,
    FichePageFactory,
    GrillePageFactory,
    IllustrationFactory,
    MotCleFactory,
    PartenaireFactory,
    PartenairesPageFactory,
    UserFactory,
)
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

LINES = "Une première ligne.\nUne seconde, puis un vide.\n\nEt la fin."
RICH = {
    "as programs write it": "<h3>Le besoin</h3><p>Un <strong>mot</strong> &amp; un <em>autre</em>.<br/>À la ligne.</p>"
    "<ul><li>un</li><li>deux</li></ul><p></p><p>Lire <a href='https://exemple.test/?a=1&amp;b=2'>la suite</a>.</p>",
    "as the editor writes it": '<h3 data-block-key="abcde">Le besoin</h3><p data-block-key="fghij">Un <b>mot</b>.</p>',
    "empty": "",
}
UNWRITTEN = {
    "content_type", "owner", "slug", "seo_title", "search_description", "show_in_menus", "go_live_at", "expire_at",
    "page_ptr", "id", "numchild", "first_published_at", "moment", "sans_localisation", "code_insee", "photo_decorative", "logo_decorative", "ancienne_date",
    "compte_rendu_ecarte",
}  # fmt: skip
"""Wagtail's own, and those that exclude another."""


@pytest.fixture
def editor(tree):
    return UserFactory(role="admin")


def values(rich):
    """A value for each type of block."""
    picture = {"image": IllustrationFactory().pk, "alt_text": "Un atelier", "decorative": False}
    document = get_document_model().objects.create(title="Plan", file=ContentFile(b"%PDF-1.4", name="plan.pdf"))
    captioned = {"image": picture, "legende": "Photo : Jeanne"}
    moment = {"titre": "Ouverture", "debut": "14:00:00", "fin": "14:30:00", "intervenants": "", "texte": rich}
    etape = EtapePage.objects.first()
    return {
        "titre": "Pourquoi un rallye",
        "texte": rich,
        "citation": {"texte": LINES, "auteur": "Une boulangère", "fonction": ""},
        "image": captioned,
        "galerie": {"images": items(captioned, captioned)},
        "chiffres_cles": {"chiffres": items({"valeur": "30 %", "libelle": "d’eau en moins"})},
        "mise_en_oeuvre": {"etapes": items({"quand": "2013", "titre": "Réunir", "texte": LINES})},
        "video": {
            "adresse": "https://exemple.test/v", "titre": "La visite", "duree": "", "vignette": picture,
            "transcription": rich,
        },
        "document": {"document": document.pk, "titre": "Le plan"},
        "fiches": {"titre": "Des fiches", "fiches": items(FichePage.objects.first().pk)},
        "etapes": {"titre": "Des étapes", "etapes": items(etape.pk) if etape else []},
        "prix": {"titre": "Les prix", "edition": EditionFactory().pk},
    } | dict.fromkeys(("intervention", "debat", "table_ronde", "visite"), moment) | {
        "presentation": moment, "pause": {**moment, "debut": None, "fin": None},
    }  # fmt: skip


def items(*parts):
    return [{"type": "item", "value": part, "id": f"partie-{number}"} for number, part in enumerate(parts)]


def body(field, texts):
    """Every block that ``field`` offers, with each of ``texts`` as its rich text."""
    blocks = []
    for number, rich in enumerate(texts):
        known = values(rich)
        names = [name for name in field.stream_block.child_blocks if rich or name != "texte"]
        lacking = set(names) - known.keys()
        assert not lacking, f"Add to `values` a value for each of these blocks: {lacking}"
        blocks += [{"type": name, "value": known[name], "id": f"bloc-{name}-{number}"} for name in names]
    return blocks


def fiche(tree, texts):
    page = FichePageFactory(
        parent=tree.fiches, live=False, chapo=LINES, photo=IllustrationFactory(), photo_alt="Un atelier",
        logo=IllustrationFactory(), logo_alt="Le logo", activite="Lait", naf="10.51C", naf_2025="10.51Y", statut="cooperative",
        effectif=12, sphere="ess", siret="73282932000074", site="https://exemple.test", contact_nom="Jeanne",
        contact_nom_public=True, contact_fonction="Gérante", contact_fonction_public=True, contact_telephone="03 81 86 58 58",
        contact_telephone_public=True, contact_courriel="jeanne@x.test", contact_courriel_public=True,
        partenaire=PartenaireFactory(), partenaire_contact_nom="Anne", partenaire_contact_fonction="Chargée",
        partenaire_contact_telephone="0381865858", partenaire_contact_courriel="anne@x.test", partenaire_contact_public=True,
        edition=EditionFactory(), exemple=True, adresse="1 rue du Lac", code_postal="25330", commune_id="25241",
        point="SRID=4326;POINT(5.9871 47.0442)",
    )  # fmt: skip
    page.criteres.add(CritereFactory(), CritereFactory())
    page.mots_cles.add(MotCleFactory(), MotCleFactory())
    page.financements = [FicheFinanceur(partenaire=PartenaireFactory(), mention="Avec le soutien de") for _ in range(2)]
    page.corps = body(FichePage._meta.get_field("corps"), texts)
    return page


def etape(tree, texts):
    page = EtapePage(
        title="Dole", slug="dole", numero=3, edition=EditionFactory(), chapo=LINES, date=datetime.date(2013, 4, 16),
        debut=datetime.time(14), fin=datetime.time(17, 30), lieu="Salle des fêtes", acces=LINES,
        accessibilite=LINES, statut="prevue", inscriptions="ouvertes", capacite=3, conservation=20, participants=12,
        inscriptions_jusqu_au=timezone.make_aware(datetime.datetime(2013, 4, 15, 12)), exemple=True, photo=IllustrationFactory(),
        photo_alt="Une salle", adresse="1 rue du Lac", code_postal="39100", commune_id="39198",
        point="SRID=4326;POINT(5.4897 47.0921)", live=False,
    )  # fmt: skip
    tree.etapes.add_child(instance=page)
    page.organisations = [EtapeOrganisation(partenaire=PartenaireFactory(), contact_telephone="03 81 86 58 58")]
    page.presentations = [PresentationDeFiche(fiche=FichePage.objects.first(), heure=datetime.time(15))]
    document = get_document_model().objects.create(title="Plan", file=ContentFile(b"%PDF-1.4", name="plan.pdf"))
    page.documents = [DocumentDEtape(document=document, titre="Le plan")]
    page.programme = body(EtapePage._meta.get_field("programme"), texts)
    page.compte_rendu = body(EtapePage._meta.get_field("compte_rendu"), texts)
    return page


def carnet(tree, texts):
    EtapePage(title="Dole")
    page = CarnetPage(title="Carnet", numero=7, date=datetime.date(2013, 6, 1), chapo=LINES, exemple=True, live=False)
    tree.carnets.add_child(instance=page)
    other = EtapePage(title="Gray", date=datetime.date(2013, 4, 16), moment="matin")
    tree.etapes.add_child(instance=other)
    page.corps = body(CarnetPage._meta.get_field("corps"), texts)
    return page


def contents(tree, texts):
    page = tree.home.add_child(instance=ContentPage(title="Le programme", introduction=LINES, live=False))
    page.corps = body(ContentPage._meta.get_field("corps"), texts)
    return page


def home(tree, texts):
    page = HomePage.objects.get(pk=tree.home.pk)
    page.introduction, page.action_libelle, page.action_page = LINES, "Proposer", Page.objects.get(pk=tree.fiches.pk)
    page.photo, page.photo_alt = IllustrationFactory(), "Un atelier"
    page.corps = body(HomePage._meta.get_field("corps"), texts)
    return page


PAGES = {each.__name__: each for each in (fiche, etape, carnet, contents, home)}


def saved(page):
    page.save()
    page.save_revision()
    return page.specific_class.objects.get(pk=page.pk)


def save_untouched(client, user, page, **buttons):
    """What a browser posts when the form is opened and a button is pressed."""
    client.force_login(user)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(address, {**filled_form(client.get(address)), **buttons})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


def authors(page):
    return list(page.revisions.order_by("pk").values_list("user", flat=True))


def left_empty(page):
    """The fields that hold nothing, and the blocks that no text of the page is made of."""
    editable = [field for field in page._meta.concrete_fields if field.editable and field.name not in UNWRITTEN]
    empty = [field.name for field in editable if not field.value_from_object(page)]
    for field in editable:
        blocks = getattr(field, "stream_block", None)
        if blocks:
            empty += blocks.child_blocks.keys() - {child.block_type for child in getattr(page, field.name)}
    return empty


@pytest.mark.parametrize("kind", PAGES)
def test_a_form_saved_untouched_makes_no_revision_and_no_author(client, tree, editor, kind):
    """What is added to a page is added to :data:`PAGES` too."""
    FichePageFactory(parent=tree.fiches, title="Déjà en ligne")
    page = saved(PAGES[kind](tree, RICH.values()))
    assert left_empty(page) == []
    before = authors(page)
    save_untouched(client, editor, page)
    assert authors(page) == before


def test_blanks_around_a_text_are_no_change_and_the_reader_approves(client, tree):
    partner, redaction, moderation = (UserFactory(role=role) for role in ("partenaire", "redaction", "moderation"))
    page = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partner, revision=partner)
    page.get_workflow().start(page, partner)
    page = FichePage.objects.get(pk=page.pk)
    decision = {"action": "approve", "revision_read": page.latest_revision_id}
    decide(task_state=page.current_workflow_task_state, by=redaction, **decision)
    page.latest_revision.content["chapo"] = stored = " Deux lignes,\r\nun blanc autour. "
    page.latest_revision.save(update_fields=["content"])
    FichePage.objects.filter(pk=page.pk).update(chapo=stored)

    page, before = FichePage.objects.get(pk=page.pk), authors(page)
    save_untouched(client, moderation, page)
    assert authors(page) == before
    decide(task_state=page.current_workflow_task_state, by=moderation, **decision)
    assert FichePage.objects.get(pk=page.pk).live


@pytest.mark.parametrize(
    "make",
    [GrillePageFactory, BibliographiePageFactory, PartenairesPageFactory, PalmaresPage],
    ids=lambda each: each.__name__,
)
def test_every_other_page_is_saved_untouched_too(client, tree, editor, make):
    if make is PalmaresPage:
        page = tree.home.add_child(instance=PalmaresPage(title="Palmarès"))
    else:
        page = make(parent=tree.home, introduction=LINES)
    page = saved(page)
    save_untouched(client, editor, page)
    assert authors(page) == [None]


@pytest.mark.parametrize("name", ["fiches", "etapes", "carnets"])
def test_so_are_the_lists(client, tree, editor, name):
    page = getattr(tree, name)
    page.introduction = LINES
    page = saved(page)
    save_untouched(client, editor, page)
    assert authors(page) == [None]


def test_a_comma_makes_a_revision_and_an_author(client, tree, editor):
    page = saved(fiche(tree, [RICH["as programs write it"]]))
    client.force_login(editor)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = filled_form(client.get(address))
    form["corps-0-value"] = form["corps-0-value"].replace("la suite.", "la suite,.")
    assert client.post(address, form).status_code == 302
    assert authors(page)[2:] == [editor.pk]
    page = FichePage.objects.get(pk=page.pk)
    assert "la suite</a>,." in page.get_latest_revision_as_object().corps[0].value.source


@pytest.mark.parametrize("relation", ["financements", "fiche_criteres"])
def test_a_row_that_goes_makes_a_revision(tree, editor, relation):
    page = saved(fiche(tree, [""]))
    getattr(page, relation).remove(getattr(page, relation).last())
    page.save_revision(user=editor)
    assert authors(page)[2:] == [editor.pk]


def test_blocks_and_rows_in_another_order_make_a_revision(tree, editor):
    page = saved(fiche(tree, [""]))
    page.corps = list(reversed(page.corps.get_prep_value()))
    page.save_revision(user=editor)
    first, second = page.financements.all()
    first.sort_order, second.sort_order = 2, 1
    page.financements = [first, second]
    page.save_revision(user=editor)
    assert authors(page)[2:] == [editor.pk, editor.pk]


def test_a_text_that_only_got_the_editors_keys_has_not_changed(client, tree, editor):
    page = saved(fiche(tree, [RICH["as programs write it"]]))
    client.force_login(editor)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = filled_form(client.get(address))
    assert client.post(address, {**form, "title": ""}).context["form"].changed_data == ["title"]


def test_what_another_site_s_editor_offers_is_a_change():
    """A host's own rich text may have indices and pictures, which ours doesn't offer."""
    assert comparable("<p>CO<sub>2</sub></p>") != comparable("<p>CO2</p>")
    assert comparable('<p data-block-key="a1">CO<sub>2</sub></p>') == comparable("<p>CO<sub>2</sub></p>")
