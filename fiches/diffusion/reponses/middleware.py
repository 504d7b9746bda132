"""Answers with the response that was kept, else makes it and keeps it. Stands before whatever costs something."""

import time

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.utils import timezone
from django.utils.cache import patch_cache_control

from fiches.dependances import next_moment, noted
from fiches.diffusion.reponses import compte, devant
from fiches.diffusion.reponses.changements import EVERY, known
from fiches.diffusion.reponses.demandes import (
    is_for_anyone,
    key_of,
    may_be_kept,
    tidy,
    variant_of,
    varies_with,
)
from fiches.diffusion.reponses.magasin import Kept, conditional, store

LONGEST = 3600
"""Seconds that a response is kept at most, if nothing changes."""
IN_FRONT = 60
"""Seconds that the HTTP cache in front keeps it without asking again (``RALLYNOV_DEVANT_SECONDES``): how long a change
that it wasn't told of lasts."""
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


class KeptResponsesMiddleware:
    """``RALLYNOV_REPONSES_MO`` megabytes of memory in each process; 0 keeps nothing."""

    def __init__(self, get_response):
        if not settings.RALLYNOV_REPONSES_MO:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.every = 0 if devant.addresses() else EVERY
        store.most = settings.RALLYNOV_REPONSES_MO * 1024 * 1024

    def __call__(self, request):
        if not is_for_anyone(request):
            return self.get_response(request)
        request.META["QUERY_STRING"] = tidy(request.META.get("QUERY_STRING", ""))
        key, variant = key_of(request), variant_of(request)
        can_ask = known.look(self.every)
        found = store.get(key, variant)
        if found is not None and found.is_good(known):
            compte.hits += 1
            return self._answer(request, found)
        compte.misses += 1
        return self._make(request, key, variant, can_ask)

    def _make(self, request, key, variant, can_ask):
        conditions = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        position = known.position
        with noted() as shown:
            response = self.get_response(request)
        request.META.update(conditions)
        if not can_ask or shown.wrote or not may_be_kept(request, response):
            return conditional(request, response) if response.status_code == 200 else response
        return self._kept(request, response, shown, key, variant, position)

    def _kept(self, request, response, shown, key, variant, position):
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        names = varies_with(response)
        kept = Kept(
            status=response.status_code,
            headers=dict(response.items()),
            body=response.content,
            marks=shown.known,
            position=position,
            until=ends_at(),
            confirm=shown.confirm,
            each_time=getattr(response, "each_time", None),
        )
        if devant.addresses():
            known.look(0)
            if kept.is_good(known):
                most = getattr(settings, "RALLYNOV_DEVANT_SECONDES", IN_FRONT)
                devant.allow(kept, min(most, int(kept.until - time.time())))
        store.put(key, names, variant, kept)
        return self._answer(request, kept, first=True)

    @staticmethod
    def _answer(request, kept, first=False):
        response = kept.response(request)
        response["Cache-Status"] = "rallynov; fwd=miss; stored" if first else "rallynov; hit"
        if kept.each_time and not first:
            response = kept.each_time(request, response)
        if request.method == "HEAD":
            response.content = b""
        return response


_end = (0, 0.0, None)


def ends_at():
    """Until when what is made now is kept: an hour, or when something next changes by itself."""
    global _end
    position, asked, moment = _end
    now = time.time()
    if position != known.position or now - asked > LONGEST or (moment and now >= moment):
        following = next_moment(timezone.now())
        moment = following.timestamp() if following else None
        _end = (known.position, now, moment)
    return min(now + LONGEST, moment or now + LONGEST)
