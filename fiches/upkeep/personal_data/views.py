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
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.admin.utils import get_user_display_name

from fiches.upkeep.erasure_log import address_fingerprint
from fiches.upkeep.personal_data.erasure import erase, key_of, replace_in
from fiches.upkeep.personal_data.person import Person
from fiches.upkeep.personal_data.registry import UNREAD
from fiches.upkeep.personal_data.search import Mention, export_data, find_person, held_rows, mentions_of, place_of

PERMISSION = "rallynov_fiches.gerer_donnees_personnelles"
SCREEN = "fiches/personal_data/index.html"

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
    confirmation = forms.CharField(label=_("To erase, write the e-mail once more"), required=False, max_length=254)

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or {}
        courriel = cleaned.get("courriel") or ""
        if not courriel or (cleaned.get("confirmation") or "").strip().casefold() != courriel.casefold():
            self.add_error("confirmation", _("This is not what was searched for: nothing was erased."))
        users = get_user_model()._default_manager.filter(is_superuser=True)
        if courriel and users.filter(email__iexact=courriel).exists():
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
    form = PersonForm(request.POST or None)
    if not form.is_valid():
        return render(request, SCREEN, {"form": form}, status=422 if form.is_bound else 200)
    courriel, nom = form.cleaned_data["courriel"], form.cleaned_data["nom"]
    action = request.POST.get("action")
    if action == "exporter":
        return _as_file(export_data(courriel, nom))
    person = find_person(courriel, nom, *request.POST.getlist("noms"))
    erase_form, receipt, left = EraseForm(request.POST if action == "effacer" else None), {}, []
    if erase_form.is_valid():
        left = [mention for mention in mentions_of(person) if mention.by_hand]
        receipt = _erased(person, by=request.user)
    if action == "remplacer":
        keys = request.POST.getlist("remplacer")
        if not replace_in(person, *keys):
            messages.error(request, _("Nothing was replaced there: open the page and correct it."))
        logger.info("mentions_replaced", extra={"rows": keys, "by": request.user.pk})
    mentions = list(mentions_of(person))
    context = {
        "form": form,
        "recu": receipt,
        "effacer": EraseForm() if receipt else erase_form,
        "personne": person,
        "lignes": held_rows(person),
        "effaces": _by_place([each for each in mentions if each.is_theirs], request.user),
        "nommes": _by_place([each for each in mentions if not each.is_theirs and not each.by_hand], request.user),
        "non_lus": sum(count() for count in UNREAD),
        "a_la_main": _by_place([each for each in mentions if each.by_hand] + _still_there(left), request.user),
    }
    return render(request, SCREEN, context, status=422 if erase_form.errors else 200)


def _still_there(mentions: list[Mention]) -> list[Mention]:
    """What staff have to look at after an erasure: files whose title named the person among them."""
    rows = [(each, type(each.row)._base_manager.filter(pk=each.row.pk).first()) for each in mentions]
    return [each._replace(row=row) for each, row in rows if row]


def _by_place(mentions: list[Mention], reader: Any) -> list[dict[str, Any]]:
    """The extracts of each row together, with its place and its key."""
    places: dict[str, dict[str, Any]] = {}
    for mention in mentions:
        key = key_of(mention.row)
        if key not in places:
            places[key] = {"place": place_of(mention.row, reader), "extraits": {}, "cle": key}
        places[key]["extraits"][mention.excerpt] = None
    return list(places.values())


def _as_file(data: dict[str, list[Any]]) -> HttpResponse:
    response = JsonResponse(data, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="donnees.json"'
    return response


def _erased(person: Person, *, by: Any) -> dict[str, Any]:
    """Erases the person and returns the receipt: what was erased, when and by whom, and the person's fingerprint."""
    receipt = {
        "reference": uuid.uuid4().hex[:12],
        "le": timezone.localtime(),
        "par": get_user_display_name(by),
        "empreinte": address_fingerprint(person.courriel),
        "effaces": erase(person),
    }
    logger.info("person_erased", extra={"reference": receipt["reference"], "by": by.pk})
    return receipt
