from wagtail import blocks


class Bilan(blocks.StructBlock):
    """Un bloc de plus dans le texte des fiches et des carnets."""

    annee = blocks.IntegerBlock(label="année")
    emplois = blocks.IntegerBlock(label="emplois", required=False)
    commentaire = blocks.RichTextBlock(label="commentaire", required=False, features=["bold", "link"])

    class Meta:
        icon = "table"
        label = "bilan"
        template = "reseau/bilan.html"
