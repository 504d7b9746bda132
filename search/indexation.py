"""The only writer of the entries: pages other than fiches, and documents, as the public may see them."""

from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.search.index import SearchField

from etapes.carnets.models import CarnetPage
from etapes.models import EtapePage
from fiches.medias import open_to_readers
from fiches.models import FichePage
from fiches.querysets import VisibleQuerySet
from fiches.recherche import vocabulaire
from fiches.recherche.indexation import touch
from fiches.recherche.moteur import WordsIndex, tokens
from fiches.recherche.pieces import documents_in, texts
from fiches.recherche.texte import clean, indexed, stem, told_apart, words
from search.models import Citation, Entree, Genre

MOTS = WordsIndex("search_entree_mots")
LONGEST_TEXT = 50_000
A_BATCH = 200
OF_PAGES = (Genre.ETAPE, Genre.CARNET, Genre.PAGE)


def visible_pages():
    """The pages that the public may see."""
    return VisibleQuerySet(Page).visible().filter(depth__gt=1)


@transaction.atomic(savepoint=False)
def index_pages(pks):
    """Brings the entries of these pages, and of the documents that they offer, in line with them."""
    pks = list(pks)
    pages = list(visible_pages().filter(pk__in=pks).specific())
    touched = set(Citation.objects.filter(page__in=pks).values_list("document", flat=True))
    Citation.objects.filter(page__in=pks).delete()
    cited = [Citation(page=page.pk, document=pk) for page in pages for pk in sorted(documents_in(page))]
    Citation.objects.bulk_create(cited)
    others = [_of_page(page) for page in pages if not isinstance(page, FichePage)]
    _replace(Entree.objects.filter(genre__in=OF_PAGES, objet__in=pks), others)
    index_documents(touched | {citation.document for citation in cited})


@transaction.atomic(savepoint=False)
def index_documents(pks):
    """Those that a visible page offers, in collections that nobody closed; the others leave."""
    pks = list(pks)
    if not pks:
        return
    documents = list(
        open_to_readers(get_document_model(), Citation.objects.filter(document__in=pks).values("document"))
    )
    known = texts(documents)
    entries = [_of_document(document, known.get(document.pk, "")) for document in documents]
    _replace(Entree.objects.filter(genre=Genre.DOCUMENT, objet__in=pks), entries)


@transaction.atomic(savepoint=False)
def forget_pages(pks):
    """Removes what stands for pages that are withdrawn or about to be deleted."""
    touched = set(Citation.objects.filter(page__in=pks).values_list("document", flat=True))
    if touched:
        Citation.objects.filter(page__in=pks).delete()
    _replace(Entree.objects.filter(genre__in=OF_PAGES, objet__in=pks), [])
    index_documents(touched)


@transaction.atomic(savepoint=False)
def reindex():
    """Makes all the entries anew. The words known are those of the fiches alone when this begins."""
    Entree.objects.all().delete()
    Citation.objects.all().delete()
    MOTS.clear()
    pks = list(visible_pages().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), A_BATCH):
        index_pages(pks[start : start + A_BATCH])


def _replace(before, entries):
    gone = list(before.values_list("pk", "mots"))
    if not gone and not entries:
        return
    before.delete()
    MOTS.remove([pk for pk, _words in gone])
    written = [(Entree.objects.create(**fields), tiers) for fields, tiers in entries]
    MOTS.put([(entry.pk, _tokens(tiers)) for entry, tiers in written])
    vocabulaire.change(
        added=[entry.mots.split() for entry, _tiers in written], removed=[mots.split() for _pk, mots in gone]
    )
    touch()


def _tokens(tiers):
    return tokens([map(stem, tier) for tier in tiers])


def _of_page(page):
    genre = Genre.ETAPE if isinstance(page, EtapePage) else Genre.CARNET if isinstance(page, CarnetPage) else Genre.PAGE
    chapo = getattr(page, "chapo", "") or getattr(page, "introduction", "")
    names = [commune.nom] if (commune := getattr(page, "commune", None)) else []
    if isinstance(page, EtapePage):
        names += [organisation.partenaire.nom for organisation in page.organisations.select_related("partenaire")]
        names += [page.lieu, str(page.edition or "")]
    fields = [field for field in page.get_search_fields() if isinstance(field, SearchField)]
    apart = {"title", "chapo", "introduction", "lieu"}
    text = told_apart(_flat(field.get_value(page)) for field in fields if field.field_name not in apart)
    date = getattr(page, "commence_le", None) or page.first_published_at
    return _entry(genre, page.pk, page.title, " / ".join(names), chapo, text, date=date, expire_le=page.expire_at)


def _of_document(document, text):
    return _entry(Genre.DOCUMENT, document.pk, document.title, document.filename, "", text, date=document.created_at)


def _flat(value):
    if isinstance(value, list | tuple):
        return told_apart(map(_flat, value))
    return clean(value)


def _entry(genre, objet, title, names, chapo, text, *, date=None, expire_le=None):
    text = clean(text)[:LONGEST_TEXT]
    tiers = [indexed(title), indexed(names), indexed(chapo), indexed(text)]
    fields = {
        "genre": genre,
        "objet": objet,
        "titre": title,
        "repere": f"{' '.join(words(title))} | ",
        "texte": f"{chapo}\n{text}".strip(),
        "mots": " ".join(sorted(set().union(*tiers))),
        "date": date,
        "expire_le": expire_le,
    }
    return fields, tiers
