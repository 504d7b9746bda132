"""The staff's screen of one dossier and its fiche: what the company said beside what will be published, and the decisions."""

from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.utils import get_user_display_name

from fiches.admin.innovation import READ_WITH_FICHE, InnovationView
from fiches.candidatures import consentements
from fiches.candidatures.answer_comparison import compare_with_fiche
from fiches.candidatures.draft_fiche import COLUMNS, answer_blocks
from fiches.candidatures.duplicates import probable_duplicates
from fiches.candidatures.enums import WITH_STAFF, Etat, state_shown
from fiches.candidatures.forms import FIELDS, PIECES, label_of_answer
from fiches.candidatures.models import Dossier, Evenement
from fiches.candidatures.team_messages import ANSWER, QUESTION, messages_among
from fiches.candidatures.views.confirmations import sent_dossier
from fiches.candidatures.views.team_messages import MessageForm
from fiches.formats import hour, moment
from fiches.models import Courriel, FichePage
from fiches.models.enums import Envoi
from fiches.moderation.decision import REJECT


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

    def get_fiche(self) -> FichePage | None:
        self.dossier = sent_dossier(self.kwargs["pk"], *(f"fiche__{name}" for name in READ_WITH_FICHE))
        prefetch_related_objects([self.dossier], "pieces", "consentements", "modifications")
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
        "coches": _remarked(dossier, context),
        "echanges": messages_among(events),
        "histoire": sorted([*_history(events), *context.get("histoire", ())], key=lambda line: line["quand"]),
    }


def _remarked(dossier: Dossier, context: dict[str, Any]) -> set[str]:
    """The names of the answers whose field or block has a remark that is not settled."""
    places = {column: answer for answer, column in COLUMNS.items()}
    places |= {f"corps.{block}": answer for block, answer in answer_blocks(dossier).items()}
    paths = [remark.comment.contentpath for remark in context.get("remarques", ())]
    return {answer for path in paths for place, answer in places.items() if f"{path}.".startswith(f"{place}.")}


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
    unsent = dossier.messages.exclude(etat__in=[Envoi.ENVOYE, Envoi.PERIME])
    decision_notice = _("A mail tells %(address)s ten minutes after your decision.")
    return {
        "etat": state_shown(dossier, lacks_consent=without_consent, state=dossier.get_etat_display()),
        "pieces": dossier.pieces.all(),
        "doublons": probable_duplicates(dossier),
        "consentements": consentements.current_consents(dossier).values(),
        "phrases": [
            place
            for purpose in consentements.withdrawn_purposes(dossier)
            for place in consentements.places_with_detail(dossier, purpose)
        ],
        "sans_accord": without_consent,
        "courriels": [(courriel, _departure(courriel)) for courriel in unsent],
        "refus_tu": dossier.etat == Etat.REFUSE
        and dossier.messages.filter(modele="refuse", etat=Envoi.ARRETE).exists(),
        "decidable": dossier.etat in WITH_STAFF,
        "refusable": dossier.etat in WITH_STAFF or dossier.etat == Etat.CORRECTIONS_DEMANDEES,
        "previent_entreprise": decision_notice % {"address": dossier.courriel} if dossier.etat != Etat.PUBLIE else "",
    }


def _departure(courriel: Courriel) -> str:
    """Says when a mail that has not left leaves, or why it does not."""
    if courriel.etat == Envoi.ARRETE:
        return _("stopped in the outbox, nobody gets it")
    tries = ngettext("%(number)s try failed", "%(number)s tries failed", courriel.tentatives)
    failed = f" ({tries % {'number': courriel.tentatives}})" if courriel.erreur else ""
    if courriel.etat == Envoi.REFUSE:
        return _("did not leave") + failed
    if courriel.est_du:
        return _("leaves as soon as possible") + failed
    when = timezone.localtime(courriel.prochain_essai)
    if when.date() == timezone.localdate():
        return _("leaves at %(hour)s") % {"hour": hour(when)} + failed
    return _("leaves on %(moment)s") % {"moment": moment(when)} + failed
