"""What follows the counting: reports, commendation, replication, difficulties, certificates."""

from __future__ import annotations

from datetime import date

from thidua.awards.domain import certificates, decisions, nominations
from thidua.awards.models import Nomination
from thidua.demo import narratives
from thidua.demo.planning import Plans
from thidua.demo.world import World
from thidua.initiatives.domain import adoptions, hearings
from thidua.initiatives.models import Initiative, Recognition
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people.models import Person
from thidua.programmes.models import Phase, Programme
from thidua.reports.domain import difficulties, reports
from thidua.review.choices import Chair, Vote
from thidua.review.domain import ballots, councils, sessions
from thidua.review.models import Council, Session


def build(world: World, plans: Plans, filed: list[Initiative]) -> None:
    _reports(world, plans)
    _awards(world, plans)
    _replication(world, filed)
    _difficulties(world, plans)
    _certificates(world)
    _council(world)


def _reports(world: World, plans: Plans) -> None:
    programme = Plans.counting(plans.thai_binh)
    phase = programme.phases.get(position=1)
    officer = world.officers["TB-YT"]
    with clock.at(date(2022, 6, 1)):
        request = reports.ask(
            world.units["TB-YT"],
            programme=programme,
            phase=phase,
            title="Sơ kết giai đoạn 1 Chương trình “01 triệu sáng kiến”",
            due_on=date(2022, 6, 15),
            guidance="Nêu rõ kết quả, điển hình, khó khăn; số liệu lấy từ hệ thống.",
            by=officer,
        )
    for index, unit in enumerate(world.grassroots("TB-YT")[:11]):
        with clock.at(date(2022, 6, 6)):
            report = reports.start(request, unit, by=world.officers[unit.code])
            reports.write(report, by=world.officers[unit.code], revision=report.revision, sections=narratives.SECTIONS)
        if index < 8:
            with clock.at(date(2022, 6, 8)):
                reports.submit(report, by=world.chairs[unit.code])
    with clock.at(date(2022, 6, 9)):
        own = reports.start(request, world.units["TB-YT"], by=officer)
        reports.merge(own, by=officer)


def _awards(world: World, plans: Plans) -> None:
    """After the special round each zone and sector proposes; one decision is made in both provinces."""
    year = plans.ninh_thuan.programmes.filter(phases__kind="round").distinct().get()
    first_round = year.phases.get(position=1)
    made = _lists(world, ["NT-KCN-01", "NT-KCN-02", "NT-KCN-03"], "NT-KCN", year, first_round)
    _decide(world, made[:2], "NT-KCN", date(2022, 5, 5))
    programme = Plans.counting(plans.thai_binh)
    phase = programme.phases.get(position=1)
    made = _lists(world, ["TB-YT-01", "TB-YT-02", "TB-YT-03", "TB-YT-10"], "TB-YT", programme, phase)
    _decide(world, made[:2], "TB-YT", date(2022, 6, 7))


def _lists(world: World, codes: list[str], decider: str, programme: Programme, phase: Phase) -> list[Nomination]:
    made = []
    for code in codes:
        unit, officer = world.units[code], world.officers[code]
        with clock.at(date(2022, 4, 25) if code.startswith("NT") else date(2022, 6, 3)):
            nomination = nominations.open_list(
                unit, world.units[decider], programme=programme, phase=phase, award_form="giay-khen", by=officer
            )
            direct_first = sorted(world.people[code][3:], key=lambda p: not p.is_direct_worker)
            for index, person in enumerate(direct_first[:4]):
                own = Initiative.objects.filter(authorships__person=person, state="recognised").first()
                citation = narratives.CITATIONS[index % len(narratives.CITATIONS)]
                nominations.put_forward(nomination, by=officer, person=person, citation=citation, initiative=own)
            nominations.put_forward(nomination, by=officer, collective=unit, citation=narratives.COLLECTIVE_CITATION)
            nominations.submit(nomination, by=officer)
        made.append(nomination)
    return made


def _decide(world: World, found: list[Nomination], decider: str, day: date) -> None:
    outcomes: dict[int, tuple[bool, str]] = {}
    for nomination in found:
        for index, nominee in enumerate(nomination.nominees.all()):
            outcomes[nominee.pk] = (index != 3, "" if index != 3 else "Thành tích chưa rõ, đề nghị xét đợt sau.")
    with clock.at(day):
        decision = decisions.decide(found, outcomes, by=world.chairs[decider], decided_on=day)
        if decider == "NT-KCN":
            issued = decision.nominations.first().nominees.first().certificates.first()  # type: ignore[union-attr]
            reason = "In sai tên đơn vị của người được khen, cấp lại sau khi xác minh."
            certificates.revoke(issued, by=world.chairs[decider], reason=reason)  # type: ignore[arg-type]


def _replication(world: World, filed: list[Initiative]) -> None:
    public = list(Initiative.objects.filter(state="recognised", disclosure="public").order_by("pk"))
    units: list[Unit] = world.grassroots()
    for index, initiative in enumerate(public[:14]):
        unit = next(u for u in units[index * 3 % len(units) :] + units if u.pk != initiative.handler_id)
        officer = world.officers[unit.code]
        with clock.at(date(2022, 5, 16)):
            intention = narratives.INTENTIONS[index % len(narratives.INTENTIONS)]
            adoption = adoptions.register(initiative, unit, by=officer, intention=intention)
        if index % 2:
            with clock.at(date(2022, 6, 6)):
                effect = narratives.EFFECTS[index // 2 % len(narratives.EFFECTS)]
                adoptions.report_effect(adoption, by=officer, applied_on=date(2022, 6, 1), effect=effect)


def _difficulties(world: World, plans: Plans) -> None:
    askers = ("NT-KCN-01", "TB-YT-05", "TB-YT-01", "NT-VC-01")
    for code, (question, reply) in zip(askers, narratives.DIFFICULTIES, strict=True):
        unit = world.units[code]
        programme = Plans.counting(plans.thai_binh if code.startswith("TB") else plans.ninh_thuan)
        with clock.at(date(2022, 5, 24) if reply else date(2022, 6, 6)):
            raised = difficulties.raise_to_upper(unit, question, by=world.officers[code], programme=programme)
        if reply and unit.parent:
            with clock.at(date(2022, 5, 27)):
                difficulties.answer(raised, reply, by=world.officers[unit.parent.code])


def _certificates(world: World) -> None:
    """The first recognised initiatives of the two largest unions have their certificates."""
    for code in ("TB-YT-01", "NT-KCN-01"):
        found = Recognition.objects.filter(unit=world.units[code], revoked_on__isnull=True).order_by("pk")[:6]
        for recognition in found:
            with clock.at(recognition.decided_on):
                certificates.issue_for_recognition(recognition, by=world.chairs[code])


def _council(world: World) -> None:
    """The largest hospital's council: minutes of one session are signed, the next is voting."""
    code = "TB-YT-01"
    unit, officer, chair = world.units[code], world.officers[code], world.chairs[code]
    others = [p for p in world.people[code] if p not in (officer, chair)]
    waiting = Initiative.objects.filter(handler=unit, decider=None, state="received").order_by("pk")
    own = [i for i in waiting if not i.authorships.filter(person__in=[officer, chair, *others[:3]]).exists()]
    with clock.at(date(2022, 4, 4)):
        made = councils.set_up(
            unit,
            by=chair,
            name=f"Hội đồng sáng kiến {unit.short_name}",
            decision_number="12/QĐ-CĐCS",
            decided_on=date(2022, 4, 1),
            term_from=date(2022, 4, 1),
            term_to=date(2025, 12, 31),
        )
        for person, role in (
            (chair, Chair.CHAIR),
            (officer, Chair.SECRETARY),
            *((p, Chair.MEMBER) for p in others[:3]),
        ):
            councils.seat(made, person, by=chair, role=role)
    members = [chair, officer, *others[:3]]
    with clock.at(date(2022, 6, 7)):
        held = _session(made, own[:2], officer, date(2022, 6, 7))
        for place, case in enumerate(held.cases.order_by("position")):
            for number, person in enumerate(members):
                is_for = place == 0 or number == 2
                vote, comment = (Vote.YES, "") if is_for else (Vote.MORE, narratives.COUNCIL_COMMENT)
                ballots.cast(case, by=person, vote=vote, comment=comment)
        sessions.write(held, by=officer, discussion=narratives.COUNCIL_DISCUSSION)
        sessions.close(held, by=officer)
        sessions.sign(held, by=chair)
    with clock.at(date(2022, 6, 9)):
        voting = _session(made, own[2:4], officer, date(2022, 6, 10))
        for case in voting.cases.all():
            ballots.cast(case, by=officer, vote=Vote.YES)


def _session(council: Council, items: list[Initiative], officer: Person, day: date) -> Session:
    """Called, with these dossiers, and open for voting."""
    session = sessions.plan(council, held_on=day, by=officer, place="Phòng họp tầng 2")
    for item in items:
        hearings.put_before(item, session, by=officer)
    sessions.open_(session, by=officer)
    return session
