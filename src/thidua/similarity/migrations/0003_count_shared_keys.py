"""The extension `intarray` counts what two sketches share, thirty times as fast as `unnest` does.

In a schema of its own: its `&&` on the search path would take the place of PostgreSQL's, which the
indexes of sketches serve.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("similarity", "0002_titles_apart")]

    operations = [
        migrations.RunSQL(
            ["CREATE SCHEMA IF NOT EXISTS intarray", "CREATE EXTENSION IF NOT EXISTS intarray SCHEMA intarray"],
            ["DROP EXTENSION intarray", "DROP SCHEMA intarray"],
        ),
    ]
