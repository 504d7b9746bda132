"""The admin's list of the mails with their present wording, and the form that changes one."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AbstractUser
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import (
    DeleteView,
    EditView,
    IndexView,
    PreviewOnEditView,
    SnippetViewSet,
)

from fiches.mail.wordings import LETTERS, default_wording, title_of
from fiches.models import ModeleDeCourriel

# The action of the history: the staff's wording was deleted, the mail has its default one.
RESTORED = "rallynov.wording.restore"


class NothingToAdd(ModelPermissionPolicy):
    """A permission policy without "add": the apps declare the mails, staff only word them."""

    def user_has_permission(self, user: AbstractUser, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)


register_permission_policy(ModeleDeCourriel, NothingToAdd(ModeleDeCourriel))


def present_wording(cle: str) -> ModeleDeCourriel:
    """The staff's wording of a mail; without one, an unsaved object with the default wording.

    :raises Http404: no app declares this mail.
    """
    if cle not in LETTERS:
        raise Http404
    return ModeleDeCourriel.objects.filter(pk=cle).first() or _default(cle)


def present_wordings() -> list[ModeleDeCourriel]:
    """The present wording of each mail, in the order of the apps. One query."""
    own = ModeleDeCourriel.objects.in_bulk()
    return [own.get(cle) or _default(cle) for cle in LETTERS]


def _default(cle: str) -> ModeleDeCourriel:
    objet, texte = default_wording(cle)
    return ModeleDeCourriel(cle=cle, objet=objet, texte=texte)


class TextColumn(Column):
    """Shows the first 140 characters of the mail's text."""

    def get_value(self, instance: ModeleDeCourriel) -> str:
        return Truncator(" ".join(instance.texte.split())).chars(140)


class WordingColumn(Column):
    """Whether staff changed the wording, and the link that takes the default one back."""

    cell_template_name = "fiches/admin/_texte_d_origine.html"


class WordingIndexView(IndexView):
    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [column for column in super().columns if column.name != "bulk_actions"]

    def get_queryset(self) -> list[ModeleDeCourriel]:
        searched = self.search_query.casefold()
        return [each for each in present_wordings() if searched in f"{each} {each.objet} {each.texte}".casefold()]

    def get_list_more_buttons(self, instance: ModeleDeCourriel) -> list[Any]:
        return []


class WordingEditView(EditView):
    def get_object(self, queryset: Any = None) -> ModeleDeCourriel:
        self.live_object = present_wording(self.object_pk)
        return self.live_object

    def get_usage_url(self) -> None:
        return None

    def get_history_url(self) -> str | None:
        return super().get_history_url() if self.object.est_redige else None

    def get_editing_sessions(self) -> Any:
        """None for a default wording: Wagtail follows who edits a stored object."""
        return super().get_editing_sessions() if self.object.est_redige else None

    @property
    def can_delete(self) -> bool:
        return False  # the button under the text does it

    def save_instance(self) -> ModeleDeCourriel:
        """Saves the wording, unless it is the default one: then no row is needed."""
        if self.form.instance.est_d_origine:
            log(self.form.instance, RESTORED, user=self.request.user)
            ModeleDeCourriel.objects.filter(pk=self.form.instance.pk).delete()
            return self.form.instance
        return super().save_instance()

    def get_success_message(self, instance: ModeleDeCourriel | None = None) -> str:
        return _("“%(mail)s” is saved: the next mails have this text.") % {"mail": self.object}

    def get_error_message(self) -> str:
        return _("Nothing is saved yet: see the message beside the text. What you typed is kept.")


class WordingPreview(PreviewOnEditView):
    def get_object(self) -> ModeleDeCourriel:
        return present_wording(unquote(self.kwargs["pk"]))


class WordingResetView(DeleteView):
    """Deletes the staff's wording, once its reader confirmed it: the mail has its default one again."""

    page_title = gettext_lazy("Take the default text back")

    @property
    def confirmation_message(self) -> str:
        return _("The text written here is deleted, and the mail has its default text again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"origine": _default(self.object.pk)}

    def delete_action(self) -> None:
        self.action_class(self.object, user=self.request.user, log_action=RESTORED).execute(skip_permission_checks=True)

    def get_success_message(self) -> str:
        return _("“%(mail)s” has its default text again.") % {"mail": title_of(unquote(self.kwargs["pk"]))}


class ModeleDeCourrielViewSet(SnippetViewSet):
    model = ModeleDeCourriel
    icon = "mail"
    menu_label = gettext_lazy("Mail texts")
    index_view_class = WordingIndexView
    index_template_name = "wagtailadmin/generic/index.html"
    edit_view_class = WordingEditView
    delete_view_class = WordingResetView
    delete_template_name = "fiches/admin/reprendre_le_texte.html"
    preview_on_edit_view_class = WordingPreview
    copy_view_enabled = False
    list_per_page = 0
    list_display = [
        "__str__",
        Column("objet", label=gettext_lazy("Subject")),
        TextColumn("texte", label=gettext_lazy("Present text")),
        WordingColumn("etat", label=gettext_lazy("Wording"), accessor="pk"),
    ]
    search_fields = ["objet", "texte"]
    search_backend_name = None
