"""Who may do what with the palmarès (see `fiches.moderation.roles`, and docs/redaction.md).

Communication prepares: categories, criteria, nominations, invitations, the opening of the scoring. Moderators close it,
read the ranking, record what the jury decided and announce it: until the embargo ends they alone know. A juror's group
gives no right at all, not even to come into the admin: their screen is outside it, and shows what their own name opens.
"""

from fiches.moderation.roles import MODERATION, REDACTION, records

JURY = "Jury"

GRANTS = {
    REDACTION: {
        "permissions": records("palmares.palmares", "palmares.categorie"),
        "pages": {"palmares.palmarespage": ["add", "change", "publish", "lock", "unlock"]},
    },
    MODERATION: {
        "permissions": [
            *records("palmares.palmares", "palmares.categorie", actions=["view"]),
            "palmares.decide_palmares",
        ],
    },
    JURY: {},
}
