"""What the road adds to the groups' rights (see `fiches.roles`)."""

from fiches.roles import REDACTION

GRANTS = {REDACTION: {"pages": {"etapes.etapeindexpage": ["add", "change", "publish", "lock", "unlock"]}}}
