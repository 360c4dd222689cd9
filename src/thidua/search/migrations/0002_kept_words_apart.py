from django.db import migrations

# Their documents held the words that authors keep among those anybody in the office finds by. What has no document
# is indexed anew within minutes, the newest first (search.catch_up); until then it is not found rather than told.
FORGOTTEN = """
    DELETE FROM search_document d USING initiatives_initiative i
    WHERE i.id = d.initiative_id AND (i.disclosure = 'council' OR cardinality(i.sealed) > 0)
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("initiatives", "0003_dossier_in_law")]
    operations = [migrations.RunSQL(FORGOTTEN, migrations.RunSQL.noop)]
