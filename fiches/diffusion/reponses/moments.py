"""When everything that is kept ends by itself."""

from datetime import datetime, time, timedelta

from django.utils import timezone


def midnight(now):
    """Dates are shown as "today", days are counted."""
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=timezone.get_current_timezone())
