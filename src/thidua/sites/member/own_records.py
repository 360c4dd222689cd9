"""Everything that is stored about one person, as a ZIP: JSON for machines, a page for people, the files.

Found by following every foreign key to the person or the account, so a new table cannot be forgotten.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.initiatives.models import Attachment, Initiative
from thidua.kernel import clock
from thidua.ledger.models import Act
from thidua.people.models import Account, Person

# Digests and keys tell nothing about the person and would weaken the account if the file were lost.
SECRETS = frozenset({"digest", "secret", "credential", "key_id", "password", "session_key", "counter"})
TITLES = {
    "people.Person": gettext_lazy("Hồ sơ của tôi"),
    "people.Account": gettext_lazy("Tài khoản"),
    "people.Membership": gettext_lazy("Đơn vị tôi đã thuộc về"),
    "people.Post": gettext_lazy("Chức danh"),
    "people.Absence": gettext_lazy("Thời gian tạm vắng"),
    "notify.Notice": gettext_lazy("Thông báo tôi đã nhận"),
    "accounts.OneTimeCode": gettext_lazy("Mã dùng một lần đã cấp"),
    "accounts.Device": gettext_lazy("Thiết bị đã đăng nhập"),
    "accounts.SignIn": gettext_lazy("Phiên đang đăng nhập"),
    "accounts.Authenticator": gettext_lazy("Bước xác minh thứ hai"),
    "accounts.ProviderLink": gettext_lazy("Tài khoản cơ quan đã liên kết"),
    "accounts.Preference": gettext_lazy("Lựa chọn của tôi"),
    "initiatives.Initiative": gettext_lazy("Sáng kiến của tôi"),
    "initiatives.Authorship": gettext_lazy("Phần tác giả của tôi"),
    "awards.Certificate": gettext_lazy("Giấy khen, giấy chứng nhận"),
    "documents.StoredFile": gettext_lazy("Tệp tôi đã gửi"),
    "ledger.Act": gettext_lazy("Nhật ký: việc tôi làm hoặc nói về tôi"),
}
Row = dict[str, Any]


def sections(person: Person) -> Iterator[tuple[str, str, list[Row]]]:
    """(name, title, rows) of every table that holds something about the person."""
    for model, found in _sources(person):
        label = model._meta.label
        rows = [_row(record) for record in found.iterator(chunk_size=500)]
        if rows:
            yield label, str(TITLES.get(label, label)), rows


def _sources(person: Person) -> Iterator[tuple[type[Model], QuerySet]]:
    own: dict[type[Model], Any] = {Person: person.pk, Account: Account.objects.filter(person=person).values("pk")}
    yield Person, Person.objects.filter(pk=person.pk).select_related("unit")
    yield Initiative, Initiative.objects.filter(authorships__person=person).distinct()
    for model in apps.get_models():
        condition = Q()
        for field in model._meta.concrete_fields:
            if field.remote_field and field.remote_field.model in own:
                key = "" if field.remote_field.model is Person else "__in"
                condition |= Q(**{f"{field.name}{key}": own[field.remote_field.model]})  # type: ignore[index]
        if condition:
            yield model, _base(model).filter(condition).order_by("pk")
    yield Act, Act.objects.filter(_told_of(person)).order_by("pk")


def _base(model: type[Model]) -> QuerySet:
    names = [f.name for f in model._meta.concrete_fields if f.remote_field and f.name not in SECRETS]
    return model._default_manager.select_related(*names)


def _told_of(person: Person) -> Q:
    account = Q(subject_type="people.account", subject_id__in=Account.objects.filter(person=person).values("pk"))
    return Q(actor_id=person.pk) | Q(subject_type="people.person", subject_id=person.pk) | account


def _row(record: Model) -> Row:
    return {field.name: _value(record, field) for field in record._meta.concrete_fields if field.name not in SECRETS}


def _value(record: Model, field: Field) -> Any:
    if field.remote_field:
        other = getattr(record, field.name)
        return None if other is None else str(other)
    value = getattr(record, field.name)
    if field.choices and value not in (None, ""):
        return str(getattr(record, f"get_{field.name}_display")())
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        return {"from": value.lower, "until": value.upper}
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _files(person: Person) -> Iterator[tuple[str, str]]:
    """(name in the archive, name in the store) of the photos and papers of one's initiatives."""
    found = Attachment.objects.filter(initiative__authorships__person=person).select_related("file", "initiative")
    for number, attachment in enumerate(found.distinct().order_by("initiative_id", "pk"), start=1):
        safe = attachment.file.name.replace("/", "_").replace("\\", "_")
        yield f"tep/{attachment.initiative.code}/{number:03}-{safe}", attachment.file.stored.name or ""


def archive(person: Person) -> IO[bytes]:
    """An open temporary file with the ZIP, at its beginning."""
    made: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    found = list(sections(person))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        whole = {name: {"title": title, "rows": rows} for name, title, rows in found}
        packed.writestr("du-lieu.json", json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        readable = {"sections": [(title, rows) for _name, title, rows in found], "person": person, "at": clock.now()}
        packed.writestr("doc-du-lieu.html", render_to_string("member/profile/export.html", readable))
        for name, stored in _files(person):
            if default_storage.exists(stored):
                with default_storage.open(stored) as source:
                    packed.writestr(name, source.read())
            else:
                packed.writestr(f"{name}.txt", _("Tệp này không còn trong kho."))
    made.seek(0)
    return made
