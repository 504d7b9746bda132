"""The search reads the register of what is public: its own index goes. Undone, the tables come back empty."""

from django.db import migrations

from fiches.publications.words import WordsTable

WORDS = WordsTable("search_entree_mots")


def drop_words(apps, schema_editor):
    WORDS.drop(schema_editor)


def create_words(apps, schema_editor):
    WORDS.create(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_entrees")]

    operations = [
        migrations.RunPython(drop_words, create_words),
        migrations.DeleteModel(name="Citation"),
        migrations.DeleteModel(name="Entree"),
    ]
