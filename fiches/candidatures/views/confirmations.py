"""Screens that ask the staff to confirm an action on a dossier. They show its effects, who gets a mail, and a form for the reason."""

from typing import Any, NamedTuple

from django import forms
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.candidatures import consentements
from fiches.candidatures.dossier_transitions import require_state
from fiches.candidatures.enums import OVER, WITH_STAFF, Etat
from fiches.candidatures.forms import FIELDS, PIECES
from fiches.candidatures.models import Dossier, Motif
from fiches.candidatures.text_cleaning import clean_answer_text


class ReasonChoiceField(forms.ModelChoiceField):
    """A choice of a reusable reason, each shown with its text."""

    def label_from_instance(self, motif: Any) -> str:
        return _("%(title)s: “%(text)s”") % {"title": motif.intitule, "text": Truncator(motif.texte).chars(150)}


class ReusableReasonForm(forms.Form):
    """A reason that the company reads: a reusable one, words of one's own, or both."""

    motif = ReasonChoiceField(
        label=gettext_lazy("Reusable reason"),
        queryset=Motif.objects.all(),
        required=False,
        help_text=gettext_lazy("Its text comes first in the mail, then yours."),
    )
    raison = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def text(self) -> str:
        motif = self.cleaned_data.get("motif")
        parts = [motif.texte if motif else "", clean_answer_text(self.cleaned_data.get("raison", "")).strip()]
        return "\n".join(part for part in parts if part)


class CorrectionForm(ReusableReasonForm):
    """The reason why one answer, or the whole dossier (``""``), is to be corrected."""

    champ = forms.ChoiceField(
        choices=[(name, name) for name in ("", *FIELDS, *PIECES)], required=False, widget=forms.HiddenInput
    )


CorrectionFormSet = formset_factory(CorrectionForm, extra=0, max_num=100, absolute_max=100)


def sent_dossier(pk: int, *joined: str) -> Dossier:
    """Returns a dossier that was sent, or raises Http404: the staff can't read a dossier that was not.

    :param joined: more related records to load in the same query.
    """
    dossiers = Dossier.objects.sent().select_related("appel", "fiche", *joined)
    return get_object_or_404(dossiers, pk=pk)


class Question(NamedTuple):
    """The confirmation screen of an action: title, who is told, button, and the states in which the dossier may be."""

    titre: Any
    annonce: Any
    bouton: Any
    etats: frozenset[Etat] = frozenset(Etat)


QUESTIONS = {
    "corriger": Question(
        gettext_lazy("Ask for corrections of dossier %(number)s?"),
        gettext_lazy("Ten minutes after, a mail gives your reasons to %(address)s."),
        gettext_lazy("Ask for these corrections"),
        WITH_STAFF,
    ),
    "refuser": Question(
        gettext_lazy("Refuse dossier %(number)s?"),
        gettext_lazy("Ten minutes after, a mail gives your reason to %(address)s."),
        gettext_lazy("Refuse this dossier"),
        WITH_STAFF | {Etat.CORRECTIONS_DEMANDEES},
    ),
    "rouvrir": Question(
        gettext_lazy("Reopen dossier %(number)s?"),
        gettext_lazy(
            "If a mail of its end has left, another one tells its company ten minutes after. If it has not left, none leaves."
        ),
        gettext_lazy("Reopen this dossier"),
        OVER,
    ),
    "retirer-consentement": Question(
        gettext_lazy("Withdraw this agreement at the company’s request?"),
        gettext_lazy("It takes effect at once, only the company can agree again, and no mail is sent."),
        gettext_lazy("Withdraw this agreement"),
    ),
}


def correction_forms(data: QueryDict) -> forms.BaseFormSet:
    """Returns a form for each answer named in ``data``, or one for the whole dossier."""
    names = data.getlist("champ") or [""]
    if unknown := set(names) - {"", *FIELDS, *PIECES}:
        raise Http404(unknown)
    ready = _("Please complete or correct this answer.")
    reasons = [{"champ": name, "raison": ready if name else ""} for name in dict.fromkeys(names)]
    return CorrectionFormSet(initial=reasons, prefix="raisons")


def confirmation_page(
    request: HttpRequest, dossier: Dossier, verbe: str, refused: Any = None, *, status: int = 200
) -> HttpResponse:
    """Shows the confirmation screen of an action.

    :param refused: the invalid form or forms that were sent from it, if any.
    """
    if verbe not in QUESTIONS:
        return HttpResponseNotAllowed(["POST"])
    question, data = QUESTIONS[verbe], request.POST if request.method == "POST" else request.GET
    require_state(dossier, *question.etats)
    names = {"number": dossier.numero, "address": dossier.courriel}
    context = {"dossier": dossier, "verbe": verbe, "bouton": question.bouton}
    context |= {"titre": question.titre % names, "annonce": question.annonce % names}
    if refused:
        _focus_first_error(refused)
    if verbe == "corriger":
        context["formset"] = refused or correction_forms(data)
    elif verbe == "refuser":
        context["form"] = refused or ReusableReasonForm(prefix="refus")
    elif verbe == "retirer-consentement":
        finalite = consentements.purpose_of(data.get("finalite", ""))
        context |= {"finalite": finalite, "libelle": consentements.FINALITES[finalite].libelle}
        context["textes"] = consentements.places_with_detail(dossier, finalite)
    return render(request, "candidatures/admin/confirmer.html", context, status=status)


def _focus_first_error(refused: forms.BaseForm | forms.BaseFormSet) -> None:
    """Sets autofocus on the first field with an error, if a field has one."""
    all_forms = refused.forms if isinstance(refused, forms.BaseFormSet) else [refused]
    wrong = (form.fields[name] for form in all_forms for name in form.fields if name in form.errors)
    if field := next(wrong, None):
        field.widget.attrs["autofocus"] = True
