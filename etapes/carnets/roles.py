"""What the road books add to the groups' rights (see `fiches.roles`)."""

from fiches.roles import REDACTION

GRANTS = {REDACTION: {"pages": {"carnets.carnetindexpage": ["add", "change", "publish", "lock", "unlock"]}}}
