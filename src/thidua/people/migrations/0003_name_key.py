"""The folded name, for finding duplicates; filled for the people there are."""

from django.db import migrations, models

_BATCH = 5000


def fill(apps, schema_editor):
    from thidua.people.queries import name_key

    person_model = apps.get_model("people", "Person")
    batch = []
    for person in person_model.objects.only("pk", "full_name").iterator(chunk_size=_BATCH):
        person.name_key = name_key(person.full_name)
        batch.append(person)
        if len(batch) == _BATCH:
            person_model.objects.bulk_update(batch, ["name_key"], batch_size=1000)
            batch = []
    person_model.objects.bulk_update(batch, ["name_key"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_roster")]

    operations = [
        migrations.AddField("person", "name_key", models.CharField(max_length=120, default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
