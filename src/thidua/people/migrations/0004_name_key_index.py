from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_name_key")]

    operations = [
        migrations.AddIndex("person", models.Index(fields=["name_key", "birth_year"], name="people_person_alike")),
    ]
