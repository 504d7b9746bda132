"""Admin view where authorised staff search a person's data, export them and erase them, and replace what may be the person."""

import logging
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.admin.utils import get_user_display_name

from fiches.upkeep.erasure_log import address_fingerprint
from fiches.upkeep.personal_data.erasure import erase_and_list, key_of, replace_in
from fiches.upkeep.personal_data.person import Person
from fiches.upkeep.personal_data.registry import BEFORE
from fiches.upkeep.personal_data.search import Mention, export_data, find_person, held_rows, mentions_of, place_of

PERMISSION = "rallynov_fiches.gerer_donnees_personnelles"
SCREEN = "fiches/personal_data/index.html"
# Where the session has the last receipt, until the next search.
RECEIPT = "receipt_of_erasure"

logger = logging.getLogger(__name__)


class PersonForm(forms.Form):
    courriel = forms.EmailField(
        label=_("E-mail"),
        required=False,
        error_messages={"invalid": _("This is not an e-mail. A name goes in the next field.")},
    )
    nom = forms.CharField(label=_("First and last name"), required=False, max_length=150)

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or {}
        name = " ".join((cleaned.get("nom") or "").split())
        if name and " " not in name:
            self.add_error("nom", _("Write the first and the last name: one word alone would find other people."))
        elif not name and not cleaned.get("courriel") and not self.errors:
            raise forms.ValidationError(_("Write an e-mail, or a first and a last name."))
        return {**cleaned, "nom": name}


class EraseForm(PersonForm):
    partout = forms.BooleanField(
        label=_("Replace the first and last name in the other texts too: all of them mean this person"), required=False
    )
    confirmation = forms.CharField(
        label=_("To erase, write the e-mail, or else the name, once more"), required=False, max_length=254
    )

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or {}
        searched = cleaned.get("courriel") or cleaned.get("nom") or ""
        if (cleaned.get("confirmation") or "").strip().casefold() != searched.casefold():
            self.add_error("confirmation", _("This is not what was searched for: nothing was erased."))
        users = get_user_model()._default_manager.filter(is_superuser=True)
        if cleaned.get("courriel") and users.filter(email__iexact=cleaned["courriel"]).exists():
            message = _("This is the address of an administrator: take their rights away first. Nothing was erased.")
            self.add_error("confirmation", message)
        return cleaned


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def screen(request: HttpRequest) -> HttpResponse:
    """Searches, exports, erases or replaces. The search is a POST, so that no log, history or link contains the person's data."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, SCREEN, {"form": PersonForm(), "recu": request.session.get(RECEIPT, "")})
    request.session.pop(RECEIPT, None)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return render(request, SCREEN, {"form": form}, status=422)
    unread = sum(each() for each in BEFORE)
    person = find_person(form.cleaned_data["courriel"], form.cleaned_data["nom"])
    action = request.POST.get("action")
    if action == "exporter":
        return _as_file(export_data(person))
    erase_form = EraseForm(request.POST if action == "effacer" else None)
    if erase_form.is_valid():
        everywhere = erase_form.cleaned_data["partout"] or not person.courriel
        context = {"recu": _erased(person, by=request.user, everywhere=everywhere), "non_lus": unread}
        request.session[RECEIPT] = render_to_string("fiches/personal_data/_receipt.html", context, request)
        return redirect(request.path)  # read again, the page erases nothing
    if key := request.POST.get("remplacer"):
        if not replace_in(person, key):
            messages.error(request, _("Nothing was replaced there: open the page and correct it."))
        logger.info("mention_replaced", extra={"row": key, "by": request.user.pk})
    mentions = list(mentions_of(person))
    context = {
        "form": form,
        "effacer": erase_form,
        "personne": person,
        "non_lus": unread,
        "lignes": held_rows(person),
        "noms": sorted(person.with_learnt.names),
        "effaces": _by_place([mention for mention in mentions if mention.is_theirs], request.user),
        "nommes": _by_place(
            [mention for mention in mentions if mention.is_exact and not mention.is_theirs], request.user
        ),
        "a_la_main": _by_place([mention for mention in mentions if mention.by_hand], request.user),
    }
    return render(request, SCREEN, context, status=422 if erase_form.is_bound else 200)


def _by_place(mentions: list[Mention], reader: Any) -> list[dict[str, Any]]:
    """The mentions of each row together, with its place and its key."""
    places: dict[Any, dict[str, Any]] = {}
    for mention in mentions:
        group = (key_of(mention.row), mention.model)
        if group not in places:
            places[group] = {"place": place_of(mention.row, mention.model, reader), "mentions": [], "cle": group[0]}
        places[group]["mentions"].append(mention)
    return list(places.values())


def _as_file(data: dict[str, list[Any]]) -> HttpResponse:
    response = JsonResponse(data, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="donnees.json"'
    return response


def _erased(person: Person, *, by: Any, everywhere: bool) -> dict[str, Any]:
    """Erases the person and returns the receipt: what was erased, when and by whom, and the person's fingerprint."""
    by_hand, erased = erase_and_list(person, by, everywhere=everywhere)
    receipt = {
        "reference": uuid.uuid4().hex[:12],
        "le": timezone.localtime(),
        "par": get_user_display_name(by),
        "empreinte": address_fingerprint(person.courriel or " ".join(sorted(person.names))),
        "effaces": erased.in_words(),
        "a_la_main": by_hand,
    }
    logger.info("person_erased", extra={"reference": receipt["reference"], "by": by.pk})
    return receipt
