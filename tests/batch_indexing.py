"""Pages made together: Wagtail's indexes and the register are brought up to date once, for all of them."""

import contextlib
from collections import defaultdict
from unittest import mock

from django.apps import apps
from modelcluster.fields import ParentalKey
from modelsearch import signal_handlers as search_signals
from modelsearch.backends import get_search_backends
from wagtail import signal_handlers as reference_signals

from fiches.publications import ledger, receivers
from fiches.publications.version import touch


class DeferredTask:
    """A task of Wagtail's, put off. Attribute: wanted ({model: keys of the records})."""

    def __init__(self):
        self.task, self.wanted = None, defaultdict(dict)

    def enqueue(self, app, model, key):
        self.wanted[apps.get_model(app, model)][key] = None


class DeferredTouches:
    """`version.touch`, put off. Attribute: wanted (whether it was asked)."""

    def __init__(self):
        self.wanted = False

    def __call__(self):
        self.wanted = True


class DeferredRecords:
    """`ledger.record`, put off. Attribute: wanted ({(kind, options): keys of the pages})."""

    def __init__(self):
        self.wanted = defaultdict(dict)

    def __call__(self, name, keys, *, build=True, at_once=False, **options):
        self.wanted[name, *sorted(options.items())] |= dict.fromkeys(keys)
        return True


def indexed_owner(model, key):
    """``(the names of a model, a key)``: the record that the reference index knows, which is what this one is a part of, if it is."""
    for field in model._meta.get_fields():
        if isinstance(field, ParentalKey):
            owner = model._base_manager.values_list(field.attname, flat=True).get(pk=key)
            return indexed_owner(field.related_model, str(owner))
    return (model._meta.app_label, model._meta.model_name), key


_open_blocks = []


@contextlib.contextmanager
def batch_indexing():
    """What is saved inside is in the indexes and in the register at the end of the block, as if it had been saved by itself. Thirty
    pages take a third of the time. Inside the block the indexes and the register know nothing of it: read after."""
    if _open_blocks:  # a factory's own block, inside that of a test
        yield
        return
    searched, referred, recorded, touched = DeferredTask(), DeferredTask(), DeferredRecords(), DeferredTouches()
    with (
        mock.patch.object(search_signals, "insert_or_update_object_task", searched),
        mock.patch.object(reference_signals, "update_reference_index_task", referred),
        mock.patch.object(ledger, "record", recorded),
        mock.patch.object(receivers, "touch", touched),
    ):
        _open_blocks.append(True)
        try:
            yield
        finally:
            _open_blocks.clear()
    if touched.wanted:
        touch()
    for model, keys in searched.wanted.items():
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(model, list(model.get_indexed_objects().filter(pk__in=keys)))
    for name, key in dict.fromkeys(
        indexed_owner(model, key) for model, keys in referred.wanted.items() for key in keys
    ):
        reference_signals.update_reference_index_task.call(*name, key)
    for (name, *options), keys in recorded.wanted.items():
        ledger.record(name, keys, at_once=True, **dict(options))
