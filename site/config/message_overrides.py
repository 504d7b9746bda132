"""Messages of Wagtail and Django that this site translates anew: its own catalogue is read before theirs.

They are listed here so that `make messages` extracts them. Reasons: « Ajouter un(e) » can't be read aloud; « fragment »
(snippet) and « workflow » mean nothing to our staff; file sizes are given in « Ko » and « Mo » in France, not « Kio » and
« Mio »; messages of forms say what to do.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

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
    _("Status"),
    _("Preview"),
    _("Hello %(username)s,"),
    _("Save"),
    _("Sort by"),
    _("Show"),
    _("Embed"),
    _("Comment"),
    _("%s KB"),
    _("%s MB"),
    _("%s GB"),
    _("This field is required."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Enter a valid value."),
    _("Enter a valid URL."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a valid date/time."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("No file was submitted. Check the encoding type on the form."),
    _("No file was submitted."),
    _("The submitted file is empty."),
    _("Null characters are not allowed."),
)

TOO_LONG = ngettext_lazy(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)
