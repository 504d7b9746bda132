"""The embed builder at ``/integration/``: a web master chooses an embed, sees it, and copies its code.

The filters are those of the address: the list of fiches links here with its own.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from fiches import content_language
from fiches.diffusion.embeds import Contents, Embed, embed_named, embeds
from fiches.diffusion.embeds.fiche_embeds import index_page
from fiches.diffusion.embeds.frames import read_look
from fiches.models import FichePage
from fiches.pages.colours import colour
from fiches.query.fiche_filter import FicheFilter
from fiches.query.parsers import clean

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# The form's fields; every other parameter belongs to the query.
NAMES = ("type", "nom", "theme", "accent")
THEME_LABELS: "dict[str, StrOrPromise]" = {
    "clair": _("light"),
    "sombre": _("dark"),
    "auto": _("as the reader's device"),
}


def frame_path(embed: Embed, contents: Contents, slug: str, parameters: list[tuple[str, str]]) -> str:
    """Returns the path and query of a framed page.

    :param slug: slug or UUID, for an embed of one page; its UUID takes its place.
    :param parameters: ``(name, value)`` of the query and of the look.
    """
    args = [embed.nature, *([contents.uid or slug] if slug else [])]
    query = urlencode(parameters)
    return reverse("integration_cadre", args=args) + (f"?{query}" if query else "")


def frame_title(embed: Embed, contents: Contents) -> str:
    """Returns the ``title`` of an iframe. It names the page shown, so that screen readers tell several frames apart."""
    named = contents.titre if embed.une_page else embed.libelle
    return gettext("%(site)s: %(embed)s") % {"site": settings.WAGTAIL_SITE_NAME, "embed": named}


def frame_html(address: str, title: str, width: int | str, height: int) -> str:
    markup = '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" referrerpolicy="origin" frameborder="0"></iframe>'
    return format_html(markup, address, title, width, height)


class BuilderForm(forms.Form):
    """A form bound to the query string of the builder, without the filters, which ``FicheFilter`` parses."""

    type = forms.ChoiceField(label=_("What to show"), widget=forms.RadioSelect, required=False)
    nom = forms.CharField(
        label=_("Which fiche"),
        required=False,
        max_length=500,
        help_text=_("Its title, or its address copied from the site."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=THEME_LABELS, required=False)
    accent = forms.CharField(
        label=_("Colour of the links and buttons"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, query: QueryDict) -> None:
        self.look, self.question = read_look(query)
        for name in NAMES:
            self.question.pop(name, None)
        data = query.copy()
        self.offered = [embed for embed in embeds() if embed.ordre]
        data["type"] = clean(query.get("type", "")) or self.offered[0].nature
        super().__init__(data, label_suffix="")
        text = gettext("Such as %(example)s; nothing: ours. It must be readable by everyone.")
        self.fields["accent"].help_text = text % {"example": colour("fir")}
        self.fields["type"].choices = [(embed.nature, embed.libelle) for embed in self.offered]

    def clean_accent(self) -> str:
        if message := self.look.errors.get("accent"):
            raise ValidationError(message)
        return self.cleaned_data["accent"]

    def clean_nom(self) -> str:
        text = clean(self.cleaned_data["nom"])
        return slug_in(text) if text else ""

    def clean(self) -> Any:
        cleaned = super().clean()
        is_asked = self.embed.une_page and "nom" in self.data  # the field is shown once the kind is chosen
        if is_asked and not cleaned.get("nom") and "nom" not in self.errors:
            self.add_error("nom", gettext("Say which fiche."))
        return cleaned

    @property
    def embed(self) -> Embed:
        """The chosen embed; the first one if the choice is invalid."""
        return embed_named(self.cleaned_data.get("type", "")) or self.offered[0]


def slug_in(text: str) -> str:
    """Returns the slug of a public fiche.

    :param text: its address, slug or title.
    :raises ValidationError: when there is no such fiche.
    """
    parts = [part for part in urlsplit(text).path.split("/") if part] if "/" in text else []
    name = parts[-1] if parts else text
    visible = FichePage.objects.visible().here()
    fiche = visible.filter(slug=name).first() or visible.filter(title__iexact=text).first()
    if fiche is None:
        raise ValidationError(gettext("No fiche that is online has this title or this address."))
    return fiche.slug


@require_safe
def builder(request: HttpRequest) -> HttpResponse:
    form = BuilderForm(request.GET)
    form.is_valid()
    fiche_filter = FicheFilter.parse(form.question)
    context = {
        "form": form,
        "apparence": [form[name] for name in ("theme", "accent")],
        "recherche": fiche_filter,
        "filtres": [pair for pair in fiche_filter.parameters() if pair[0] not in ("page", "par_page")],
        "liste": index_page(),
        **_result(request, form, fiche_filter),
    }
    return render(request, "diffusion/integration/atelier.html", context)


def _result(request: HttpRequest, form: BuilderForm, fiche_filter: FicheFilter) -> dict[str, Any]:
    """Returns the context of the preview (``contenu``, ``chemin``, ``hauteur``) and of what to copy (``code``, ``adresse``).

    Empty as long as no fiche is chosen for an embed of one fiche.
    """
    embed = form.embed
    slug = form.cleaned_data.get("nom", "") if embed.une_page else ""
    if embed.une_page and not slug:
        return {}
    with content_language.activated(content_language.default_language()):
        pairs = fiche_filter.parameters()  # with `langue` if it isn't the default: an embed's path has no language
    question = [(name, value) for name, value in pairs if name == "langue" or (embed.filtres and name != "page")]
    query = QueryDict(urlencode(question))
    try:
        contents = embed.read(query, slug) if slug else embed.read(query)
    except Http404:
        return {}
    look = form.look.parameters()
    shown, height = frame_path(embed, contents, slug, [*question, *look]), embed.hauteur or 720
    address, script = map(request.build_absolute_uri, (shown, reverse("integration_chargeur")))
    frame = frame_html(address, frame_title(embed, contents), "100%", height)
    # WordPress and Wagtail turn an address that oEmbed supports into the embed; elsewhere it is a link to the page.
    is_described = embed.pages and contents.url and not look
    return {
        "contenu": contents,
        "chemin": shown,
        "hauteur": height,
        "code": frame + format_html('\n<script type="module" src="{}"></script>', script),
        "adresse": contents.url if is_described else address,
    }


urlpatterns = [path("", builder, name="integration")]
