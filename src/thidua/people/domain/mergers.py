"""Two records of one person become one, with everything that points to them; and back."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people import references
from thidua.people.domain import batches
from thidua.people.models import Account, Membership, Merger, Namesakes, Person

# Filled from the other record where the kept one has nothing.
_FILLED = ("phone", "email", "birth_year", "is_woman", "job_title", "qualification")


def merge(kept: Person, dropped: Person, *, by: Person) -> Merger:
    """Everything of `dropped` becomes `kept`'s; what kept lacks is filled in; dropped leaves the roster.

    Raises Refused when both stand in one record that cannot hold a person twice (two authors of one
    initiative): that has to be settled there first.
    """
    with transaction.atomic():
        kept, dropped = _both(kept, dropped)
        former = _close_home(dropped)
        moved, stayed = references.move(dropped, kept)
        _refuse_double(stayed)
        account = _hand_over_account(dropped, kept)
        before = {"kept": _values(kept), "dropped": _values(dropped), "left_on": dropped.left_on}
        _fill(kept, dropped)
        merger = Merger.objects.create(
            kept=kept,
            dropped=dropped,
            merged_at=clock.now(),
            merged_by=by,
            moved={"rows": _plain(moved), "before": _plain(before), "account": account, "home": former},
        )
        counts = {name: len(keys) for name, keys in moved.items()}
        noted = {"dropped": dropped.code, "moved": counts, "kept_id": kept.pk, "dropped_id": dropped.pk}
        acts.record("people.person.merged", kept, by=by, before={"code": dropped.code}, after=noted)
    return merger


def undo(merger: Merger, *, by: acts.Actor) -> None:
    """Two records again: what was moved goes back; what came since stays with the one that was kept."""
    with transaction.atomic():
        merger = Merger.objects.select_for_update().get(pk=merger.pk)
        if merger.undone_at:
            raise Refused(_("Việc gộp này đã được hoàn tác."))
        later = Merger.objects.filter(kept=merger.kept_id, undone_at__isnull=True, pk__gt=merger.pk)
        if later.exists() or Person.objects.filter(pk=merger.kept_id, merged_into__isnull=False).exists():
            raise Refused(_("Sau đó còn một lần gộp nữa: hãy hoàn tác lần gộp sau trước."))
        kept = Person.objects.select_for_update().get(pk=merger.kept_id)
        dropped = Person.objects.select_for_update().get(pk=merger.dropped_id)
        before = merger.moved["before"]
        _take_from(kept, before)
        _restore(dropped, before)
        references.move_back(merger.moved["rows"], dropped, kept)
        _hand_back_account(merger.moved["account"], dropped)
        if merger.moved["home"]:
            home = Membership.objects.get(pk=merger.moved["home"])
            home.valid = DateRange(home.valid.lower, None)
            home.save(update_fields=["valid"])
        Merger.objects.filter(pk=merger.pk).update(undone_at=clock.now())
        noted = {"dropped": dropped.code, "kept_id": kept.pk, "dropped_id": dropped.pk}
        acts.record("people.person.merge_undone", kept, by=by, after=noted)


def tell_apart(one: Person, other: Person, *, by: Person) -> None:
    """They are two people: not proposed again."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    with transaction.atomic():
        _row, is_new = Namesakes.objects.get_or_create(
            first=first, second=second, defaults={"decided_by": by, "decided_at": clock.now()}
        )
        if is_new:
            acts.record("people.person.namesakes", first, by=by, after={"other": second.code})


def _both(kept: Person, dropped: Person) -> tuple[Person, Person]:
    if kept.pk == dropped.pk:
        raise Refused(_("Đây là cùng một bản ghi: hãy chọn hai bản ghi khác nhau."))
    rows = Person.objects.select_for_update().filter(pk__in=(kept.pk, dropped.pk)).order_by("pk").in_bulk()
    kept, dropped = rows[kept.pk], rows[dropped.pk]
    if kept.merged_into_id or dropped.merged_into_id:
        raise Refused(_("Một trong hai bản ghi đã được gộp trước đó: hãy tải lại trang."))
    return kept, dropped


def _close_home(dropped: Person) -> int | None:
    """End the dropped record's membership; a membership that began today keeps its single day."""
    home = Membership.objects.filter(person=dropped, valid__upper_inf=True).order_by("-pk").first()
    if home is None:
        return None
    today = clock.today()
    home.valid = DateRange(home.valid.lower, max(today, home.valid.lower), "[]" if home.valid.lower >= today else "[)")
    home.save(update_fields=["valid"])
    return home.pk


def _refuse_double(stayed: dict[str, list[Any]]) -> None:
    hard = [name for name in stayed if name not in references.MAY_STAY]
    if not hard:
        return
    labels = sorted({_LABELS.get(name.rpartition(".")[0], name.rpartition(".")[0]) for name in hard})
    raise Refused(
        _("Hai bản ghi cùng có mặt trong một hồ sơ (%(where)s): hãy bỏ một trong hai ở đó rồi gộp.")
        % {"where": ", ".join(str(label) for label in labels)}
    )


_LABELS = {
    "initiatives.authorship": gettext_lazy("đồng tác giả"),
    "awards.nominee": gettext_lazy("danh sách đề nghị khen thưởng"),
}


def _hand_over_account(dropped: Person, kept: Person) -> dict[str, Any]:
    """The account follows if the kept record has none; of two accounts the dropped one is closed."""
    account = Account.objects.filter(person=dropped).first()
    if account is None:
        return {}
    if Account.objects.filter(person=kept).exists():
        Account.objects.filter(pk=account.pk).update(is_active=False)
        return {"pk": account.pk, "was_active": account.is_active}
    Account.objects.filter(pk=account.pk).update(person=kept)
    return {"pk": account.pk, "moved": True}


def _hand_back_account(noted: dict[str, Any], dropped: Person) -> None:
    if noted.get("moved"):
        Account.objects.filter(pk=noted["pk"]).update(person=dropped)
    elif noted:
        Account.objects.filter(pk=noted["pk"]).update(is_active=noted["was_active"])


def _values(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in _FILLED}


def _fill(kept: Person, dropped: Person) -> None:
    gained = {n: getattr(dropped, n) for n in _FILLED if getattr(kept, n) in (None, "") and getattr(dropped, n)}
    dropped.phone = dropped.email = None
    dropped.merged_into, dropped.left_on = kept, dropped.left_on or clock.today()
    batches.derive(dropped)
    dropped.save()
    for name, value in gained.items():
        setattr(kept, name, value)
    batches.derive(kept)
    kept.save()


def _take_from(kept: Person, before: dict[str, Any]) -> None:
    """Give up what was filled in from the other, unless it was changed since."""
    for name in _FILLED:
        was, given = before["kept"][name], before["dropped"][name]
        if was in (None, "") and given and getattr(kept, name) == given:
            setattr(kept, name, was)
    batches.derive(kept)
    kept.save()


def _restore(dropped: Person, before: dict[str, Any]) -> None:
    taken = Person.objects.exclude(pk=dropped.pk)
    for name in ("phone", "email"):
        value = before["dropped"][name]
        if value and not taken.filter(**{name: value}).exists():
            setattr(dropped, name, value)
    dropped.merged_into = None
    dropped.left_on = before["left_on"]
    batches.derive(dropped)
    dropped.save()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))
