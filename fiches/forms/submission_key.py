"""The key of what is sent from a form: sent twice (double click, reload, back button), it is stored once."""

from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django import forms


def submission_key(mark: object, *texts: str) -> UUID:
    """Returns the key of these texts, sent from the opening of a form that ``mark`` identifies: other texts sent from it, after
    the back button, have another key."""
    return uuid5(NAMESPACE_OID, repr((str(mark), *texts)))


class KeyedForm(forms.Form):
    """A form with a hidden key, made when it is shown. Its template renders ``cle``."""

    cle = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput(attrs={"id": False}))

    def submission_key(self, text: str) -> UUID | None:
        """The key of this text, to be stored in a unique column; None if the form was sent without its mark."""
        mark = self.cleaned_data.get("cle")
        return submission_key(mark, text) if mark else None
