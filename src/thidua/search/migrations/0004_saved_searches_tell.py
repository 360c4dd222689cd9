import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0003_sets_of_slots")]

    operations = [
        migrations.AddField("savedsearch", "is_told", models.BooleanField(default=False)),
        migrations.AlterField("savedsearch", "is_told", models.BooleanField(default=True)),
        migrations.AddField(
            "savedsearch",
            "known",
            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
        ),
    ]
