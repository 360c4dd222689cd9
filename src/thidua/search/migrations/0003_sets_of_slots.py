import django.contrib.postgres.fields
from django.db import migrations, models

# What a record is found by is no longer in its document: everything is indexed anew, the oldest first
# (search.catch_up). Rows of slots are packed already; to try once more only costs.
EMPTIED = "TRUNCATE search_document"
SLOTS = """
    CREATE SEQUENCE search_slot AS integer;
    ALTER TABLE search_posting ALTER COLUMN slots SET STORAGE EXTERNAL;
    ALTER TABLE search_posting SET (fillfactor = 80, toast.autovacuum_vacuum_scale_factor = 0.05)
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_kept_words_apart")]
    operations = [
        migrations.RunSQL(EMPTIED, EMPTIED),
        migrations.RemoveIndex(model_name="document", name="search_public_filed"),
        migrations.RemoveIndex(model_name="document", name="search_terms"),
        migrations.RemoveIndex(model_name="document", name="search_public_terms"),
        *(
            migrations.RemoveField(model_name="document", name=name)
            for name in ("terms", "public_terms", "filed_on", "kind", "field", "scope")
        ),
        migrations.AddField("document", "slot", models.PositiveIntegerField(unique=True), preserve_default=False),
        migrations.AddField("document", "words", models.BigIntegerField(), preserve_default=False),
        migrations.AddField(
            "document",
            "places",
            django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "term", "first", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("term", models.CharField(db_collation="C", max_length=160)),
                ("first", models.PositiveIntegerField()),
                ("slots", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(SLOTS, "DROP SEQUENCE search_slot"),
    ]
