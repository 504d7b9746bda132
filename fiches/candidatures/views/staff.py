"""The actions of the buttons and forms of a dossier's screen, and the screens that ask to confirm some of them: their effects, who gets a
mail, and a form for the reason."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.messages import validation_error

from fiches.candidatures import consentements
from fiches.candidatures.dossier_transitions import note
from fiches.candidatures.forms import FIELDS, PIECES
from fiches.candidatures.invitation import invite_again
from fiches.candidatures.models import Dossier
from fiches.candidatures.question_fields import TypedText
from fiches.candidatures.submission import (
    ask_for_corrections,
    refuse_dossier,
    reopen_dossier,
)
from fiches.candidatures.team_messages import answer_organisation, ask_for_proof, has_messages, messages_of
from fiches.candidatures.views.dossier_screen import DossierView, NoteForm, messages_url, sent_dossier
from fiches.candidatures.views.private_link import private_file
from fiches.candidatures.views.team_messages import MessageForm
from fiches.forms.public_form import give_back

# The fields of the forms of a dossier's screen in which one writes.
TYPED = {"raison", "texte"}

may_see = permission_required("rallynov_candidatures.view_dossier", raise_exception=True)
may_act = permission_required("rallynov_candidatures.change_dossier", raise_exception=True)

detail = may_see(DossierView.as_view())


def dossier_page(request: HttpRequest, dossier: Dossier, *, status: int, **forms_with_errors: Any) -> HttpResponse:
    """The screen of a dossier with a form that was refused."""
    view = DossierView()
    view.setup(request, pk=dossier.pk)
    return view.render_to_response(view.get_context_data(**forms_with_errors), status=status)


@require_safe
@may_see
def file(request: HttpRequest, pk: int, cle: UUID) -> HttpResponseBase:
    return private_file(get_object_or_404(sent_dossier(pk).pieces, cle=cle))


@require_http_methods(["GET", "HEAD", "POST"])
@may_act
def act_on_dossier(request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
    """Runs the action named ``verbe`` and shows its result as a message; a refused action shows its errors.

    A GET request shows the confirmation screen of an action that has one.
    """
    dossier = sent_dossier(pk)
    if verbe not in VERBS:
        raise Http404
    try:
        answer = (
            VERBS[verbe](request, dossier) if request.method == "POST" else confirmation_page(request, dossier, verbe)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        give_back(request, (text for name, text in request.POST.items() if name.rpartition("-")[2] in TYPED))
        return redirect("dossiers:detail", pk)
    if isinstance(answer, str):
        messages.success(request, answer)
        return redirect("dossiers:detail", pk)
    return answer


def _correct(request: Any, dossier: Any) -> Any:
    formset = CorrectionFormSet(request.POST, prefix="raisons")
    if not formset.forms:
        raise ValidationError(_("Say what is to be corrected."))
    is_valid = formset.is_valid()
    reasons = [
        (form.cleaned_data.get("champ", ""), text) for form in formset if (text := form.cleaned_data.get("raison"))
    ]
    if is_valid and not reasons:
        formset.forms[0].add_error("raison", _("Say what is to be corrected."))
    if not is_valid or not reasons:
        return confirmation_page(request, dossier, "corriger", formset, status=422)
    ask_for_corrections(dossier=dossier, reasons=reasons, by=request.user)
    return _(
        "Corrections are asked for. The company gets a mail in ten minutes: until then, you can take this decision back here."
    )


def _refuse(request: HttpRequest, dossier: Dossier) -> HttpResponse | str:
    form = ReasonForm(request.POST, prefix="refus")
    if form.is_valid() and not form.cleaned_data["raison"]:
        form.add_error("raison", _("Say why it is refused."))
    if not form.is_valid():
        return confirmation_page(request, dossier, "refuser", form, status=422)
    refuse_dossier(dossier=dossier, reason=form.cleaned_data["raison"], by=request.user)
    return _("The dossier is refused. The company gets a mail in ten minutes, and reads nothing of it until then.")


def _reopen(request: HttpRequest, dossier: Dossier) -> str:
    reopen_dossier(dossier=dossier, by=request.user)
    return _("The dossier is open again. A mail tells its company in ten minutes, if one told it of the end.")


def _note(request: Any, dossier: Any) -> Any:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return dossier_page(request, dossier, status=422, noter=form)
    note(dossier, form.cleaned_data["texte"], auteur=request.user)
    return _("The note is added.")


@require_http_methods(["GET", "HEAD", "POST"])
@may_see
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers the organisation. The messages of a sent dossier are on its own screen; those of a dossier that was not sent yet are
    shown here, and nothing of its answers."""
    dossier = get_object_or_404(Dossier, pk=pk)
    is_sent = dossier.soumis is not None
    if not is_sent and not has_messages(dossier):
        raise Http404
    may_answer = request.user.has_perm("rallynov_candidatures.change_dossier")
    form = MessageForm(request.POST if request.method == "POST" and may_answer else None, auto_id="reponse_%s")
    if form.is_valid():
        answer_organisation(dossier=dossier, texte=form.cleaned_data["texte"], by=request.user)
        messages.success(request, _("Your answer is sent to %(address)s.") % {"address": dossier.courriel})
        return redirect("dossiers:messages", pk)
    if form.errors:
        validation_error(request, _("Your answer is not sent: see the message beside its text."), form)
    if is_sent:
        return dossier_page(request, dossier, status=422, repondre=form) if form.errors else redirect(messages_url(pk))
    context = {"dossier": dossier, "repondre": form, "echanges": messages_of(dossier), "peut_agir": may_answer}
    return render(request, "candidatures/admin/messages.html", context, status=422 if form.errors else 200)


def _invite_again(request: HttpRequest, dossier: Dossier) -> str:
    invite_again(dossier=dossier, by=request.user)
    return _("A new link is on its way.")


def _proof(request: HttpRequest, dossier: Dossier) -> str:
    ask_for_proof(dossier=dossier, by=request.user)
    return _("The proof is on its way to the company.")


def _withdraw_consent(request: HttpRequest, dossier: Dossier) -> str:
    finalite = consentements.purpose_of(request.POST.get("finalite", ""))
    consentements.withdraw_consent(dossier=dossier, finalite=finalite, auteur=request.user)
    return _("Withdrawn, at once and everywhere.")


class ReasonForm(forms.Form):
    """A reason that the company reads."""

    raison = TypedText(
        label=gettext_lazy("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectionForm(ReasonForm):
    """The reason why one answer, or the whole dossier (``""``), is to be corrected."""

    champ = forms.ChoiceField(
        choices=[(name, name) for name in ("", *FIELDS, *PIECES)], required=False, widget=forms.HiddenInput
    )


CorrectionFormSet = formset_factory(CorrectionForm, extra=0, max_num=100, absolute_max=100)


# ``{verb: (title, who is told, button)}`` of the screens that ask to confirm an action.
QUESTIONS = {
    "corriger": (
        gettext_lazy("Ask for corrections of dossier %(number)s?"),
        gettext_lazy("Ten minutes after, a mail gives your reasons to %(address)s."),
        gettext_lazy("Ask for these corrections"),
    ),
    "refuser": (
        gettext_lazy("Refuse dossier %(number)s?"),
        gettext_lazy("Ten minutes after, a mail gives your reason to %(address)s."),
        gettext_lazy("Refuse this dossier"),
    ),
    "rouvrir": (
        gettext_lazy("Reopen dossier %(number)s?"),
        gettext_lazy(
            "If a mail of its end has left, another one tells its company ten minutes after. If it has not left, none leaves."
        ),
        gettext_lazy("Reopen this dossier"),
    ),
    "retirer-consentement": (
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
    (title, told, button), data = QUESTIONS[verbe], request.POST if request.method == "POST" else request.GET
    names = {"number": dossier.numero, "address": dossier.courriel}
    context = {"dossier": dossier, "verbe": verbe, "bouton": button, "titre": title % names, "annonce": told % names}
    if verbe == "corriger":
        context["formset"] = refused or correction_forms(data)
    elif verbe == "refuser":
        context["form"] = refused or ReasonForm(prefix="refus")
    elif verbe == "retirer-consentement":
        finalite = consentements.purpose_of(data.get("finalite", ""))
        context |= {"finalite": finalite, "libelle": consentements.FINALITES[finalite].libelle}
        context["textes"] = consentements.places_with_detail(dossier, finalite)
    return render(request, "candidatures/admin/confirmer.html", context, status=status)


VERBS = {
    "corriger": _correct,
    "refuser": _refuse,
    "rouvrir": _reopen,
    "noter": _note,
    "relancer": _invite_again,
    "bon-a-tirer": _proof,
    "retirer-consentement": _withdraw_consent,
}
