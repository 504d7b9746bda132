"""Functions and attributes of Wagtail that this site replaces, where no hook, setting or subclass can (see
`fiches.overrides` for the mechanism, `fiches.wagtail_overrides` for the plugin's own).

Installed by `config.urls`.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from fiches.media.upload_forms import SafeAvatarForm
from fiches.overrides import Override


def check_portraits(form_class: Any) -> Any:
    """Replaces the avatar form by one that validates and cleans the image."""
    return SafeAvatarForm


def title_with_its_colon(_original: Callable) -> Callable:
    """Writes the colon between the title and the subtitle of a screen as the language does: « Retirer du site : Le four »."""

    def header_title(self: WagtailAdminTemplateMixin) -> str:
        title, subtitle = self.get_page_title(), self.get_page_subtitle()
        return f"{title}{_(':')} {subtitle}" if subtitle else title

    return header_title


OVERRIDES = [
    Override(
        AvatarSettingsPanel,
        "form_class",
        check_portraits,
        digest="1f3cd3a6695d",
        reason="The account's view makes its own panels; register_account_settings_panel adds to them and takes none away, and "
        "there is no setting for this form.",
        promise="tests/home/test_portraits.py::test_a_hostile_portrait_is_refused_in_words",
    ),
    Override(
        WagtailAdminTemplateMixin,
        "get_header_title",
        title_with_its_colon,
        digest="8d7bdeece049",
        reason="Each view of the admin has this mixin, and the colon is no message.",
        promise="tests/config/test_wagtail_french.py::test_the_titles_of_the_screens_have_the_colon_of_the_language",
    ),
]
