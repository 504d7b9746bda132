"""The register holds what finding needs of each page: the flat table of the search, its words and its slips go.

Its columns are filled once all migrations are done, by :func:`fiches.publications.ledger.rebuild`.
"""

import datetime

import django.db.models.deletion
from django.db import migrations, models

from fiches.publications.words import TABLE, WordsTable

WORDS, OLD_WORDS = WordsTable(TABLE), WordsTable("fiches_recherche_mots")
UNDATED = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def replace_words(apps, schema_editor):
    OLD_WORDS.drop(schema_editor)
    WORDS.create(schema_editor)


def restore_words(apps, schema_editor):
    WORDS.drop(schema_editor)
    OLD_WORDS.create(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("fiches", "0016_publications")]

    operations = [
        migrations.AddField("publication", "language", models.CharField("language", blank=True, max_length=100)),
        migrations.AddField("publication", "url_path", models.TextField(blank=True, help_text="Of a page, its path in the tree; a document has none.")),
        migrations.AddField("publication", "title", models.CharField("title", blank=True, max_length=255)),
        migrations.AddField("publication", "organisation", models.CharField("organisation", blank=True, max_length=200)),
        migrations.AddField("publication", "folded_title", models.CharField(blank=True, help_text="Its words as they are searched.", max_length=600)),
        migrations.AddField("publication", "folded_organisation", models.CharField(blank=True, max_length=600)),
        migrations.AddField("publication", "date", models.DateTimeField(default=UNDATED, help_text="When it first appeared; of an étape, when it begins.")),
        migrations.AddField("publication", "commune", models.CharField(blank=True, max_length=5)),
        migrations.AddField("publication", "departement", models.CharField(blank=True, max_length=3)),
        migrations.AddField("publication", "latitude", models.FloatField(db_index=True, null=True)),
        migrations.AddField("publication", "longitude", models.FloatField(null=True)),
        migrations.AddField("publication", "by_centre", models.BooleanField(default=False, help_text="Whether the place is the centre of its commune.")),
        migrations.AddField("publication", "sphere", models.CharField(blank=True, max_length=10)),
        migrations.AddField("publication", "statut", models.CharField(blank=True, max_length=20)),
        migrations.AddField("publication", "tranche", models.CharField(blank=True, max_length=10)),
        migrations.AddField("publication", "edition", models.CharField(blank=True, max_length=5)),
        migrations.AddField("publication", "partenaire", models.CharField(blank=True, help_text="Key of the associated partner.", max_length=20)),
        migrations.AddField("publication", "criteres", models.TextField(help_text="Keys of its criteria, such as « 3 17 », in its own order.", null=True)),
        migrations.AddField("publication", "mots_cles", models.TextField(help_text="The same of its keywords.", null=True)),
        # The long columns come last: SQLite reads a row from its beginning. What was built is built again with the rest.
        migrations.AddField("publication", "text", models.TextField(blank=True, help_text="What a search quotes.")),
        migrations.AddField("publication", "words", models.TextField(blank=True, help_text="Its folded words, each once, in order: those that Mot counts.")),
        migrations.RemoveField("publication", "contents"),
        migrations.AddField(
            "publication",
            "contents",
            models.TextField(help_text="JSON for the outside; null: to be built when next asked for.", null=True),
        ),
        migrations.AddIndex(
            "publication",
            models.Index(
                fields=[
                    *("kind", "departement", "sphere", "statut", "tranche", "edition", "partenaire", "commune", "language"),
                    *("withdrawn_at", "expires_at", "changed_at", "latitude", "longitude", "date", "object_id"),
                ],
                name="fiches_publication_facets",
            ),
        ),
        migrations.AddIndex(
            "publication", models.Index(fields=["kind", "-date", "-object_id"], name="fiches_publication_latest")
        ),
        migrations.CreateModel(
            name="PublicationValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "publication",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="fiches.publication",
                    ),
                ),
                ("facet", models.CharField(max_length=20)),
                ("value", models.CharField(help_text="Key of the record.", max_length=20)),
            ],
            options={
                "verbose_name": "value of a public page",
                "default_permissions": (),
                "indexes": [models.Index(fields=["facet", "value", "publication"], name="fiches_value_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("publication", "facet", "value"), name="fiches_value_once")
                ],
            },
        ),
        migrations.RunPython(replace_words, restore_words),
        migrations.DeleteModel("Ligne"),
        migrations.DeleteModel("Variante"),
    ]
