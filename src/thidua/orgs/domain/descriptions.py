"""What describes a unit beside its name and its place in the tree: no decision is needed for these."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import Employer
from thidua.orgs.models import Unit

FIELDS = ("symbol", "place", "sector", "employer", "accepts_open_filing")


def describe(
    unit: Unit, *, by: acts.Actor, symbol: str, place: str, sector: str, employer: str, accepts_open_filing: bool
) -> None:
    """Write the abbreviation and place of its papers, sector, kind of employer, and whether it takes open filing."""
    if employer not in Employer.values:
        raise Refused(_("Hãy chọn loại hình sử dụng lao động."), field="employer")
    if accepts_open_filing and not unit.kind.is_grassroots:
        raise Refused(_("Chỉ công đoàn cơ sở nhận sáng kiến không cần tài khoản."), field="accepts_open_filing")
    values = {
        "symbol": text.tidy(symbol),
        "place": text.tidy(place),
        "sector": text.tidy(sector),
        "employer": employer,
        "accepts_open_filing": accepts_open_filing,
    }
    before = {name: getattr(unit, name) for name in FIELDS}
    if before == values:
        return
    with transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(**values)
        for name, value in values.items():
            setattr(unit, name, value)
        acts.record("orgs.unit.described", unit, by=by, unit_id=unit.pk, before=before, after=values)
