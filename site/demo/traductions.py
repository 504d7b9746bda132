"""The home page, the lists, one fiche and one étape in the other languages that the site offers."""

from wagtail.models import Locale

from demo.bodies import BodyBuilder, stream_value
from demo.content import read
from demo.pages import found, slug_of
from fiches import langues

FIELDS = {"titre": "title", "action": "action_libelle"}
# In an order in which a page's parent comes before it.
KEYS = ("accueil", "fiches", "etapes", "agrodoubs", "etape-1")


def make_translations(by):
    """Makes what is missing, published; returns how many pages that were."""
    langues.make_locales()
    return sum(_translate(key, code, by) for code in langues.languages()[1:] for key in KEYS)


def _translate(key, code, by):
    page, locale = found(key), Locale.objects.get(language_code=code)
    if page is None or page.has_translation(locale):
        return 0
    copy = page.copy_for_translation(locale)
    text = read("traductions")[code][key]
    for name, value in text.items():
        field = FIELDS.get(name, name)
        if name == "corps":
            blocks = BodyBuilder(f"{key}-{code}", exemple=False).build(value)
            value = stream_value(type(copy)._meta.get_field(name), blocks)
        setattr(copy, field, value)
    if key not in ("accueil", "fiches", "etapes"):
        copy.slug = slug_of(copy.title)
    if action := getattr(page, "action_page", None):
        copy.action_page = action
    if hasattr(copy, "financements"):
        _say_funders_in_the_language_of_the_page(copy)
    copy.owner, copy.seo_title = by, ""
    copy.save_revision(user=by, clean=False).publish(user=by)
    return 1


def _say_funders_in_the_language_of_the_page(fiche):
    """The mention that they word themselves is in French."""
    fundings = list(fiche.financements.all())
    for funding in fundings:
        funding.mention = ""
    fiche.financements.set(fundings)
