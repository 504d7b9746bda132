"""What a form that collects personal data says beside itself (article 13 of the GDPR)."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class PrivacyNotice(NamedTuple):
    """The part of a privacy notice that differs from one form to another; each attribute is a text for the public.

    ``fiches/_vos_donnees.html`` draws it, with the controller, the rights and the complaint: the form's template includes
    that file ``with notice=…``.
    """

    purpose: Words
    kept_for: Words
    recipients: Words = _("the rally’s team")
    legal_basis: Words = _("your consent (article 6.1.a of the GDPR), which you can take back at any time")
