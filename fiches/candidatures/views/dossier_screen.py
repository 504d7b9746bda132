"""The staff's screen of one dossier and its fiche: what the company said beside what will be published, and the decisions."""

from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name

from fiches.admin.comparison import word_difference, yes_or_no
from fiches.admin.innovation import READ_WITH_PAGE, InnovationView
from fiches.candidatures import consentements
from fiches.candidatures.draft_fiche import COLUMNS, body_text
from fiches.candidatures.enums import WITH_STAFF, Etat, state_shown
from fiches.candidatures.forms import FIELDS, PIECES, STEP_FORMS, bound_form, display_value, label_of_answer
from fiches.candidatures.models import Dossier, Evenement
from fiches.candidatures.team_messages import ANSWER, QUESTION, messages_among
from fiches.candidatures.views.team_messages import MessageForm
from fiches.models import Critere, FichePage
from fiches.models.enums import Envoi
from fiches.moderation.decision import REJECT
from fiches.territoire.gazetteer import fold


def sent_dossier(pk: int, *joined: str) -> Dossier:
    """Returns a dossier that was sent, or raises Http404: the staff can't read a dossier that was not.

    :param joined: more related records to load in the same query.
    """
    dossiers = Dossier.objects.sent().select_related("appel", "fiche", *joined)
    return get_object_or_404(dossiers, pk=pk)


class NoteForm(forms.Form):
    texte = forms.CharField(
        label=gettext_lazy("Note among staff"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def messages_url(pk: int) -> str:
    """The address of the messages on the screen of a sent dossier."""
    return f"{reverse('dossiers:detail', args=[pk])}#messages"


class DossierView(InnovationView):
    """The screen of a sent dossier. What it shows of the fiche is for those who may edit it."""

    template_name = "candidatures/admin/dossier.html"
    header_icon = "mail"

    def get_page(self) -> FichePage | None:
        self.dossier = sent_dossier(self.kwargs["pk"], *(f"fiche__{name}" for name in READ_WITH_PAGE))
        prefetch_related_objects([self.dossier], "pieces", "consentements")
        fiche = self.dossier.fiche
        return fiche if fiche and fiche.permissions_for_user(self.request.user).can_edit() else None

    def get_other_address(self) -> None:
        return None

    def get_address(self) -> str:
        return reverse("dossiers:detail", args=[self.dossier.pk])

    def get_page_title(self) -> str:
        return str(self.dossier)

    def get_page_subtitle(self) -> str:
        return self.dossier.numero or ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data()
        if self.dossier.est_clos:
            context["peut_corriger"] = False
        may_act = self.request.user.has_perm("rallynov_candidatures.change_dossier")
        context |= {
            "peut_agir": may_act,
            **_answers_and_history(self.dossier, context),
            **_state_of(self.dossier),
            "noter": NoteForm(),
        }
        context["repondre"] = MessageForm(auto_id="reponse_%s")
        if (decision := context.get("decision")) and may_act:  # the corrections are asked from the company
            context["decision"] = decision._replace(actions=decision.actions - {REJECT})
        return {**context, **kwargs}


def _answers_and_history(dossier: Dossier, context: dict[str, Any]) -> dict[str, Any]:
    """The company's answers beside the fiche, its messages, and the history of both.

    :param context: what the screen shows of the fiche, without anything for those who may not edit it.
    """
    page = context.get("page_lue")
    steps, events = compare_with_fiche(dossier, page), list(dossier.evenements.select_related("auteur"))
    shown = {line["champ"] for step in steps for line in step["lignes"]}
    return {
        "dossier": dossier,
        "etapes": steps,
        "sans_reponse": [(name, label_of_answer(name)) for name in (*FIELDS, *PIECES) if name not in shown],
        "echanges": messages_among(events),
        "histoire": sorted([*_history(events), *context.get("histoire", ())], key=lambda line: line["quand"]),
    }


def _history(events: list[Evenement]) -> list[dict[str, Any]]:
    """The lines of a dossier's history as `fiches.admin.comparison.facts` gives those of the fiche, without the messages."""
    return [
        {
            "qui": get_user_display_name(event.auteur) if event.auteur else "",
            "quoi": event.texte,
            "quand": event.date,
            "etat": event.get_etat_display(),
            "interne": event.interne,
        }
        for event in events
        if event.message not in (QUESTION, ANSWER)
    ]


def _state_of(dossier: Dossier) -> dict[str, Any]:
    """Where the dossier stands, and what may be done with it."""
    without_consent = consentements.lacks_publication_consent(dossier)
    decision_notice = _("A mail tells %(address)s.")
    return {
        "etat": state_shown(dossier, lacks_consent=without_consent, state=dossier.get_etat_display()),
        "pieces": dossier.pieces.all(),
        "doublons": _duplicates(dossier),
        "consentements": consentements.current_consents(dossier).values(),
        "phrases": [
            place
            for purpose in consentements.withdrawn_purposes(dossier)
            for place in consentements.places_with_detail(dossier, purpose)
        ],
        "sans_accord": without_consent,
        "courriels": dossier.messages.exclude(etat__in=[Envoi.ENVOYE, Envoi.PERIME]),
        "decidable": dossier.etat in WITH_STAFF,
        "refusable": dossier.etat in WITH_STAFF or dossier.etat == Etat.CORRECTIONS_DEMANDEES,
        "previent_entreprise": decision_notice % {"address": dossier.courriel} if dossier.etat != Etat.PUBLIE else "",
    }


def _duplicates(dossier: Dossier, *, limit: int = 10) -> list[Dossier]:
    """Returns the open dossiers that were sent for the same SIRET or under the same name; none for a dossier that is closed."""
    others = Dossier.objects.none() if dossier.est_clos else Dossier.objects.sent().alive().exclude(pk=dossier.pk)
    name = fold(dossier.organisation)
    same = [
        other
        for other in others.only("organisation", "titre", "siret", "soumis")
        if (dossier.siret and other.siret == dossier.siret) or fold(other.organisation) == name
    ]
    return same[:limit]


def compare_with_fiche(dossier: Dossier, page: FichePage | None) -> list[dict[str, Any]]:
    """Returns ``[{"etape", "lignes"}]``, one line per answer that the dossier or the fiche has: ``{"champ", "label", "reponse", "fiche",
    "differe", "difference", "prive"}``. ``fiche`` is None if the answer has no place there; ``prive``: the public doesn't read it.

    :param page: the draft of the fiche; None without one.
    """
    criteria = {pk: str(criterion) for pk, criterion in Critere.objects.in_bulk().items()} if page else {}
    return [{"etape": etape, "lignes": _lines(dossier, etape, page, criteria)} for etape in STEP_FORMS]


def _lines(dossier: Dossier, etape: type, page: FichePage | None, criteria: dict[int, str]) -> list[dict[str, Any]]:
    form = bound_form(dossier, etape, sending=False)
    form.is_valid()
    lines = []
    for name in form.fields:
        current, answer = _fiche_value(page, dossier, name, criteria), display_value(form, name)
        if answer in ("", False) and (not current or name == "code_postal"):  # the fiche takes it from its commune
            continue
        line = {"champ": name, "label": form[name].label, "reponse": answer, "fiche": current}
        line["differe"] = (
            current is not None and str(current).split() != str(answer).split()
        )  # a fiche has single spaces
        line["prive"] = page is not None and name in consentements.CONTACT and not getattr(page, f"{name}_public")
        if line["differe"]:
            words = (yes_or_no(value) if isinstance(value, bool) else str(value) for value in (answer, current))
            line["difference"] = word_difference(*words)
        lines.append(line)
    return lines


def _fiche_value(page: FichePage | None, dossier: Dossier, name: str, criteria: dict[int, str]) -> Any:
    if page is None:
        return None
    if name in COLUMNS:
        column = COLUMNS[name]
        display = getattr(page, f"get_{column}_display", None)
        value = display() if display else getattr(page, column)
        return "" if value is None else value
    if name == "photo_credit":  # stands on the picture; Wagtail's own pictures have none
        return getattr(page.photo, "credit", None)
    if name == "criteres":
        met = {link.tag_id for link in page.fiche_criteres.all()}
        return ", ".join(name for pk, name in criteria.items() if pk in met)
    return body_text(page.corps.raw_data, dossier, name)
