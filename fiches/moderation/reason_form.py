"""The form that asks for the reasons when a fiche is sent back."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm


class ReasonForm(TaskStateCommentForm):
    """The comment of a rejection, which is required: the author must know what to correct."""

    comment = forms.CharField(
        label=_("What is to be corrected"),
        help_text=_("Whoever wrote the fiche, or sent the dossier, reads these words."),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Say what is to be corrected.")},
    )
