"""How long dossiers and tips are kept, and the privacy notices of their forms (see `fiches.forms.public_form`)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.models import Confidentialite
from fiches.forms.public_form import PrivacyNotice

# Settings in months, each with its default.
KEEP_DRAFTS = "RALLYNOV_KEEP_DRAFTS_MONTHS", 6
KEEP_REFUSED = "RALLYNOV_KEEP_REFUSED_MONTHS", 12
KEEP_UNDECIDED = "RALLYNOV_KEEP_UNDECIDED_MONTHS", 24
# How long a tip is kept.
TIPS_MONTHS = 12


def retention_months(name: str, default: int) -> int:
    """The number of months of the setting ``name``, which an operator may change."""
    return getattr(settings, name, default)


def dossier_notice(request: HttpRequest) -> PrivacyNotice:
    """Returns the notice of a dossier, the same on all its forms: request of a link, contacts, proof."""
    return notice_with(Confidentialite.for_request(request).destinataires)


def notice_with(others: str = "") -> PrivacyNotice:
    """Returns the notice of a dossier.

    :param others: who reads it besides the team, in the site's settings.
    """
    team = _("the rally’s team and moderators")
    return PrivacyNotice(
        purpose=_("to study your dossier, publish the fiche of your innovation, and write to you about it"),
        kept_for=format_lazy(
            _(
                "{drafts} months for a dossier that is not sent, {closed} for one that is refused, withdrawn or never "
                "corrected, {undecided} for one that stays without a decision, and as long as its fiche for the others"
            ),
            drafts=retention_months(*KEEP_DRAFTS),
            closed=retention_months(*KEEP_REFUSED),
            undecided=retention_months(*KEEP_UNDECIDED),
        ),
        recipients=format_lazy("{}, {}", team, others) if others else team,
        legal_basis=_(
            "your consent (article 6.1.a of the GDPR), asked for purpose by purpose and withdrawn whenever you wish from "
            "your dossier’s page; only what you agree to is published"
        ),
    )


TIP_NOTICE = PrivacyNotice(
    purpose=_("to read the tip, invite the organisation, and ask you a question about it if need be"),
    kept_for=format_lazy(_("{months} months"), months=TIPS_MONTHS),
    legal_basis=_("a task in the public interest (article 6.1.e of the GDPR); you may object at any time"),
)
