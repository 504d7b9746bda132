"""Says to users who have the form of a page open what somebody else decided meanwhile. Wagtail asks for newer versions only: an
approval or a publication makes none."""

import json
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views import editing_sessions
from wagtail.models import Page, PageLogEntry

DECISIONS = ("wagtail.workflow.approve", "wagtail.workflow.reject", "wagtail.publish", "wagtail.unpublish")


def ping_address(pk: int, session: int, opened: str) -> str:
    """The address that the form of a page asks every ten seconds.

    :param opened: when the form was opened, in ISO 8601.
    """
    return f"{reverse('fiches_presence', args=[pk, session])}?{urlencode({'ouvert': opened})}"


@require_POST
def ping(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """Answers as Wagtail's view, with the ``decision`` of somebody else since the form was opened; ``""`` without one."""
    response = editing_sessions.ping(request, Page._meta.app_label, Page._meta.model_name, str(pk), session)
    opened = request.GET.get("ouvert", "")
    if response.status_code != HttpResponse.status_code:
        return response
    answer = json.loads(response.content)
    answer |= {"ping_url": ping_address(pk, answer["session_id"], opened), "decision": ""}
    if moment := _moment(opened):
        entries = PageLogEntry.objects.filter(page=pk, action__in=DECISIONS, timestamp__gt=moment)
        if entry := entries.exclude(user=request.user).select_related("user").order_by("-timestamp", "-pk").first():
            answer["decision"] = _decision_message(entry)
    return JsonResponse(answer)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _decision_message(entry: PageLogEntry) -> str:
    text = _("%(who)s decided on this page while you had it open: “%(what)s”. Reload it to see it as it is now.")
    who = get_user_display_name(entry.user) if entry.user else _("somebody")
    return text % {"who": who, "what": entry.formatter.format_message(entry)}


urlpatterns = [path("presence/<int:pk>/<int:session>/", ping, name="fiches_presence")]
