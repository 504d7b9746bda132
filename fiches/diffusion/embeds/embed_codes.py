"""The code that a web master copies: frame, address, and the CSP sources that they need."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from fiches.diffusion.embeds import Embed


DEFAULT_WIDTH = "100%"


class Codes:
    """The code snippets of one embed.

    The frame's title names the fiche that it shows: readers of a screen tell two frames of a page apart.
    """

    def __init__(
        self,
        request: HttpRequest,
        embed: "Embed",
        *,
        slug: str = "",
        named: str = "",
        question: Any = (),
        look: Any = (),
        width: int | None = None,
        height: int | None = None,
    ) -> None:
        """:param slug: slug or UUID, for an embed of one page; ``named``: that page's title.
        :param question: ``[(parameter, value)]`` of the query language.
        :param look: ``[(parameter, value)]`` of the theme and the accent.
        :param width: pixels; None for the whole width.
        :param height: pixels; None for the embed's default."""
        self.request, self.embed, self.slug, self.named = request, embed, slug, named
        self.question, self.look = list(question), list(look)
        self.width, self.height = width or DEFAULT_WIDTH, height or embed.hauteur

    @property
    def path(self) -> str:
        """Path and query of the framed page."""
        args = [self.embed.nature, *([self.slug] if self.slug else [])]
        query = urlencode(self.question + self.look)
        return reverse("integration_cadre", args=args) + (f"?{query}" if query else "")

    @property
    def has_own_width(self) -> bool:
        """Whether the width is in pixels rather than 100 %."""
        return self.width != DEFAULT_WIDTH

    @property
    def address(self) -> str:
        return self.request.build_absolute_uri(self.path)

    @property
    def title(self) -> str:
        return _("%(site)s: %(embed)s") % {
            "site": settings.WAGTAIL_SITE_NAME,
            "embed": self.named or self.embed.libelle,
        }

    @property
    def frame(self) -> str:
        return format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" referrerpolicy="origin"'
            ' frameborder="0"></iframe>',
            self.address,
            self.title,
            self.width,
            self.height,
        )

    @property
    def frame_for_wordpress(self) -> str:
        """The frame, after a link that WordPress shows until it knows the frame's height: without one, it never loads the script
        that sizes frames. Elsewhere the link is hidden, since WordPress alone drops the attribute ``hidden``."""
        link = format_html('<blockquote hidden><a href="{}">{}</a></blockquote>', self.address, self.title)
        return link + self.frame

    @property
    def frame_with_loader(self) -> str:
        """The frame, and the script that gives it the height of its contents."""
        script = self.request.build_absolute_uri(reverse("integration_chargeur"))
        return self.frame + format_html('\n<script type="module" src="{}"></script>', script)

    @property
    def policy(self) -> str:
        """The sources that a page's Content-Security-Policy must allow."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.request.build_absolute_uri("/")))
        return f"frame-src {origin}; script-src {origin}"
