"""Indicators the system counts by kind, author group and employer; shares of units; yes or no."""

from django.db import migrations

INDICATORS = [
    ("initiatives_filed", "Sáng kiến đã gửi", "Initiatives filed", "filed", "count"),
    ("initiatives_recognised", "Sáng kiến được công nhận", "Initiatives recognised", "recognised", "count"),
    ("initiatives_technical", "Sáng kiến: giải pháp kỹ thuật", "Technical initiatives", "counted/kind:technical", "count"),
    ("initiatives_managerial", "Sáng kiến: giải pháp quản lý", "Managerial initiatives", "counted/kind:managerial", "count"),
    ("initiatives_operational", "Sáng kiến: giải pháp tác nghiệp", "Operational initiatives", "counted/kind:operational", "count"),
    ("initiatives_technology", "Sáng kiến: ứng dụng tiến bộ kỹ thuật", "Technology initiatives", "counted/kind:technology", "count"),
    ("initiatives_research", "Đề tài nghiên cứu", "Research projects", "counted/kind:research", "count"),
    ("initiatives_direct", "Sáng kiến của lao động trực tiếp", "Initiatives of direct workers", "counted/group:direct", "count"),
    ("initiatives_women", "Sáng kiến có tác giả nữ", "Initiatives with a woman author", "counted/group:women", "count"),
    ("initiatives_enterprise", "Sáng kiến trong doanh nghiệp", "Initiatives in enterprises", "counted/at:enterprise", "count"),
    ("initiatives_agency", "Sáng kiến trong cơ quan hành chính", "Initiatives in agencies", "counted/at:agency", "count"),
    ("initiatives_public", "Sáng kiến trong đơn vị sự nghiệp", "Initiatives in public service units", "counted/at:public_service", "count"),
    ("women_rate", "Tỷ lệ nữ đoàn viên có sáng kiến", "Women members with an initiative", "women", "percent"),
    ("direct_rate", "Tỷ lệ lao động trực tiếp có sáng kiến", "Direct workers with an initiative", "direct_people", "percent"),
    ("units_responding", "Tỷ lệ công đoàn cơ sở hưởng ứng", "Grassroots unions responding", "units/filed", "percent"),
    ("units_reaching", "Tỷ lệ công đoàn cơ sở đạt số sáng kiến tối thiểu", "Grassroots unions reaching a minimum", "units/least", "percent"),
    ("launch_held", "Đã tổ chức phát động", "Launch held", "done", "count"),
    ("review_held", "Đã tổ chức sơ kết, tổng kết", "Review held", "done", "count"),
]  # fmt: skip


def seed(apps, _schema_editor):
    indicator = apps.get_model("programmes", "Indicator")
    for position, (code, name, name_en, measure, amount) in enumerate(INDICATORS, 20):
        values = {"name": name, "name_en": name_en, "measure": measure, "amount": amount}
        indicator.objects.update_or_create(code=code, defaults=values, create_defaults={**values, "position": position})


# Each "other" target gets the words that tell it from the next.
NAMED = """
UPDATE targets_target t SET label = trim(o.phrase) FROM programmes_plantarget o
WHERE o.id = t.plan_target_id AND t.indicator_id = 'other' AND t.label = ''
"""


class Migration(migrations.Migration):
    dependencies = [("targets", "0002_kinds_of_targets"), ("programmes", "0002_indicator_catalogue")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
    ]
