"""What nobody may do to an étape that people count on, nor to the list above it: it is cancelled, which mails these people."""

from django.utils.functional import cached_property

from fiches.moderation.permissions import RallyPermissionTester


class EtapePermissionTester(RallyPermissionTester):
    """The permissions on an étape, or on the list of étapes: while people count on one, it is neither deleted, taken off the site
    nor made private."""

    @cached_property
    def is_awaited(self) -> bool:
        from etapes.models import EtapePage

        read = getattr(self.page, "attendue", None)  # `EtapeQuerySet.with_awaited`
        below = EtapePage.objects.filter(path__startswith=self.page.path)
        return below.awaited().exists() if read is None else read

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and not self.is_awaited

    def can_unpublish(self) -> bool:
        return super().can_unpublish() and not self.is_awaited

    def can_set_view_restrictions(self) -> bool:
        return super().can_set_view_restrictions() and not self.is_awaited
