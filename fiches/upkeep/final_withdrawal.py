"""The withdrawal of a page that is not a decision of the staff's: they don't undo it as one."""

from wagtail.actions.unpublish_page import UnpublishPageAction


class FinalWithdrawal(UnpublishPageAction):
    """Wagtail's action, for what the company asked for, or what is undone otherwise: a consent, the bin."""
