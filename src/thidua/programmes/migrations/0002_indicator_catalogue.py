"""The indicators plans speak of; those with a measure are counted, the others reported by hand."""

from django.db import migrations

INDICATORS = [
    ("initiatives", "Sáng kiến", "Initiatives", "counted", "count"),
    ("participation_rate", "Tỷ lệ đoàn viên có sáng kiến", "Members with an initiative", "people", "percent"),
    ("benefit", "Giá trị làm lợi (đồng)", "Benefit (VND)", "benefit", "count"),
    ("members_organised", "Đoàn viên kết nạp mới", "Members organised", "", "count"),
    ("grassroots_unions_founded", "Công đoàn cơ sở thành lập mới", "Grassroots unions founded", "", "count"),
    ("agreements_signed", "Thoả ước lao động tập thể được ký", "Collective agreements signed", "", "count"),
    ("dialogues_held", "Cuộc đối thoại tại nơi làm việc", "Dialogues held", "", "count"),
    ("workers_cared_for_tet", "Người lao động được chăm lo Tết", "Workers cared for at Tết", "", "count"),
    ("supervisions", "Cuộc giám sát chế độ, chính sách", "Supervision visits", "", "count"),
    ("articles_published", "Tin, bài tuyên truyền", "Articles published", "", "count"),
    ("units_responding", "Tỷ lệ đơn vị hưởng ứng", "Units responding", "", "percent"),
    ("other", "Chỉ tiêu khác", "Other", "", "count"),
]


def seed(apps, _schema_editor):
    indicator = apps.get_model("programmes", "Indicator")
    for position, (code, name, name_en, measure, amount) in enumerate(INDICATORS):
        indicator.objects.update_or_create(
            code=code,
            defaults={
                "name": name,
                "name_en": name_en,
                "measure": measure,
                "amount": amount,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
