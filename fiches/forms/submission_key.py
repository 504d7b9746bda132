"""The key of a form: what is sent twice from it (double click, reload, back button) is stored once."""

from uuid import UUID, uuid4, uuid5

from django import forms


class KeyedForm(forms.Form):
    """A form with a hidden key, made when it is shown. Its template renders ``cle``."""

    cle = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput(attrs={"id": False}))

    def submission_key(self, text: str) -> UUID | None:
        """Returns a key of this text sent from this form, to be stored in a unique column; None without the form's key. Another text
        sent from the form, after the back button, has another key."""
        key = self.cleaned_data.get("cle")
        return uuid5(key, text) if key else None
