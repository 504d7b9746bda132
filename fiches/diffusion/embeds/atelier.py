"""The builder of embeds, at ``/integration/``: whoever has a site makes theirs, and copies it."""

from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fiches import langues
from fiches.diffusion.embeds.codes import Codes
from fiches.diffusion.embeds.forms import BuilderForm, known_titles
from fiches.diffusion.images import absolute
from fiches.query.filtre import FicheFilter


@require_safe
def builder(request):
    form = BuilderForm(request.GET)
    form.is_valid()
    found = FicheFilter.parse(form.question)
    context = {
        "form": form,
        "apparence": [form[name] for name in ("theme", "accent", "largeur", "hauteur")],
        "couleur_proposee": form.look.proposee,
        "recherche": found,
        "facettes": found.facets(),
        "titres": known_titles(found),
        "erreurs_de_filtre": found.errors if form.embed.filtres else {},
        **_result(request, form, found),
    }
    return render(request, "diffusion/integration/atelier.html", context)


def _result(request, form, found):
    """``contenu``, and what to copy: ``codes``, ``composant``, ``adresse``. Nothing while the fiche isn't said."""
    embed = form.embed
    slug = form.cleaned_data.get("nom", "") if embed.une_page else ""
    if embed.une_page and not slug:
        return {}
    question = _question(found, embed)
    try:
        contents = embed.read(_query(question), slug) if slug else embed.read(_query(question))
    except Http404:
        return {}
    codes = Codes(
        request, embed, slug=contents.uid or slug, question=question, look=form.look.parameters(), **form.sizes
    )
    return {
        "contenu": contents,
        "codes": codes,
        "composant": codes.component(contents.url or absolute("/")),
        # An address that oEmbed knows shows itself on WordPress or Wagtail, and is a page of ours for everyone else.
        "adresse": contents.url if embed.pages and contents.url and not form.look.parameters() else codes.address,
    }


def _question(found, embed):
    """``[(parameter, value)]``, its language too where it isn't the site's own: no address of an embed tells it otherwise."""
    with langues.activated(langues.default_language()):
        pairs = found.parameters()
    return [(name, value) for name, value in pairs if name == "langue" or (embed.filtres and name != "page")]


def _query(question):
    return QueryDict(urlencode(question))
