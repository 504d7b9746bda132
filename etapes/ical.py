"""Étapes as iCalendar (RFC 5545): one file per étape, and a calendar to subscribe to."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import icalendar
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.formats import day
from fiches.models.routes import add_route
from fiches.query.map_data import refuse

if TYPE_CHECKING:
    from etapes.models import EtapePage


CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)


def event(etape: "EtapePage", *, linked: bool = True) -> Any:
    """Builds the ``VEVENT`` of an étape that has a date.

    ``UID`` is stable and ``SEQUENCE`` grows with each publication. An étape whose hours are unknown is an all-day event
    (``DATE``), with its moment of the day in the description.
    """
    vevent = icalendar.Event()
    vevent.add("uid", f"{etape.uid}@rallynov")
    vevent.add("dtstamp", etape.last_published_at or timezone.now())
    vevent.add("sequence", sequence(etape))
    vevent.add("summary", f"{etape.title} ({_('example')})" if etape.exemple else etape.title)
    vevent.add("status", status(etape))
    if linked:
        vevent.add("url", etape.full_url)
    add_times(vevent, etape)
    if where := location(etape):
        vevent.add("location", where)
    if etape.latitude is not None:
        vevent.add("geo", (etape.latitude, etape.longitude))
    if text := description(etape):
        vevent.add("description", text)
    return vevent


def cancel(vcalendar: icalendar.Calendar) -> None:
    """Makes a ``VCALENDAR`` cancel its entry in the calendars of registered people (RFC 5546, 4.1.3)."""
    vcalendar["method"] = "CANCEL"
    vcalendar.events[0]["status"] = "CANCELLED"


def location(etape: "EtapePage") -> str:
    """« Salle Courbet, 1 rue Megevand, 25000 Besançon (Doubs) »; unknown parts are left out."""
    commune = etape.commune
    town = f"{commune.nom} ({commune.get_departement_display()})" if commune else ""
    return ", ".join(filter(None, [etape.lieu, etape.adresse, " ".join(filter(None, [etape.code_postal, town]))]))


def status(etape: "EtapePage") -> str:
    """``CANCELLED``, ``TENTATIVE`` (postponed without a new date) or ``CONFIRMED``."""
    if etape.annulee:
        return "CANCELLED"
    return "TENTATIVE" if etape.attend_sa_date else "CONFIRMED"


def add_times(vevent: Any, etape: "EtapePage") -> None:
    assert etape.date is not None
    if not etape.debut:
        vevent.add("dtstart", etape.date)
        vevent.add("dtend", etape.date + timedelta(days=1))
        return
    vevent.add("dtstart", timezone.localtime(etape.commence_le))
    if etape.fin:
        vevent.add("dtend", timezone.localtime(etape.termine_le))


def description(etape: "EtapePage") -> str:
    moment = etape.get_moment_display()
    organisers = ", ".join(link.partenaire.nom for link in etape.organisations.all())
    lines = [_postponed(etape), moment and _("Time: %(moment)s.") % {"moment": moment}, etape.chapo, organisers]
    return "\n".join(filter(None, lines))


def _postponed(etape: "EtapePage") -> str:
    if etape.attend_sa_date:
        return _("Postponed: the new date will be announced.")
    if etape.reportee:
        return _("Postponed: first announced for %(date)s.") % {"date": day(etape.ancienne_date)}
    return ""


def sequence(etape: "EtapePage") -> int:
    """``SEQUENCE``: seconds between the first and the last publication. It grows with each publication."""
    if not (etape.first_published_at and etape.last_published_at):
        return 0
    return int((etape.last_published_at - etape.first_published_at).total_seconds())


def calendar(etapes: "QuerySet | list[EtapePage]", *, name: str, linked: bool = True) -> icalendar.Calendar:
    """Builds a ``VCALENDAR`` of ``etapes``, which have a date, with the ``VTIMEZONE`` components that they use.

    :param linked: whether it holds the address of each étape's page.
    """
    vcalendar = icalendar.Calendar()
    vcalendar.add("prodid", f"-//{settings.WAGTAIL_SITE_NAME}//etapes//FR")
    vcalendar.add("version", "2.0")
    vcalendar.add("method", "PUBLISH")
    vcalendar.add("name", name)
    vcalendar.add("x-wr-calname", name)
    vcalendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for etape in etapes:
        vcalendar.add_component(event(etape, linked=linked))
    vcalendar.add_missing_timezones()
    return vcalendar


def as_download(vcalendar: icalendar.Calendar, filename: str) -> HttpResponse:
    """Returns a response that downloads a ``VCALENDAR`` as the file ``filename``."""
    response = HttpResponse(vcalendar.to_ical(), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def etape_ics(etape: "EtapePage", request: HttpRequest) -> HttpResponse:
    """Serves ``etape.ics`` below an étape; 404 while it has no date, since an event begins at one."""
    if etape.sans_date:
        raise Http404
    return as_download(calendar([etape], name=etape.title), f"{etape.slug}.ics")


def calendrier_ics(index_page: Any, request: HttpRequest) -> HttpResponse:
    """Serves ``calendrier.ics`` below the list: the visible étapes with a date, cancelled ones too, that match the query string."""
    from etapes.etape_filter import EtapeFilter
    from etapes.models import EtapePage

    filters = EtapeFilter.parse(request.GET)
    if filters.errors:
        return refuse(request, lambda: EtapeFilter.parse(request.GET).errors)
    etapes = filters.narrow(EtapePage.objects.child_of(index_page).registered().visible().dated().on_the_road())
    name = f"{index_page.title} – {filters.sentence(len(etapes))}" if filters.asked else index_page.title
    return as_download(calendar(etapes.for_cards(), name=name), "calendrier.ics")


def register_routes() -> None:
    from etapes.models import EtapeIndexPage, EtapePage

    add_route(EtapePage, "etape.ics", etape_ics, name="etape_ics")
    add_route(EtapeIndexPage, "calendrier.ics", calendrier_ics, name="calendrier_ics")
