"""Creates translations of the home page, the lists, one fiche and one étape."""

from wagtail.models import Locale

from demo.bodies import BodyBuilder, stream_value
from demo.content import read
from demo.pages import page_of, slug_of
from fiches import content_language

FIELDS = {"titre": "title", "action": "action_libelle"}
# Keys of the pages to translate, parents before children.
KEYS = ("accueil", "fiches", "etapes", "agrodoubs", "etape-1")


def make_translations(by):
    """Creates and publishes the translations; returns their number."""
    content_language.make_locales()
    return sum(_translate(key, code, by) for code in content_language.languages()[1:] for key in KEYS)


def _translate(key, code, by):
    page, locale = page_of(key), Locale.objects.get(language_code=code)
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
        _remove_funders_mentions(copy)
    copy.owner, copy.seo_title = by, ""
    copy.save_revision(user=by, clean=False).publish(user=by)
    return 1


def _remove_funders_mentions(fiche):
    """Removes the funders' own mentions, which are in French; the page then shows a translated one."""
    fundings = list(fiche.financements.all())
    for funding in fundings:
        funding.mention = ""
    fiche.financements.set(fundings)
