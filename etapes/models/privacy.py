"""Which étapes can be made private."""


class PublicWhileExpected:
    """For a page that is an étape or stands above some: Wagtail offers no privacy setting for it while it is public and
    active registrations exist for it, or for étapes below it."""

    @property
    def private_page_options(self) -> list[str]:
        from etapes.inscriptions.attendues import kept_online

        if kept_online([self], below=True) and not self.get_view_restrictions().exists():
            return []
        return super().private_page_options
