"""Words of Wagtail's that this site says better in French: its own catalogue, where they stand, is read before Wagtail's.

Here so that `make messages` finds them. « Ajouter un(e) » agrees with no noun, and isn't read aloud.
"""

from django.utils.translation import gettext_noop as _

WORDS = (_("Add %(label)s"), _("Add %(model_name)s"), _("Current page status:"))
