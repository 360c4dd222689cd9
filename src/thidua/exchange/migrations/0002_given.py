"""What a file made in the background begins with, for makers of packages above."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_roster"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingfile",
            name="given",
            field=models.JSONField(default=dict),
        ),
    ]
