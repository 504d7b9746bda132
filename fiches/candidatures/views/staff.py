"""The staff's screen of one dossier, and the actions of its buttons and forms."""

from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.utils import get_user_display_name

from fiches.candidatures import consentements
from fiches.candidatures.answer_comparison import compare_with_fiche
from fiches.candidatures.bon_a_tirer import ask_for_proof, is_current
from fiches.candidatures.dossier_transitions import note, require_state
from fiches.candidatures.duplicates import (
    check_merge,
    details_in_common,
    is_probably_the_same,
    merge,
    probable_duplicates,
)
from fiches.candidatures.enums import WITH_STAFF, Etat, next_step
from fiches.candidatures.forms import PIECES, STEP_FORMS
from fiches.candidatures.invitation import invite_again
from fiches.candidatures.models import Dossier, Motif
from fiches.candidatures.staff_decisions import ask_for_corrections, assign, refusal_undo_deadline, refuse, undo_refusal
from fiches.candidatures.submission import is_stalled, open_review, write_missing_draft
from fiches.candidatures.text_cleaning import readable
from fiches.candidatures.views.private_files import private_file
from fiches.candidatures.withdrawal_undo import undo_withdrawal, undoable
from fiches.candidatures.withdrawn_names import places_to_mend
from fiches.models.enums import Envoi

may_see = permission_required("candidatures.view_dossier", raise_exception=True)
may_act = permission_required("candidatures.change_dossier", raise_exception=True)


def correctable_fields() -> Any:
    steps = [(str(e.intitule), [(name, field.label) for name, field in e.base_fields.items()]) for e in STEP_FORMS]
    pieces = (_("Files"), [(role.value, role.label) for role in PIECES])
    return [("", _("The whole dossier")), *steps, pieces]


class MergeForm(forms.Form):
    """The box to tick before two dossiers that have neither their SIRET nor a similar name in common are merged."""

    accord = forms.BooleanField()

    def __init__(self, other: Dossier, kept: Dossier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _(
            "Close for good dossier %(other)s of “%(of_other)s”: it is from the same organisation as dossier %(kept)s of "
            "“%(of_kept)s”, though neither the SIRET nor the name of the organisation is alike."
        )
        names = {"other": other.numero, "kept": kept.numero}
        self.fields["accord"].label = label % {**names, "of_other": other.organisation, "of_kept": kept.organisation}
        self.fields["accord"].error_messages["required"] = _(
            "Nothing was merged: neither the SIRET nor the name of the organisation is alike. Tick this box if you are sure."
        )


class ReasonForm(forms.Form):
    champ = forms.ChoiceField(label=gettext_lazy("Field"), choices=correctable_fields, required=False)
    motif = forms.ModelChoiceField(label=gettext_lazy("Reusable reason"), queryset=Motif.objects.all(), required=False)
    raison = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def text(self) -> str:
        motif = self.cleaned_data.get("motif")
        parts = [motif.texte if motif else "", readable(self.cleaned_data.get("raison", "")).strip()]
        return "\n".join(part for part in parts if part)


ReasonFormSet = formset_factory(ReasonForm, extra=4, max_num=20, absolute_max=40)


class AssignForm(forms.Form):
    responsable = forms.ModelChoiceField(
        label=gettext_lazy("Assignee"), queryset=get_user_model().objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from fiches.candidatures.inbox import staff_members

        self.fields["responsable"].queryset = staff_members()
        self.fields["responsable"].label_from_instance = get_user_display_name


class NoteForm(forms.Form):
    texte = forms.CharField(
        label=gettext_lazy("Note among staff"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def sent_dossier(pk: int) -> Dossier:
    """Returns a dossier that was sent, or raises Http404: the staff can't read a dossier that was not."""
    return get_object_or_404(Dossier.objects.sent().select_related("appel", "fiche", "responsable"), pk=pk)


@require_safe
@may_see
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, sent_dossier(pk))


def _detail(request: HttpRequest, dossier: Dossier, *, status: int = 200, **forms_with_errors: Any) -> HttpResponse:
    accord, sans_accord = dossier.accords.first(), consentements.lacks_publication_consent(dossier)
    context = {
        "dossier": dossier,
        "etapes": compare_with_fiche(dossier),
        "en_attente_de_personne": is_stalled(dossier),
        "suite": next_step(dossier, lacks_consent=sans_accord),
        "pieces": dossier.pieces.all(),
        "evenements": dossier.evenements.select_related("auteur"),
        "doublons": probable_duplicates(dossier),
        "fusionnes": dossier.fusionnes.all(),
        "conflits": dossier.modifications.filter(en_conflit=True),
        "consentements": consentements.current(dossier).values(),
        "retraits_annulables": undoable(dossier),
        "sans_accord": sans_accord,
        "accord": accord,
        "accord_a_jour": accord is not None and is_current(accord),
        "echecs": dossier.messages.exclude(etat=Envoi.ENVOYE),
        "raisons": ReasonFormSet(prefix="raisons"),
        "refus_annulable_jusqu_a": refusal_undo_deadline(dossier),
        "affecter": AssignForm(initial={"responsable": dossier.responsable_id}),
        "noter": NoteForm(),
        "decidable": dossier.etat in WITH_STAFF,
        "refusable": dossier.etat in WITH_STAFF or dossier.etat == Etat.CORRECTIONS_DEMANDEES,
        "peut_agir": request.user.has_perm("candidatures.change_dossier"),
        **forms_with_errors,
    }
    return render(request, "candidatures/admin/dossier.html", context, status=status)


@require_safe
@may_see
def file(request: HttpRequest, pk: int, cle: UUID) -> HttpResponseBase:
    return private_file(get_object_or_404(sent_dossier(pk).pieces, cle=cle))


@require_http_methods(["GET", "HEAD", "POST"])
@may_act
def act(request: HttpRequest, pk: int, verbe: str) -> HttpResponse:
    """Runs the action named ``verbe`` and shows its result as a message; a refused action shows its errors.

    A GET request shows the confirmation screen of an action that has one.
    """
    dossier = sent_dossier(pk)
    if verbe not in VERBS:
        raise Http404
    try:
        answer = (
            VERBS[verbe](request, dossier) if request.method == "POST" else _confirmation_page(request, dossier, verbe)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("dossiers:detail", pk)
    if answer is None or isinstance(answer, str):
        messages.success(request, answer or _("Done."))
        return redirect("dossiers:detail", pk)
    return answer


def _confirmation_page(
    request: HttpRequest, dossier: Dossier, verbe: str, form: forms.BaseForm | None = None, *, status: int = 200
) -> HttpResponse:
    """Shows the confirmation screen of an action.

    :param form: the invalid form that was sent from it, if any.
    """
    if verbe not in QUESTIONS:
        return HttpResponseNotAllowed(["POST"])
    question = QUESTIONS[verbe](dossier, request.POST if request.method == "POST" else request.GET)
    if form:
        _focus_first_error(form)
    context = {"dossier": dossier, "verbe": verbe, "question": question, "form": form or question.form}
    return render(request, "candidatures/admin/confirmer.html", context, status=status)


def _focus_first_error(form: forms.BaseForm) -> None:
    """Sets autofocus on the first field with an error."""
    first = next(name for name in form.fields if name in form.errors)
    form.fields[first].widget.attrs["autofocus"] = True


def _assign(request: HttpRequest, dossier: Any) -> Any:
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _detail(request, dossier, status=422, affecter=form)
    assign(dossier=dossier, to=form.cleaned_data["responsable"], by=request.user)
    return None


def _take(request: Any, dossier: Any) -> None:
    assign(dossier=dossier, to=request.user, by=request.user)


def _correct(request: Any, dossier: Any) -> Any:
    formset = ReasonFormSet(request.POST, prefix="raisons")
    if not formset.is_valid():
        return _detail(request, dossier, status=422, raisons=formset)
    reasons = [(form.cleaned_data.get("champ", ""), form.text()) for form in formset if form.text()]
    if not reasons:
        raise ValidationError(_("Say what is to be corrected."))
    ask_for_corrections(dossier=dossier, reasons=reasons, by=request.user)
    return _("Corrections asked for; the company is told.")


def _refuse(request: HttpRequest, dossier: Dossier) -> HttpResponse | str:
    form = ReasonForm(request.POST, prefix="refus")
    if form.is_valid() and not form.text():
        form.add_error("raison", _("Say why it is refused."))
    if not form.is_valid():
        return _confirmation_page(request, dossier, "refuser", form, status=422)
    refuse(dossier=dossier, reason=form.text(), by=request.user)
    return _("Refused. The company is told in ten minutes: until then, you can undo the refusal on this page.")


def _undo_refusal(request: HttpRequest, dossier: Dossier) -> str:
    undo_refusal(dossier=dossier, by=request.user)
    return _("The refusal is undone: no mail was sent, and the dossier is back where it was.")


def _note(request: Any, dossier: Any) -> Any:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _detail(request, dossier, status=422, noter=form)
    note(dossier, form.cleaned_data["texte"], auteur=request.user)
    return None


def _invite_again(request: HttpRequest, dossier: Dossier) -> str:
    invite_again(dossier=dossier, by=request.user)
    return _("A new link is on its way.")


def _draft(request: HttpRequest, dossier: Dossier) -> str:
    write_missing_draft(dossier=dossier, by=request.user)
    return _("The draft of the fiche is made, and waits to be read.")


def _proof(request: HttpRequest, dossier: Dossier) -> str:
    ask_for_proof(dossier=dossier, by=request.user)
    return _("The proof is on its way to the company.")


def _finalite(data: QueryDict) -> str:
    finalite = data.get("finalite", "")
    if finalite not in consentements.FINALITES:
        raise Http404
    return finalite


def _withdraw_consent(request: HttpRequest, dossier: Dossier) -> str:
    consentements.withdraw(dossier=dossier, finalite=_finalite(request.POST), auteur=request.user)
    if _finalite(request.POST) in undoable(dossier):
        return _("Withdrawn, at once and everywhere. You can undo this on this page for ten minutes.")
    return _("Withdrawn, at once and everywhere.")


def _undo_withdrawal(request: HttpRequest, dossier: Dossier) -> str:
    undo_withdrawal(dossier=dossier, finalite=_finalite(request.POST), by=request.user)
    return _("The withdrawal is undone: the agreement holds again, and the fiche is as it was.")


def _merge(request: HttpRequest, dossier: Dossier) -> HttpResponse | str:
    other = other_dossier(request.POST)
    check_merge(other, into=dossier)
    if not is_probably_the_same(dossier, other):
        form = MergeForm(other, dossier, request.POST, prefix="fusion")
        if not form.is_valid():
            return _confirmation_page(request, dossier, "fusionner", form, status=422)
    merge(dossier=other, into=dossier, by=request.user)
    return _("Merged: both histories are kept, and the other applicant is told by mail.")


def other_dossier(data: QueryDict) -> Dossier:
    """Returns the sent dossier whose key is ``data["autre"]``, or raises Http404."""
    other = data.get("autre", "")
    if not (other.isascii() and other.isdigit()):
        raise Http404
    return sent_dossier(int(other))


class Question(NamedTuple):
    """A confirmation screen: title, consequences, button. ``champs`` are hidden fields, ``{name: value}``."""

    titre: str
    suites: list[str]
    bouton: str
    champs: dict[str, str]
    alerte: str = ""
    form: forms.Form | None = None


def _refuse_question(dossier: Dossier, data: QueryDict) -> Question:
    require_state(dossier, *WITH_STAFF, Etat.CORRECTIONS_DEMANDEES)
    suites = [
        _("The dossier ends: its company can’t change it any more."),
        _("Its fiche leaves the review and stays off the site."),
        _("In ten minutes, a mail gives your reason to %(address)s.") % {"address": dossier.courriel},
        _("Until then, the page of the dossier offers to undo the refusal. The company’s own page shows it at once."),
    ]
    return Question(
        titre=_("Refuse dossier %(number)s?") % {"number": dossier.numero},
        suites=suites,
        bouton=_("Refuse this dossier"),
        champs={},
        form=ReasonForm(prefix="refus"),
    )


def _merge_question(dossier: Dossier, data: QueryDict) -> Question:
    other = other_dossier(data)
    check_merge(other, into=dossier)
    names = {"other": other.numero, "kept": dossier.numero}
    shared = details_in_common(dossier, other)
    suites = [
        _("These dossiers have in common: %(details)s.") % {"details": get_text_list(shared, _("and"))}
        if shared
        else _("These dossiers have nothing in common (SIRET, names, e-mail, phone)."),
        _("Dossier %(other)s ends: its fiche leaves the review.") % names,
        _("Dossier %(kept)s goes on as it is.") % names,
        _("No answer and no file passes from one to the other. Each link opens its own dossier only."),
        _("A mail goes to %(address)s.") % {"address": other.courriel},
        _("There is no way back."),
    ]
    alerte = ""
    if other.courriel != dossier.courriel:
        alerte = _(
            "The two addresses differ: %(other)s and %(kept)s. A SIRET and a name are public: anyone can type them. "
            "Make sure that both dossiers come from the same organisation."
        ) % {"other": other.courriel, "kept": dossier.courriel}
    return Question(
        titre=_("Merge dossier %(other)s into dossier %(kept)s?") % names,
        suites=suites,
        bouton=_("Merge these two dossiers"),
        champs={"autre": str(other.pk)},
        alerte=alerte,
        form=None if is_probably_the_same(dossier, other) else MergeForm(other, dossier, prefix="fusion"),
    )


def _withdrawal_question(dossier: Dossier, data: QueryDict) -> Question:
    finalite = _finalite(data)
    if finalite == "publication":
        suites = [_("The review of the fiche stops."), _("If the fiche is online, it leaves the site at once.")]
    elif finalite in consentements.CONTACT:
        suites = [_("This detail leaves the fiche and each of its former versions at once, online too.")]
        suites += places_to_mend(dossier) if finalite == consentements.NAME else []
    elif finalite == "droits_photo":
        suites = [_("The photo and the logo leave the fiche and each of its former versions at once, online too.")]
    else:
        suites = [_("The company gets no more news.")]
    suites += [
        _("The company reads it in the history of its dossier. No mail is sent."),
        _("This can’t be undone: the dossier is closed.")
        if dossier.est_clos
        else _("For ten minutes, the page of the dossier offers to undo it. Then only the company can agree again."),
    ]
    return Question(
        titre=_("Withdraw this agreement at the company’s request?"),
        suites=[_("“%(wording)s”") % {"wording": consentements.FINALITES[finalite].libelle}, *suites],
        bouton=_("Withdraw this agreement"),
        champs={"finalite": finalite},
    )


def _open_review(request: HttpRequest, dossier: Dossier) -> str:
    open_review(dossier=dossier, by=request.user)
    return _("The fiche is back in review: its approval puts it online.")


VERBS = {
    "remettre": _open_review,
    "affecter": _assign,
    "prendre": _take,
    "corriger": _correct,
    "refuser": _refuse,
    "annuler-refus": _undo_refusal,
    "noter": _note,
    "relancer": _invite_again,
    "brouillon": _draft,
    "bon-a-tirer": _proof,
    "retirer-consentement": _withdraw_consent,
    "annuler-retrait": _undo_withdrawal,
    "fusionner": _merge,
}
QUESTIONS = {
    "fusionner": _merge_question,
    "refuser": _refuse_question,
    "retirer-consentement": _withdrawal_question,
}
