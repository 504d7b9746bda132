"""Permissions that the étapes add to the groups (see `fiches.moderation.roles`)."""

from fiches.moderation.roles import REDACTION

GRANTS = {REDACTION: {"pages": {"rallynov_etapes.etapeindexpage": ["add", "change", "publish", "lock", "unlock"]}}}
