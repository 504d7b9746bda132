"""robots.txt, security.txt and favicon.ico."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fiches.mail.wordings import contact_address

ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /api/
Allow: /candidature/$
Disallow: /candidature/
Disallow: /documents/

Sitemap: {sitemap}
"""


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    text = ROBOTS.format(sitemap=settings.BASE_URL + reverse("sitemap"))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def security_txt(request: HttpRequest) -> HttpResponse:
    """security.txt (RFC 9116): contact for vulnerability reports."""
    contact = contact_address()
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {f'mailto:{contact}' if contact else settings.BASE_URL}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.BASE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """For clients that request it without reading a page; pages link to their own icons."""
    return HttpResponseRedirect(static("brand/favicon-32.png"))
