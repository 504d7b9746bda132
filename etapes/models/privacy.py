"""Mixin that removes Wagtail's privacy setting from étapes that have registrations."""


class PublicWhileExpected:
    """For étapes and pages above them: Wagtail offers no privacy setting while the page is public and there are active
    registrations for it or for étapes below it."""

    @property
    def private_page_options(self) -> list[str]:
        from etapes.inscriptions.registration_guard import kept_online

        if kept_online([self], below=True) and not self.get_view_restrictions().exists():
            return []
        return super().private_page_options
