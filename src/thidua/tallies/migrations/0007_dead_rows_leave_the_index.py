"""A large reorganisation leaves thousands of dead versions of the sums of a few units.

PostgreSQL leaves them in the index as long as they stand on less than a fiftieth of the table's pages; each
reading of those units' sums then passes over all of them (137,000 pages for 983 rows, seen after a merger of
18,000 units that was rolled back).
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tallies", "0006_declarations_newest")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE tallies_tally SET (vacuum_index_cleanup = on, autovacuum_vacuum_scale_factor = 0.01)",
            "ALTER TABLE tallies_tally RESET (vacuum_index_cleanup, autovacuum_vacuum_scale_factor)",
        ),
    ]
