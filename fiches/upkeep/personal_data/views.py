"""Admin view where authorised staff search a person's data, export them and erase them."""

import logging
import uuid
from typing import Any

from django import forms
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
from fiches.upkeep.personal_data.accounts import accounts_of
from fiches.upkeep.personal_data.erasure import (
    erase_and_list,
    export_data,
    held_rows,
    mentions_of,
)
from fiches.upkeep.personal_data.identification import COMMON_NAME, find_person, is_common
from fiches.upkeep.personal_data.person import Person
from fiches.upkeep.personal_data.places import place_of
from fiches.upkeep.personal_data.registry import BEFORE

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
    confirmation = forms.CharField(
        label=_("To erase, write the e-mail, or else the name, once more"), required=False, max_length=254
    )

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or {}
        searched = cleaned.get("courriel") or cleaned.get("nom") or ""
        if (cleaned.get("confirmation") or "").strip().casefold() != searched.casefold():
            self.add_error("confirmation", _("This is not what was searched for: nothing was erased."))
        addresses = filter(None, [cleaned.get("courriel"), *ticked_addresses(self.data)])
        if any(accounts_of(each).filter(is_superuser=True).exists() for each in addresses):
            message = _("This is the address of an administrator: take their rights away first. Nothing was erased.")
            self.add_error("confirmation", message)
        return cleaned


def ticked_addresses(data: Any) -> list[str]:
    """The addresses read beside the name that staff say are the person's, in a QueryDict."""
    return data.getlist("adresses")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def screen(request: HttpRequest) -> HttpResponse:
    """Searches, exports or erases. The search is a POST, so that no log, history or link contains the person's data."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, SCREEN, {"form": PersonForm(), "recu": request.session.get(RECEIPT, "")})
    request.session.pop(RECEIPT, None)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return render(request, SCREEN, {"form": form}, status=422)
    unread = sum(each() for each in BEFORE)
    ticked = set(request.POST.getlist("noms"))
    searched = form.cleaned_data["courriel"], form.cleaned_data["nom"]
    agreed = find_person(*searched, agreed=ticked.__contains__, addresses=ticked_addresses(request.POST))
    if request.POST.get("action") == "exporter":
        return _as_file(export_data(agreed))
    erase_form = EraseForm(request.POST if request.POST.get("action") == "effacer" else None)
    if erase_form.is_valid():
        context = {"recu": _erased(agreed, by=request.user), "non_lus": unread}
        request.session[RECEIPT] = render_to_string("fiches/personal_data/_receipt.html", context, request)
        return redirect(request.path)  # read again, the page erases nothing
    person = find_person(*searched)
    context = {
        "form": form,
        "effacer": erase_form,
        "personne": person,
        "non_lus": unread,
        **_held(person, ticked | agreed.agreed, request.user),
    }
    return render(request, SCREEN, context, status=422 if erase_form.is_bound else 200)


def _held(person: Person, ticked: set[str], reader: Any) -> dict[str, Any]:
    """What the screen shows of a person, of each name read beside the address (where it stands, and whether it is ticked), and of
    each other address read beside the name (what its erasure would bring)."""
    mentions = list(mentions_of(person, learnt=True))
    places = {(type(m.row), m.pk): place_of(m.row, m.model, reader) for m in mentions}
    placed = [(places[type(m.row), m.pk], m) for m in mentions]
    names = []
    for name, read_in in person.learnt.items():
        elsewhere = [(place, mention) for place, mention in placed if name in mention.names]
        names.append(
            {
                "nom": name,
                "lu": read_in,
                "mentions": elsewhere,
                "changes": sum(not mention.by_hand for _place, mention in elsewhere),
                "commun": COMMON_NAME % {"name": name} if is_common(name) else "",
                "coche": name in ticked,
            }
        )
    own = [(place, mention) for place, mention in placed if not mention.names]
    addresses = [
        {"adresse": address, "lu": read_in, "lignes": held_rows(Person(address)), "coche": address in ticked}
        for address, read_in in sorted(person.homonyms.items())
    ]
    return {"lignes": held_rows(person), "mentions": own, "noms_lus": names, "adresses_lues": addresses}


def _as_file(data: dict[str, list[Any]]) -> HttpResponse:
    response = JsonResponse(data, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="donnees.json"'
    return response


def _erased(person: Person, *, by: Any) -> dict[str, Any]:
    """Erases the person and returns the receipt: what was erased, when and by whom, and the person's fingerprint."""
    by_hand, erased = erase_and_list(person, by)
    receipt = {
        "reference": uuid.uuid4().hex[:12],
        "le": timezone.localtime(),
        "par": get_user_display_name(by),
        "empreinte": ", ".join(map(address_fingerprint, person.own_addresses or [" ".join(sorted(person.names))])),
        "effaces": erased.in_words(),
        "a_la_main": by_hand,
        "noms_laisses": len(person.learnt),
        "adresses_laissees": len(person.homonyms),
    }
    logger.info("person_erased", extra={"reference": receipt["reference"], "by": by.pk})
    return receipt
