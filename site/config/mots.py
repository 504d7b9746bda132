"""Words of Wagtail's and Django's that this site says better in French: its own catalogue is read before theirs.

Here so that `make messages` finds them. « Ajouter un(e) » agrees with no noun, and isn't read aloud; « fragment », which is
what Wagtail calls a record, tells nobody here that it is a partner or an edition, nor does « workflow »; a file's weight
is told in « Ko » and « Mo » in France, where few have met « Kio » and « Mio ».
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Add %(label)s"),
    _("Add %(model_name)s"),
    _("Current page status:"),
    _("1 snippet selected"),
    _("%(objects)s snippets selected"),
    _("All %(objects)s snippets on this screen selected"),
    _("All snippets in listing selected"),
    _("Select all snippets in listing"),
    _("Delete selected snippets"),
    _("Your pages and snippets in a workflow"),
    _("Page/Snippet"),
    _("%(label)s and Publish"),
    _("Cancel workflow "),
    _("%s KB"),
    _("%s MB"),
    _("%s GB"),
)
