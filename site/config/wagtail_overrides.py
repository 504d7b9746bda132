"""Functions and attributes of Wagtail that this site replaces, where no hook, setting or subclass can (see
`fiches.overrides` for the mechanism, `fiches.wagtail_overrides` for the plugin's own).

Installed by `config.urls`.
"""

from typing import Any

from wagtail.admin.views.account import AvatarSettingsPanel

from fiches.media.upload_forms import SafeAvatarForm
from fiches.overrides import Override


def check_portraits(form_class: Any) -> Any:
    """Replaces the avatar form by one that validates and cleans the image."""
    return SafeAvatarForm


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
]
