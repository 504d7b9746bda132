"""The withdrawal of a page that is not a decision of the staff's: nobody puts it back online alone."""

from wagtail.actions.unpublish_page import UnpublishPageAction


class FinalWithdrawal(UnpublishPageAction):
    """Wagtail's action, for what the company asked for, such as a consent withdrawn."""
