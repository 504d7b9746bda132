"""The form of the embed builder, without the filters, which ``FicheFilter`` parses."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from fiches.colours import colour
from fiches.diffusion.embeds import embed_named, embeds
from fiches.diffusion.embeds.appearance import THEMES, read_look
from fiches.models import FichePage
from fiches.query.parsers import clean
from fiches.query.word_search import LATEST

if TYPE_CHECKING:
    from fiches.diffusion.embeds import Embed
    from fiches.query.fiche_filter import FicheFilter


# The form's fields; every other parameter belongs to the query.
NAMES = ("type", "nom", "theme", "accent", "largeur", "hauteur")
MOST_SUGGESTED = 300
THEME_LABELS = {"clair": _("light"), "sombre": _("dark"), "auto": _("as the reader's device")}


class BuilderForm(forms.Form):
    """A form bound to the query string of the builder; missing values take their defaults."""

    type = forms.ChoiceField(label=_("What to show"), widget=forms.RadioSelect, required=False)
    nom = forms.CharField(
        label=_("Which fiche"),
        required=False,
        max_length=500,
        help_text=_("Its title, or its address copied from the site."),
        widget=forms.TextInput(attrs={"list": "fiches-connues", "autocomplete": "off"}),
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=THEME_LABELS, required=False)
    accent = forms.CharField(
        label=_("Colour of the links and buttons"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    largeur = forms.IntegerField(
        label=_("Width in pixels"),
        required=False,
        min_value=200,
        max_value=2000,
        help_text=_("Nothing: the whole width of the column."),
    )
    hauteur = forms.IntegerField(label=_("Height in pixels"), required=False, min_value=200, max_value=3000)

    def __init__(self, query: QueryDict) -> None:
        self.look, question = read_look(query)
        self.question = question.copy()
        for name in NAMES:
            self.question.pop(name, None)
        data = query.copy()
        offered = [embed for embed in embeds() if embed.ordre]
        data["type"] = clean(query.get("type", "")) or offered[0].nature
        super().__init__(data, label_suffix="")
        example = colour("fir")
        accent = self.fields["accent"]
        accent.help_text = _("Such as %(example)s; nothing: ours. It must be readable by everyone.") % {
            "example": example
        }
        accent.widget.attrs["placeholder"] = example
        self.fields["type"].choices = [(embed.nature, embed.libelle) for embed in offered]

    def clean_theme(self) -> str:
        return self.cleaned_data["theme"] or THEMES[0]

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
            self.add_error("nom", _("Say which fiche."))
        return cleaned

    @property
    def embed(self) -> "Embed":
        """The chosen embed; the first one if the choice is invalid."""
        return embed_named(self.cleaned_data.get("type", "")) or next(embed for embed in embeds() if embed.ordre)

    @property
    def sizes(self) -> Any:
        """``{"width", "height"}`` in pixels, None for the defaults."""
        return {"width": self.cleaned_data.get("largeur"), "height": self.cleaned_data.get("hauteur")}


def slug_in(text: str) -> str:
    """Returns the slug of a public fiche.

    :param text: its address, slug or title.
    :raises ValidationError: when there is no such fiche.
    """
    path = [part for part in urlsplit(text).path.split("/") if part] if "/" in text else []
    name = path[-1] if path else text
    visible = FichePage.objects.visible().here()
    fiche = visible.filter(slug=name).first() or visible.filter(title__iexact=text).first()
    if fiche is None:
        raise ValidationError(_("No fiche that is online has this title or this address."))
    return fiche.slug


def known_titles(fiche_filter: "FicheFilter") -> list[str]:
    """Returns the titles that the field suggests, the newest first."""
    return list(fiche_filter.visible.order_by(*LATEST).values_list("title", flat=True)[:MOST_SUGGESTED])
