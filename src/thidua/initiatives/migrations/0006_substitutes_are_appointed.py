"""Substitutes of the reception become those of `appointments`, where every right comes from."""

from django.db import migrations


def hand_over(apps, _schema):
    Substitution = apps.get_model("appointments", "Substitution")
    Post = apps.get_model("people", "Post")
    for old in apps.get_model("initiatives", "Substitution").objects.select_related("post"):
        held = Post.objects.filter(person_id=old.absent_id, unit_id=old.post.unit_id, role=old.post.role)
        absent = held.exclude(pk=old.post_id).order_by("pk").first()
        if absent is not None:
            Substitution.objects.get_or_create(post_id=old.post_id, defaults={"absent": absent, "reason": old.reason})


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial"), ("initiatives", "0005_packages")]

    operations = [
        migrations.RunPython(hand_over, migrations.RunPython.noop),
        migrations.DeleteModel(name="Substitution"),
    ]
