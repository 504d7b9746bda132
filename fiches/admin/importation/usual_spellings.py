"""What people write for a choice of the fiche, beside its label: ``{field: {stored value: spellings}}``, compared without case,
accents, hyphens or full stops."""

USUAL_SPELLINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "statut": {
        "association": (
            "asso", "asso loi 1901", "assoc", "association 1901", "association loi 1901", "association (loi 1901)",
            "association loi de 1901", "association (loi de 1901)", "association de loi 1901", "associatif", "associative", "associations",
            "loi 1901",
        ),
        "sarl": ("société à responsabilité limitée",),
        "eurl": ("entreprise unipersonnelle à responsabilité limitée",),
        "sas": ("société par actions simplifiée",),
        "sasu": ("société par actions simplifiée unipersonnelle",),
        "sa": ("société anonyme",),
        "scop": ("société coopérative et participative", "société coopérative de production"),
        "scic": ("société coopérative d'intérêt collectif", "société coopérative d’intérêt collectif"),
        "cooperative": ("coop", "cuma", "sica", "coopérative agricole", "société coopérative"),
        "mutuelle": ("mutuelles", "mutualité"),
        "fondation": ("fondations", "fonds de dotation", "fondation reconnue d'utilité publique"),
        "ei": ("auto-entrepreneur", "auto-entreprise", "micro-entreprise", "micro-entrepreneur", "indépendant"),
        "groupement": ("gie", "geie", "gip", "groupement d'employeurs", "groupement d’intérêt économique"),
        "public": (
            "collectivité", "collectivité territoriale", "commune", "mairie", "établissement public", "epci", "secteur public",
        ),
        "autre": ("autres",),
    },
}  # fmt: skip
