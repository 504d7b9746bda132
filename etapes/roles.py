"""What the road adds to the groups' rights (see `fiches.moderation.roles`)."""

from fiches.moderation.roles import REDACTION

GRANTS = {REDACTION: {"pages": {"etapes.etapeindexpage": ["add", "change", "publish", "lock", "unlock"]}}}
