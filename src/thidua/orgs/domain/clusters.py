"""Clusters and blocks of emulation: who is compared with whom in a year, and who leads."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.choices import ClusterKind, Seat
from thidua.orgs.models import Cluster, ClusterSeat, Unit


def set_up(owner: Unit, name: str, *, by: acts.Actor, kind: str = ClusterKind.CLUSTER) -> Cluster:
    """Found a cluster among the units below an owner."""
    name = _named(owner, name)
    with transaction.atomic():
        cluster = Cluster.objects.create(owner=owner, name=name, kind=kind)
        acts.record("orgs.cluster.set_up", cluster, by=by, unit_id=owner.pk, after={"name": name})
    return cluster


def rename(cluster: Cluster, name: str, *, by: acts.Actor, kind: str = "") -> None:
    name = _named(cluster.owner, name, but_not=cluster)
    with transaction.atomic():
        before = {"name": cluster.name, "kind": cluster.kind}
        cluster.name, cluster.kind = name, kind or cluster.kind
        cluster.save(update_fields=["name", "kind"])
        after = {"name": name, "kind": cluster.kind}
        acts.record("orgs.cluster.renamed", cluster, by=by, unit_id=cluster.owner_id, before=before, after=after)


def end(cluster: Cluster, *, by: acts.Actor) -> None:
    """No more seats from now on; past years stay."""
    with transaction.atomic():
        if not Cluster.objects.filter(pk=cluster.pk, ended_on__isnull=True).update(ended_on=clock.today()):
            raise Refused(_("Cụm, khối này đã kết thúc từ trước."))
        acts.record("orgs.cluster.ended", cluster, by=by, unit_id=cluster.owner_id)


def seat(
    cluster: Cluster,
    year: int,
    members: Sequence[Unit],
    *,
    by: acts.Actor,
    lead: Unit | None = None,
    deputy: Unit | None = None,
) -> None:
    """State the members of a cluster in a year and who leads; it replaces what was stated before.

    Raises Refused naming a unit that is not below the owner, or sits in another cluster that year.
    """
    if cluster.ended_on and year > cluster.ended_on.year:
        raise Refused(_("Cụm, khối này đã kết thúc: hãy lập cụm, khối mới."))
    chosen = {u.pk: u for u in members}
    for head in (lead, deputy):
        if head:
            chosen.setdefault(head.pk, head)
    if lead and deputy and lead.pk == deputy.pk:
        raise Refused(_("Trưởng và phó trưởng phải là hai đơn vị khác nhau."), field="deputy")
    for unit in chosen.values():
        if not cluster.owner.covers(unit) or unit.pk == cluster.owner_id:
            raise Refused(
                _("«%(unit)s» không phải đơn vị cấp dưới của %(owner)s.")
                % {"unit": unit.name, "owner": cluster.owner.short_name},
                field="members",
            )
    _refuse_seated_elsewhere(cluster, year, chosen)
    seats = dict.fromkeys(chosen, Seat.MEMBER)
    seats |= {head.pk: name for head, name in ((lead, Seat.LEAD), (deputy, Seat.DEPUTY)) if head}
    with transaction.atomic():
        Cluster.objects.select_for_update().get(pk=cluster.pk)
        ClusterSeat.objects.filter(cluster=cluster, year=year).delete()
        ClusterSeat.objects.bulk_create(
            [
                ClusterSeat(cluster=cluster, owner_id=cluster.owner_id, unit_id=pk, year=year, seat=part)
                for pk, part in seats.items()
            ]
        )
        noted = {"year": year, "members": sorted(u.code for u in chosen.values()), "lead": lead and lead.code}
        acts.record("orgs.cluster.seated", cluster, by=by, unit_id=cluster.owner_id, after=noted)


def _named(owner: Unit, typed: str, *, but_not: Cluster | None = None) -> str:
    name = text.tidy(typed)
    if not name:
        raise Refused(_("Hãy đặt tên cho cụm, khối."), field="name")
    same = Cluster.objects.filter(owner=owner, name__iexact=name)
    if (same.exclude(pk=but_not.pk) if but_not else same).exists():
        raise Refused(_("Đã có cụm, khối mang tên này."), field="name")
    return name


def _refuse_seated_elsewhere(cluster: Cluster, year: int, chosen: dict[int, Unit]) -> None:
    taken = (
        ClusterSeat.objects.filter(owner_id=cluster.owner_id, year=year, unit__in=chosen)
        .exclude(cluster=cluster)
        .select_related("unit", "cluster")
        .first()
    )
    if taken:
        raise Refused(
            _("Năm %(year)d, «%(unit)s» đã thuộc «%(cluster)s»: hãy bỏ khỏi đó trước.")
            % {"year": year, "unit": taken.unit.name, "cluster": taken.cluster.name},
            field="members",
        )
