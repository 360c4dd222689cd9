"""The initiatives with their authors, decisions and versions, from what was drawn."""

from __future__ import annotations

from thidua.demo import narratives
from thidua.demo.scale import bulk
from thidua.demo.scale.bulk import Progress
from thidua.demo.scale.sizes import Size
from thidua.initiatives.models import Authorship, Initiative, Recognition, Revision
from thidua.programmes.models import Programme
from thidua.similarity.models import Comparison

# scale_plan p, its home h, its text t
WHOLE = "scale_plan p JOIN scale_home h USING (place) JOIN scale_text t ON t.number = p.text"
DECIDED = "('recognised', 'revoked')"
REVOKED = "Xác minh lại: sáng kiến trùng với quy trình đã ban hành từ năm trước."
PASSED_UP = "Người đứng đầu là tác giả, đề nghị cấp trên xem xét, quyết định công nhận."
DECISION = "lpad(p.decision::text, 2, '0') || '/QĐ-' || h.symbol"
VERSIONED = 20  # one old dossier of so many keeps its version where not all do
_OPEN = "('submitted', 'received', 'passed_up', 'returned')"


def moment(day: str, hour: int) -> str:
    return f"(({day} + time '{hour:02}:00' + (p.n %% 3600) * interval '1 second') AT TIME ZONE 'Asia/Ho_Chi_Minh')"


RECEIVED_AT, CONCLUDED_AT = moment("p.received_on", 9), moment("p.concluded_on", 14)
# Taken back some days after the decision, and never in the days to come.
REVOKED_AT = moment("p.concluded_on", 16)


def reason(purpose: int, sentences: tuple[str, ...]) -> str:
    """One of a few sentences, drawn by lot."""
    listed = ", ".join("'" + s.replace("'", "''").replace("%", "%%") + "'" for s in sentences)
    return f"(ARRAY[{listed}])[1 + floor(pg_temp.roll(p.n, {purpose}) * {len(sentences)})::int]"


RETURNED, REFUSED = reason(31, narratives.RETURN_REASONS), reason(32, narratives.REFUSALS)
_CHANGED_AT = f"CASE WHEN p.state IN {DECIDED} THEN {CONCLUDED_AT} ELSE p.filed_at END"


def write(size: Size, programme: Programme, progress: Progress) -> None:
    with bulk.bare(Initiative, progress=progress):
        bulk.insert(Initiative, _columns(), f"{WHOLE} ORDER BY p.id", programme=programme.pk)
        progress("initiatives written")
    bulk.count_on(Initiative)
    progress("initiatives indexed")
    with bulk.bare(Authorship, progress=progress):
        _authors()
    with bulk.bare(Recognition):
        _recognitions()
    progress("authors, recognitions")
    with bulk.bare(Revision, Comparison, progress=progress):
        _versions(size)
    progress("versions")


def _columns() -> dict[str, str]:
    filed = "CASE WHEN p.state <> 'draft' THEN p.filed_on END"
    received = (
        f"CASE WHEN p.state IN {DECIDED} OR p.state IN ('received', 'passed_up', 'refused') THEN p.received_on END"
    )
    due = (
        "CASE p.state WHEN 'submitted' THEN p.filed_on + 7 WHEN 'returned' THEN p.received_on + interval '1 month' "
        "WHEN 'received' THEN p.received_on + interval '3 months' "
        "WHEN 'passed_up' THEN p.received_on + interval '3 months' END::date"
    )
    why = f"CASE p.state WHEN 'returned' THEN {RETURNED} WHEN 'refused' THEN {REFUSED} WHEN 'revoked' THEN '{REVOKED}' ELSE '' END"
    return {
        "id": "p.id",
        "code": "p.code",
        "unit_id": "h.unit",
        "handler_id": "h.grassroots",
        "came_through_id": "%(programme)s",
        "channel": "p.channel",
        "entered_by_id": "CASE p.channel WHEN 'on_behalf' THEN h.officer END",
        "consent_noted": "p.channel = 'on_behalf'",
        "state": "p.state",
        "title": "t.title",
        "kind": "t.kind",
        "field": "t.field",
        "problem_before": "t.problem",
        "solution": "t.solution",
        "effect": "t.effect",
        "first_applied_on": "p.applied_on",
        "benefit": "CASE WHEN t.benefit IS NULL THEN 'not_quantifiable' ELSE 'money' END",
        "benefit_stated": "t.benefit",
        "benefit_confirmed": "p.confirmed",
        "benefit_confirmed_by_id": "CASE WHEN p.confirmed IS NOT NULL THEN h.officer END",
        "is_ip_protected": "p.is_ip_protected",
        "duplicate_of_id": "p.duplicate_of",
        "disclosure": "CASE WHEN p.is_public THEN 'public' ELSE 'internal' END",
        "created_at": "p.filed_at",
        "changed_at": _CHANGED_AT,
        "filed_on": filed,
        "received_on": received,
        "concluded_on": f"CASE WHEN p.state IN {DECIDED} OR p.state = 'refused' THEN p.concluded_on END",
        "due_on": due,
        "decider_id": "CASE p.state WHEN 'passed_up' THEN h.upper END",
        "reason": why,
    }


_SHARES = {
    "lead": (0, "CASE p.people WHEN 1 THEN 100 WHEN 2 THEN 70 ELSE 50 END"),
    "second": (1, "CASE p.people WHEN 2 THEN 30 ELSE 25 END"),
    "third": (2, "25"),
}


def _authors() -> None:
    for who, (position, share) in _SHARES.items():
        bulk.insert(
            Authorship,
            {
                "initiative_id": "p.id",
                "person_id": f"p.{who}",
                "name": "a.full_name",
                "share": share,
                "position": str(position),
                "confirmed_at": "p.filed_at" if position == 0 else "CASE WHEN p.n %% 5 > 0 THEN p.filed_at END",
                "workplace": "left(h.name, 200)",
                "job_title": "a.job_title",
            },
            f"scale_plan p JOIN scale_home h USING (place) JOIN people_person a ON a.id = p.{who} ORDER BY p.id",
        )


def _recognitions() -> None:
    given = {
        "initiative_id": "p.id",
        "unit_id": "h.grassroots",
        "scope": "'grassroots'",
        "body": "p.body",
        "decision_number": DECISION,
        "decided_on": "p.concluded_on",
        "decided_by": "c.full_name",
        "recorded_by_id": "h.chair",
        "revoked_on": "CASE p.state WHEN 'revoked' THEN p.concluded_on END",
        "revoked_reason": f"CASE p.state WHEN 'revoked' THEN '{REVOKED}' ELSE '' END",
    }
    source = "scale_plan p JOIN scale_home h USING (place) JOIN people_person c ON c.id = h.chair"
    bulk.insert(Recognition, given, f"{source} WHERE p.state IN {DECIDED} ORDER BY p.id")
    wide = {
        **given,
        "unit_id": "h.above[cardinality(h.above) - 1]",
        "scope": "'province'",
        "body": "'council'",
        "decision_number": "lpad(p.decision::text, 2, '0') || '/QĐ-LĐLĐ'",
        "recorded_by_id": "o.chair",
        "revoked_on": "NULL",
        "revoked_reason": "''",
    }
    province = "JOIN scale_home o ON o.unit = h.above[cardinality(h.above) - 1] JOIN people_person c ON c.id = o.chair"
    wider = f"scale_plan p JOIN scale_home h USING (place) {province} WHERE p.is_wide ORDER BY p.id"
    bulk.insert(Recognition, wide, wider)


# What `initiatives.domain.versions.content_of` freezes.
_CONTENT = """
    jsonb_build_object('title', i.title, 'kind', i.kind, 'field', i.field, 'problem_before', i.problem_before,
        'solution', i.solution, 'steps', '', 'novelty', '', 'conditions', '', 'applied_where', '', 'sponsor', '',
        'first_applied_on', i.first_applied_on, 'effect', i.effect, 'benefit', i.benefit,
        'benefit_stated', i.benefit_stated, 'confidential', '', 'sealed', '[]'::jsonb)
    || jsonb_build_object('benefit_before', NULL, 'benefit_after', NULL, 'benefit_volume', NULL,
        'benefit_months', NULL, 'benefit_cost', NULL, 'is_ip_protected', i.is_ip_protected,
        'disclosure', 'internal', 'claims_recognition', false, 'claimed_decision', '', 'claimed_decided_on', NULL,
        'participants', '[]'::jsonb, 'attachments', '[]'::jsonb, 'authors', a.listed)
"""


def _versions(size: Size) -> None:
    """What was said at filing. In the largest scale only open dossiers and some of the others keep it."""
    listed = (
        "LATERAL (SELECT jsonb_agg(jsonb_build_array(a.name, a.share::text) ORDER BY a.position) AS listed "
        "FROM initiatives_authorship a WHERE a.initiative_id = i.id) a"
    )
    kept = "" if size.is_detailed else f"AND (p.state IN {_OPEN} OR p.id %% {VERSIONED} = 0)"
    by_name = (
        "(SELECT full_name FROM people_person w "
        "WHERE w.id = CASE p.channel WHEN 'on_behalf' THEN h.officer ELSE p.lead END)"
    )
    given = {"initiative_id": "i.id", "number": "1", "content": _CONTENT, "at": "p.filed_at", "by_name": by_name}
    source = "scale_plan p JOIN scale_home h USING (place) JOIN initiatives_initiative i ON i.id = p.id"
    bulk.insert(Revision, given, f"{source} CROSS JOIN {listed} WHERE p.state <> 'draft' {kept}")
    bulk.insert(
        Comparison, {"initiative_id": "p.id", "compared_at": "p.filed_at"}, f"scale_plan p WHERE state IN {_OPEN}"
    )
