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
from fiches.candidatures.still_named import SOUGHT, places_with_detail
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


def purpose_of(data: QueryDict) -> str:
    finalite = data.get("finalite", "")
    if finalite not in consentements.FINALITES:
        raise Http404
    return finalite


class Confirmation(NamedTuple):
    """A confirmation screen: title, consequences, button. ``champs`` are hidden fields, ``{name: value}``."""

    titre: str
    suites: list[str]
    bouton: str
    champs: dict[str, str]
    alerte: str = ""
    form: forms.Form | None = None
    formset: forms.BaseFormSet | None = None


def _correction_question(dossier: Dossier, data: QueryDict) -> Confirmation:
    require_state(dossier, *WITH_STAFF)
    names = data.getlist("champ") or [""]
    if unknown := set(names) - {"", *FIELDS, *PIECES}:
        raise Http404(unknown)
    ready = _("Please complete or correct this answer.")
    reasons = [{"champ": name, "raison": ready if name else ""} for name in dict.fromkeys(names)]
    suites = [
        _("Ten minutes after, a mail gives your reasons to %(address)s.") % {"address": dossier.courriel},
        _("The link of the company reopens these answers and no other; “the whole dossier” reopens them all."),
        _("An answer whose reason you leave empty is not reopened."),
        _("The review of the fiche stops until the company sends its corrections."),
        _("You can take it back on the page of the dossier, as long as the company has not begun to correct."),
    ]
    return Confirmation(
        titre=_("Ask for corrections of dossier %(number)s?") % {"number": dossier.numero},
        suites=suites,
        bouton=_("Ask for these corrections"),
        champs={},
        formset=CorrectionFormSet(initial=reasons, prefix="raisons"),
    )


def _end_of_fiche(dossier: Dossier) -> list[str]:
    """What happens to the fiche of a dossier that ends: a sentence, or none without a fiche."""
    if dossier.fiche is None:
        return []
    if dossier.fiche.scheduled_revision:
        return [_("Its fiche will not be online at the date planned.")]
    if dossier.fiche.workflow_in_progress:
        return [_("Its fiche leaves the review and stays off the site.")]
    return [_("Its fiche stays off the site.")]


def _refuse_question(dossier: Dossier, data: QueryDict) -> Confirmation:
    require_state(dossier, *WITH_STAFF, Etat.CORRECTIONS_DEMANDEES)
    suites = [
        _("The dossier ends: its company can’t change it any more."),
        *_end_of_fiche(dossier),
        _("Ten minutes after, a mail gives your reason to %(address)s.") % {"address": dossier.courriel},
        _("Until then, the company reads nothing of it. You can reopen the dossier on its page, then and later."),
    ]
    return Confirmation(
        titre=_("Refuse dossier %(number)s?") % {"number": dossier.numero},
        suites=suites,
        bouton=_("Refuse this dossier"),
        champs={},
        form=ReusableReasonForm(prefix="refus"),
    )


def _withdrawal_question(dossier: Dossier, data: QueryDict) -> Confirmation:
    finalite = purpose_of(data)
    if finalite == "publication":
        suites = [_("The review of the fiche stops."), _("If the fiche is online, it leaves the site at once.")]
    elif finalite in consentements.CONTACT:
        suites = [_("This detail leaves the fiche and each of its former versions at once, online too.")]
        suites += places_with_detail(dossier, finalite) if finalite in SOUGHT else []
    elif finalite == "droits_photo":
        suites = [_("The photo and the logo leave the fiche and each of its former versions at once, online too.")]
    else:
        suites = [_("The company gets no more news.")]
    suites += [
        _("The company reads it in the history of its dossier. No mail is sent."),
        _("Only the company can agree again."),
    ]
    return Confirmation(
        titre=_("Withdraw this agreement at the company’s request?"),
        suites=[_("“%(wording)s”") % {"wording": consentements.FINALITES[finalite].libelle}, *suites],
        bouton=_("Withdraw this agreement"),
        champs={"finalite": finalite},
    )


def _reopen_question(dossier: Dossier, data: QueryDict) -> Confirmation:
    require_state(dossier, *OVER)
    suites = [
        _("The dossier is being reviewed again, with its fiche, its answers and its files as they are."),
        _(
            "If a mail of its end has left, another one tells its company ten minutes after. If it has not left, none leaves."
        ),
    ]
    withdrawn = dossier.etat == Etat.RETIRE
    return Confirmation(
        titre=_("Reopen dossier %(number)s?") % {"number": dossier.numero},
        suites=suites,
        bouton=_("Reopen this dossier"),
        champs={},
        alerte=_("Its company withdrew this dossier. Reopen it only if the company asks for it.") if withdrawn else "",
    )


QUESTIONS = {
    "corriger": _correction_question,
    "refuser": _refuse_question,
    "retirer-consentement": _withdrawal_question,
    "rouvrir": _reopen_question,
}


def confirmation_page(
    request: HttpRequest,
    dossier: Dossier,
    verbe: str,
    refused: forms.BaseForm | forms.BaseFormSet | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Shows the confirmation screen of an action.

    :param refused: the invalid form or forms that were sent from it, if any.
    """
    if verbe not in QUESTIONS:
        return HttpResponseNotAllowed(["POST"])
    question = QUESTIONS[verbe](dossier, request.POST if request.method == "POST" else request.GET)
    if refused:
        _focus_first_error(refused)
        changed: dict[str, Any] = {"formset" if isinstance(refused, forms.BaseFormSet) else "form": refused}
        question = question._replace(**changed)
    context = {"dossier": dossier, "verbe": verbe, "question": question, "form": question.form}
    return render(request, "candidatures/admin/confirmer.html", context, status=status)


def _focus_first_error(refused: forms.BaseForm | forms.BaseFormSet) -> None:
    """Sets autofocus on the first field with an error, if a field has one."""
    all_forms = refused.forms if isinstance(refused, forms.BaseFormSet) else [refused]
    wrong = (form.fields[name] for form in all_forms for name in form.fields if name in form.errors)
    if field := next(wrong, None):
        field.widget.attrs["autofocus"] = True
