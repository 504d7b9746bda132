"""The privacy notice of a form that collects personal data (article 13 of the GDPR)."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class PrivacyNotice(NamedTuple):
    """The parts of the notice that depend on the form; each attribute is a text for the public.

    The form's template includes ``fiches/_vos_donnees.html`` ``with notice=…``, which adds the controller, the rights and how to
    complain.
    """

    purpose: Words
    kept_for: Words
    recipients: Words = _("the rally’s team")
    legal_basis: Words = _("your consent (article 6.1.a of the GDPR), which you can take back at any time")
