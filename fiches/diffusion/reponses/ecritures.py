"""What is written to the database, seen where it is written: no change escapes, whatever code makes it.

Each table has its mark. A table that nobody described may be shown anywhere: writing to it changes everything.
"""

import re
from functools import cache

from django.apps import apps
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from modelcluster.fields import ParentalKey
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, get_page_models

from fiches.dependances import ETAPES, MEDIAS, PAGES, REPERES, wrote
from fiches.diffusion.reponses.changements import ALL, tell
from fiches.recherche.page import ONLY_DRAFTS

WRITE = re.compile(r'\s*(INSERT|REPLACE|UPDATE|DELETE)(?:\s+OR\s+\w+)?(?:\s+INTO|\s+FROM)?\s+"?(\w+)"?', re.IGNORECASE)
SET = re.compile(r'"(\w+)" = ')
LET_GO = re.compile(r'UPDATE "(\w+)" SET "(\w+)" = NULL WHERE \(?"\1"\."\2" (?:=|IN) ')
"""What Django writes where a page that is being deleted was referred to."""
NOTHING = frozenset()

UNSEEN_APPS = {
    "account", "admin", "auth", "contenttypes", "django_tasks_database", "mfa", "reponses", "sessions", "wagtailadmin",
    "wagtailembeds", "wagtailsearch", "wagtailusers",
}  # fmt: skip
UNSEEN_OF_WAGTAIL = {
    "apitoken", "comment", "commentreply", "editingsession", "groupapprovaltask", "groupapprovaltask_groups",
    "groupcollectionpermission", "grouppagepermission", "groupsitepermission", "modellogentry", "pagelogentry",
    "pagesubscription", "referenceindex", "revision", "task", "taskstate", "uploadedfile", "workflow",
    "workflowcontenttype", "workflowpage", "workflowstate", "workflowtask",
}  # fmt: skip
DRAWN = {
    "diffusion.trace", "diffusion.version", "fiches.ligne", "fiches.mot", "fiches.piece", "fiches.variante", "fiches.versionderecherche",
    "search.citation", "search.entree",
}  # fmt: skip
"""Made from other tables, whose own writing is told, sometimes by who reads first."""
UNSEEN = {
    # What staff, juries, partners and visitors do, of which the public sees nothing.
    "etapes.annonce", "etapes.jetondinscription", "fiches.approbationtask", "fiches.bilan", "fiches.fichesupprimee",
    "fiches.importation", "fiches.lien", "fiches.ligneimportee", "fiches.vue",
    "fiches.approbationtask_groups", "fiches.courriel", "fiches.echeance", "fiches.modeledecourriel",
    "fiches.partenaire_membres", "fiches.recherchevaine", "fiches.relecturetask", "fiches.relecturetask_groups",
    "palmares.deport", "palmares.evaluation", "palmares.note",
}  # fmt: skip
SEEN_APPS = {"candidatures": {"appel"}, "diffusion": {"trace", "version"}}
"""Apps of which the public sees these models only."""
MARKS = {
    "fiches.critere": REPERES,
    "fiches.commune": REPERES,
    "fiches.dimension": REPERES,
    "fiches.edition": REPERES,
    "fiches.motcle": REPERES,
    "fiches.partenaire": REPERES,
    "fiches.synonyme": REPERES,
    "etapes.inscription": ETAPES,
    "candidatures.appel": PAGES,
    "home.reference": PAGES,
}
LISTED_APART = {"fiches.edition", "fiches.motcle", "fiches.commune"}
"""A new one is on no page yet: the page that will show it tells of itself."""


def unseen(*labels):
    """Called from ``AppConfig.ready()``: the public sees nothing of these models (``"app.model"``) or apps (``"app"``)."""
    for label in labels:
        (UNSEEN if "." in label else UNSEEN_APPS).add(label.lower())
    marks_of_tables.cache_clear()


_watched = True


def watch_connections():
    connection_created.connect(_watch_connection, dispatch_uid="reponses_watch")
    pre_migrate.connect(_tables_change, dispatch_uid="reponses_tables_change")
    post_migrate.connect(_tables_changed, dispatch_uid="reponses_tables_changed")
    for connection in connections.all(initialized_only=True):
        _watch_connection(None, connection)


def _tables_change(**kwargs):
    """While tables are made, ours may not be there; what migrations write is told at their end."""
    global _watched
    _watched = False


def _tables_changed(app_config, using, **kwargs):
    global _watched
    if app_config.label != "reponses":
        return
    if "reponses_changement" in connections[using].introspection.table_names():
        _watched = True
        tell({ALL}, using)


def _watch_connection(sender, connection, **kwargs):
    if _watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watch)


def _watch(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    written = WRITE.match(sql) if _watched and isinstance(sql, str) else None
    if written:
        verb, table = written[1].upper(), written[2]
        marks = marks_of(verb, table, sql)
        if not is_drawn(table):
            wrote()
        if marks:
            tell(marks, context["connection"].alias)
    return result


@cache
def is_drawn(table):
    """Whether writing there is no more than remembering what was made: a response that did so can be kept."""
    models = {model._meta.db_table: model._meta.label_lower for model in apps.get_models()}
    return models.get(table) in {*DRAWN, _renditions(), "reponses.changement"}


def _renditions():
    return get_image_model()._meta.get_field("renditions").related_model._meta.label_lower


def marks_of(verb, table, sql):
    """What changes with this statement."""
    if table in page_tables():
        return _marks_of_page(verb, table, sql)
    known = marks_of_tables()
    if table not in known:
        return {ALL}
    label, mark = known[table]
    return NOTHING if verb == "INSERT" and label in LISTED_APART else mark


def _marks_of_page(verb, table, sql):
    """Pages that are saved, published, moved and deleted tell of themselves (see ``signaux``); what is left is code that
    writes some columns of many at once."""
    if verb != "UPDATE" or _lets_a_page_go(sql):
        return NOTHING
    columns = set(SET.findall(sql.partition(" WHERE ")[0]))
    whole = page_tables()[table]
    drafts = ONLY_DRAFTS | {"numchild", "latest_revision_id", "live_revision_id", "locked_by_id"}
    return NOTHING if columns <= drafts or columns >= whole else {ALL}


def _lets_a_page_go(sql):
    found = LET_GO.match(sql)
    return bool(found) and found[2] in references_to_pages().get(found[1], ())


@cache
def references_to_pages():
    """``{table: the columns that name a page}``."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if field.is_relation and isinstance(field.related_model, type) and issubclass(field.related_model, Page):
                found.setdefault(model._meta.db_table, set()).add(field.column)
    return found


@cache
def page_tables():
    """``{table: the columns that saving a whole page writes}``, child tables among them."""
    tables = {}
    for model in {Page, *get_page_models()}:
        tables[model._meta.db_table] = _columns(model)
        for related in model._meta.related_objects:
            child = related.related_model
            if isinstance(related.field, ParentalKey) and not _is_unseen(child._meta):
                tables[child._meta.db_table] = _columns(child)
    return tables


def _columns(model):
    return {field.column for field in model._meta.local_concrete_fields if not field.primary_key} or {""}


@cache
def marks_of_tables():
    """``{table: (label, marks)}`` of the tables of which something is known; no marks where the public sees nothing."""
    found = {"django_migrations": ("", NOTHING), "django_content_type": ("", NOTHING)}
    media = {get_image_model()._meta.label_lower, get_document_model()._meta.label_lower}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if _is_unseen(model._meta) or label == _renditions():
            found[model._meta.db_table] = (label, NOTHING)
        elif label in media:
            found[model._meta.db_table] = (label, frozenset([MEDIAS]))
        elif label in MARKS:
            found[model._meta.db_table] = (label, frozenset([MARKS[label]]))
    for table in ("fiches_recherche_mots", "search_entree_mots", "wagtailsearch_indexentry_fts"):
        found[table] = ("", NOTHING)
    return found


def _is_unseen(options):
    app, name = options.app_label, options.model_name
    if app in SEEN_APPS and name not in SEEN_APPS[app]:
        return True
    unseen = app in UNSEEN_APPS or options.label_lower in UNSEEN | DRAWN
    return unseen or (app == "wagtailcore" and name in UNSEEN_OF_WAGTAIL)
