"""Identifies a person: the names and phone numbers beside their addresses, and the addresses of their homonyms."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F, JSONField, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from fiches.models import Critere, FichePage, MotCle, Partenaire, Synonyme
from fiches.upkeep.personal_data.person import ADDRESS, Person, plain_name
from fiches.upkeep.personal_data.reading import skim, texts_in
from fiches.upkeep.personal_data.registry import COLUMNS, CONTACTS, OWNED

if TYPE_CHECKING:
    from fiches.upkeep.personal_data.registry import Owned


# Rows whose texts are held in memory at a time.
CHUNK = 500
# Said of a name of :attr:`Person.learnt` that :func:`is_common` finds.
COMMON_NAME = gettext_lazy("“%(name)s” is also an organisation or a word of the site.")


def find_person(
    courriel: str = "",
    nom: str = "",
    *,
    agreed: Callable[[str], bool] = lambda name: False,
    addresses: Iterable[str] = (),
) -> Person:
    """Returns the Person of an address or a full name.

    For an address, adds the phone numbers stored with it, and as :attr:`Person.learnt` the names. Those that are ``agreed(name)``
    become the person's, and bring the phone numbers and other addresses that their own rows give for a person of this name. The
    phone numbers that other contacts of this name give are doubtful.

    :param addresses: the other addresses that staff say are the person's. Those that stand beside a name and are not among them are
        :attr:`Person.homonyms`.
    """
    person = Person(courriel, {nom} if nom else set(), agreed=set(addresses))
    if person.own_addresses:
        person = _with_own_details(person, agreed)
    doubtful: set[str] = set()
    homonyms: dict[str, list[str]] = {}
    for place, name, phone, address in _contacts() if person.names else ():
        if person.is_called(name) and not (person.addresses and person.is_another(name, address)):
            doubtful.add(phone)
        if address.strip() and person.is_named_in(name):
            homonyms.setdefault(address.strip().casefold(), []).extend([place] if place else [])
    homonyms = {address: [] for address in _addresses_in_json(person)} | homonyms
    return person.with_details((), doubtful_phones=doubtful, homonyms=homonyms)


def _addresses_in_json(person: Person) -> Iterator[str]:
    """The addresses that stand beside a name of the person in the JSON of forms, imports and former versions."""
    for model, columns in COLUMNS.items() if person.names else ():
        for name in columns.searched:
            if isinstance(model._meta.get_field(name), JSONField):
                values = model._base_manager.order_by().values_list(Cast(name, TextField()), flat=True)
                for text in values.iterator(chunk_size=CHUNK):
                    if text and person.may_be_in(text):
                        yield from map(str.casefold, map(str.strip, person.addresses_beside(text)))


def addresses_in_texts() -> Iterator[str]:
    """Every e-mail address in a declared column, in lower case, however it is written there; one may come several times."""
    for model, columns in COLUMNS.items():
        for name in columns.searched:
            column = name if isinstance(model._meta.get_field(name), JSONField) else Cast(name, TextField())
            values = model._base_manager.order_by().values_list(column, flat=True)
            for value in values.iterator(chunk_size=CHUNK):
                read = list(texts_in(value))
                yield from map(str.casefold, ADDRESS.findall("\n".join((*read, skim(read)))))


def _with_own_details(person: Person, agreed: Callable[[str], bool]) -> Person:
    learnt: dict[str, list[str]] = {}
    phones: set[str] = set()
    named_beside: list[tuple[str, str, str]] = []
    for each in OWNED:
        for row in own_rows(each, person):
            phones.update(each.phones(row))
            named_beside.extend(each.beside(row))
            for name in each.names(row):
                _learn(learnt, name, _row(row._meta.verbose_name, row.pk))
    for place, name, phone, address in _declared_contacts():
        if address.strip().casefold() in person.own_addresses:
            phones.add(phone)
            _learn(learnt, name, place)
    person = person.with_details(filter(agreed, learnt), phones, learnt=learnt)
    same = [(phone, address) for name, phone, address in named_beside if person.is_called(name)]
    return person.with_details((), [phone for phone, _address in same], [address for _phone, address in same])


def _row(kind: Any, pk: Any) -> str:
    """Returns the label of a row in the admin: its model and its number."""
    return _("%(kind)s no. %(number)s") % {"kind": kind, "number": pk}


def _learn(learnt: dict[str, list[str]], name: str, place: str) -> None:
    """Adds a place to a name, however the name is spelt there."""
    known = next((each for each in learnt if plain_name(each) == plain_name(name)), " ".join(name.split()))
    if place not in learnt.setdefault(known, []):
        learnt[known].append(place)


def is_common(name: str) -> bool:
    """Whether the site calls an organisation, a word of its own or itself so."""
    return plain_name(name) in _words_of_the_site()


def _words_of_the_site() -> set[str]:
    """What the site calls organisations, its words and itself. Whoever fills in a public form may give one as their name."""
    columns = (
        (Site, "site_name"),
        (FichePage, "organisation"),
        (Partenaire, "nom"),
        (Critere, "name"),
        (MotCle, "name"),
    )
    names = {text for model, name in columns for text in model._default_manager.values_list(name, flat=True)}
    terms = {term for group in Synonyme.objects.all() for term in group.liste}
    return {plain_name(text) for text in {*names, *terms, settings.WAGTAIL_SITE_NAME}}


def _contacts() -> Iterator[tuple[str, str, str, str]]:
    """The row, as staff read it, the name, phone number and address of every contact; ``""`` for what it doesn't give."""
    yield from _declared_contacts()
    for read in CONTACTS:
        yield from (("", *contact) for contact in read())


def _declared_contacts() -> Iterator[tuple[str, str, str, str]]:
    """The row, as staff read it, the name, phone number and address of every contact that columns hold."""
    for model, columns in COLUMNS.items():
        kind = model._meta.verbose_name
        for group in columns.contacts:
            beside = {name.rpartition("_")[2]: name for name in group}
            contact = (F(beside[end]) if end in beside else Value("") for end in ("nom", "telephone", "courriel"))
            rows = model._base_manager.values_list("pk", *contact).iterator(chunk_size=CHUNK)
            for pk, name, phone, address in rows:
                yield _row(kind, pk), name or "", phone or "", address or ""


def own_rows(each: "Owned", person: Person) -> list[Any]:
    """The rows of the person's addresses; a mail to two of them comes once."""
    return list({row.pk: row for address in person.own_addresses for row in each.find(address)}.values())
