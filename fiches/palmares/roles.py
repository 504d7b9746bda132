"""Permissions of the groups on the palmarès (see `fiches.moderation.roles`, and docs/redaction.md).

The editors' group prepares: categories, criteria, nominations, invitations, opening of the scoring. The moderators' group
closes it, reads the ranking, records the jury's decisions and announces them; until the embargo ends, only moderators see the
results. The jury's group has no permission, not even access to the admin: the jury's screens check the user's `Jure` rows.
"""

from fiches.moderation.roles import MODERATION, REDACTION, records

JURY = "Jury"

GRANTS = {
    REDACTION: {
        "permissions": records("rallynov_palmares.palmares", "rallynov_palmares.categorie"),
        "pages": {"rallynov_palmares.palmarespage": ["add", "change", "publish", "lock", "unlock"]},
    },
    MODERATION: {
        "permissions": [
            *records("rallynov_palmares.palmares", "rallynov_palmares.categorie", actions=["view"]),
            "rallynov_palmares.decide_palmares",
        ],
    },
    JURY: {},
}
