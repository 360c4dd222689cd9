from django.db import migrations, models

# As `domain.strengths` counts them, level by level from the deepest.
COUNT = """
UPDATE orgs_unit u SET members = n.members FROM (
    SELECT u.id, coalesce(
        CASE WHEN u.established_on <= current_date AND (u.ended_on IS NULL OR u.ended_on > current_date) THEN (
            SELECT h.members FROM orgs_headcount h WHERE h.unit_id = u.id AND h.on <= current_date
            ORDER BY h.on DESC LIMIT 1
        ) END,
        (SELECT sum(c.members) FROM orgs_unit c WHERE c.parent_id = u.id), 0) AS members
    FROM orgs_unit u WHERE u.depth = %s
) n WHERE n.id = u.id AND n.members <> u.members
"""


def count(apps, schema_editor):
    unit = apps.get_model("orgs", "Unit")
    deepest = unit.objects.aggregate(deepest=models.Max("depth"))["deepest"] or 0
    with schema_editor.connection.cursor() as cursor:
        for depth in range(deepest, -1, -1):
            cursor.execute(COUNT, [depth])


class Migration(migrations.Migration):
    dependencies = [("orgs", "0003_list_indexes")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="members",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
