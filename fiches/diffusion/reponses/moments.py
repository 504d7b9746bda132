"""When pages change by themselves."""

from datetime import datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone
from wagtail.models import Page


def midnight(now):
    """Dates are shown as "today", days are counted."""
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=timezone.get_current_timezone())


def pages(now):
    """A page expires. One that goes live is published by the scheduler, which writes."""
    return Page.objects.filter(live=True, expire_at__gt=now).order_by().aggregate(next=Min("expire_at"))["next"]
