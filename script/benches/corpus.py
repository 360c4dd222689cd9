"""A country's worth of plausible records, copied straight into the tables.

Words follow one another as they do in sentences people wrote, with a jump to any word of the language
three times in ten, so that pairs of syllables are as unevenly common as in real text while whole
sentences repeat as rarely. Terms and sketches are those the application itself would write.

Python writes `distinct` records; the database multiplies them: the copies have other units, dates and
numbers, and their sketches are turned by a mask, which is what as many unrelated texts would have.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection

from benches import sentences
from thidua.kernel import clock, text
from thidua.orgs.models import Unit, UnitKind
from thidua.search import terms
from thidua.similarity.measures import shingles

JUMP = 0.3
TITLE, BODY = (8, 18), (40, 90)  # syllables
FIELDS = 40
PROVINCES, SECTORS, UNIONS = 34, 12, 50  # 34 × 12 × 50 = 20,400 grassroots unions
BATCH = 5000
PUBLIC_SHARE = 0.4
YEARS = 8
KINDS = ("technical", "managerial", "operational", "technology", "research")


@dataclass(frozen=True)
class Record:
    number: int
    title: str
    problem: str
    solution: str
    kind: str
    field: str
    benefit: int
    is_public: bool


class Language:
    """Which word follows which, and how common each is."""

    def __init__(self, pool: list[str]) -> None:
        self.after: dict[str, list[str]] = {}
        self.words: list[str] = []
        self.heads: list[str] = []
        for sentence in pool:
            words = [w.strip("“”\"'()[],.;:") for w in sentence.lower().split()]
            words = [w for w in words if w and not any(c in w for c in "/\\|_\t")]
            self.words += words
            self.heads += words[:1]
            for a, b in zip(words, words[1:], strict=False):
                self.after.setdefault(a, []).append(b)

    def stretch(self, rng: random.Random, size: int) -> list[str]:
        rnd, words, after = rng.random, self.words, self.after
        word = words[int(rnd() * len(words))]
        found = [word]
        for _n in range(size - 1):
            following = after.get(word)
            if following is None or rnd() < JUMP:
                word = words[int(rnd() * len(words))]
            else:
                word = following[int(rnd() * len(following))]
            found.append(word)
        return found


def records(rows: int, seed: int = 7) -> Iterator[Record]:
    """The same records for the same seed, one after the other."""
    rng, language = random.Random(seed), Language(sentences.written_here())
    fields = [" ".join(language.stretch(rng, 3)).capitalize() for _n in range(FIELDS)]
    for number in range(1, rows + 1):
        body = language.stretch(rng, rng.randint(*BODY))
        middle = len(body) // 3
        yield Record(
            number,
            " ".join(language.stretch(rng, rng.randint(*TITLE))).capitalize(),
            _sentences(body[:middle], rng),
            _sentences(body[middle:], rng),
            KINDS[int(rng.random() ** 2 * len(KINDS))],
            fields[int(rng.random() ** 2 * FIELDS)],
            int(10 ** rng.uniform(6.5, 9.3)),
            rng.random() < PUBLIC_SHARE,
        )


def _sentences(words: list[str], rng: random.Random) -> str:
    parts, at = [], 0
    while at < len(words):
        size = rng.randint(9, 18)
        parts.append(" ".join(words[at : at + size]).capitalize())
        at += size
    return ". ".join(parts) + "."


def fill(rows: int, distinct: int) -> None:
    """Replace everything in this database by `rows` records, indexes built at the end."""
    call_command("migrate", verbosity=0)
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # foreign keys hold by construction
        cursor.execute("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0")
        cursor.execute(
            "TRUNCATE initiatives_initiative, search_document, similarity_sketch, orgs_unit, orgs_unitkind, "
            "similarity_commonkey, search_phrase CASCADE"
        )
        _units(cursor)
        dropped = _drop_indexes(cursor)
        _say(started, "units ready")
        _copy(cursor, distinct, started)
        _multiply(cursor, rows, distinct, started)
        for definition in dropped:
            cursor.execute(definition)
            _say(started, definition[:90])
        cursor.execute("ANALYZE initiatives_initiative, search_document, similarity_sketch")
    _say(started, "ready")


def _say(started: float, words: str) -> None:
    print(f"{time.monotonic() - started:7.0f} s  {words}", flush=True)


def _units(cursor) -> None:
    """Nation, provinces, sectors, grassroots unions, numbered as nested intervals."""
    names = {1: "confederation", 2: "provincial", 3: "sectoral", 4: "grassroots"}
    kinds = {
        rank: UnitKind.objects.create(code=code, name=code, name_en=code, rank=rank, is_grassroots=rank == 4)
        for rank, code in names.items()
    }
    made: list[Unit] = []
    counter = 0

    def add(code: str, rank: int, parent: Unit | None) -> Unit:
        nonlocal counter
        counter += 1
        unit = Unit(
            pk=len(made) + 1, code=code, name=f"Đơn vị {code}", short_name=code, sort_key=code, search=code.lower(),
            kind=kinds[rank], parent=parent, lft=counter, depth=rank, established_on=date(2000, 1, 1),
        )  # fmt: skip
        made.append(unit)
        return unit

    nation = add("VN", 1, None)
    for p in range(PROVINCES):
        province = add(f"T{p}", 2, nation)
        for s in range(SECTORS):
            sector = add(f"T{p}-N{s}", 3, province)
            for u in range(UNIONS):
                union = add(f"T{p}-N{s}-{u}", 4, sector)
                union.rgt = union.lft
            sector.rgt = counter
        province.rgt = counter
    nation.rgt = counter
    Unit.objects.bulk_create(made, batch_size=2000)
    cursor.execute("DROP TABLE IF EXISTS bench_union, bench_record, bench_sketch")
    cursor.execute("CREATE UNLOGGED TABLE bench_union (place int PRIMARY KEY, unit int, places text[])")
    with cursor.copy("COPY bench_union FROM STDIN") as copy:
        for place, u in enumerate(u for u in made if u.kind.rank == 4):
            above = [u.pk, u.parent_id, u.parent.parent_id, 1]
            copy.write_row((place, u.pk, [f"o:{u.pk}", *(f"u:{pk}" for pk in above)]))


def _drop_indexes(cursor) -> list[str]:
    """Drop what is quicker built afterwards; gives the statements that make it again."""
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE tablename = ANY(%s) AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
        [["initiatives_initiative", "search_document", "similarity_sketch"]],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    wanted = ("search_", "similarity_", "initiatives_state")
    return [definition for name, definition in found if name.startswith(wanted)]


_CONSTANT = {
    "channel": "own", "consent_noted": False, "state": "recognised", "revision": 1, "steps": "", "novelty": "",
    "conditions": "", "applied_where": "", "sponsor": "", "effect": "", "benefit": "money", "confidential": "",
    "is_ip_protected": False, "breaches_order": False, "claims_recognition": False, "claimed_decision": "",
    "reason": "", "claim_digest": "",
}  # fmt: skip


def _columns(cursor) -> tuple[list[str], list[object]]:
    """Columns that must be filled although the bench has no use for them, with an empty value of their type."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'initiatives_initiative' "
        "AND is_nullable = 'NO' AND column_name <> 'id'"
    )
    own = {"code", "unit_id", "handler_id", "title", "kind", "field", "problem_before", "solution", "disclosure",
           "created_at", "changed_at"}  # fmt: skip
    empty = {"boolean": False, "integer": 0, "bigint": 0, "smallint": 0, "jsonb": "{}"}
    names = [(name, kind) for name, kind in cursor.fetchall() if name not in own]
    return [n for n, _k in names], [_CONSTANT.get(n, empty.get(k, "")) for n, k in names]


class _Terms:
    """Terms of a stretch of words, every word and pair prepared once."""

    def __init__(self) -> None:
        self.words: dict[str, tuple[str, str]] = {}

    def word(self, shown: str) -> tuple[str, str]:
        found = self.words.get(shown)
        if found is None:
            plain, accented = text.syllables(shown), text.accented_syllables(shown)
            found = self.words[shown] = ("_".join(plain), "_".join(accented))
        return found

    def of(self, words: list[str], mark: str, marked: str, into: set[str]) -> list[str]:
        """Add the terms; gives the plain words."""
        plain = []
        previous: tuple[str, str] | None = None
        for shown in words:
            word = self.word(shown)
            if not word[0]:
                continue
            plain.append(word[0])
            self._add(word, mark, marked, into)
            if previous:
                self._add((f"{previous[0]}_{word[0]}", f"{previous[1]}_{word[1]}"), mark, marked, into)
            previous = word
        return plain

    def _add(self, word: tuple[str, str], mark: str, marked: str, into: set[str]) -> None:
        into.add(f"{mark}{word[0]}")
        if word[0] != word[1]:
            into.add(f"{marked}{word[1]}")


_TEXTS = "number, title, kind, field, problem, solution, benefit, is_public, terms"


def _copy(cursor, distinct: int, started: float) -> None:
    """The distinct records, with the terms of their words and their sketches."""
    cursor.execute(
        "CREATE UNLOGGED TABLE bench_record (number int, title text, kind text, field text, problem text, "
        "solution text, benefit bigint, is_public bool, terms tsvector)"
    )
    cursor.execute("CREATE UNLOGGED TABLE bench_sketch (number int, place int, keys int[])")
    known, batch = _Terms(), []
    for record in records(distinct):
        batch.append(record)
        if len(batch) == BATCH or record.number == distinct:
            _copy_batch(cursor, batch, known)
            batch = []
            _say(started, f"{record.number:,} records")


def _copy_batch(cursor, batch: list[Record], known: _Terms) -> None:
    sketches = []
    with cursor.copy(f"COPY bench_record ({_TEXTS}) FROM STDIN") as copy:
        for r in batch:
            found: set[str] = {"v:1", f"k:{r.kind}", f"f:{terms.named(r.field)}", "r:grassroots", "b:money"}
            found.update(f"b:{m}" for m in terms.MILLIONS if r.benefit >= m * 1_000_000)
            title = [w.lower() for w in r.title.split()]
            known.of(title, "t:", "T:", found)
            known.of(title, "w:", "A:", found)
            body = [w.strip(".").lower() for w in f"{r.problem} {r.solution}".split()]
            plain = known.of(body, "w:", "A:", found)
            packed = " ".join([terms.lexeme(t) for t in found])
            copy.write_row((r.number, r.title, r.kind, r.field, r.problem, r.solution, r.benefit, r.is_public, packed))
            sketches.append((r.number, 0, shingles.title_keys(r.title)))
            sketches.append(
                (r.number, 1, shingles.section_keys([shingles.NUMBER if w.isdigit() else w for w in plain]))
            )
    with cursor.copy("COPY bench_sketch (number, place, keys) FROM STDIN") as copy:
        for row in sketches:
            copy.write_row(row)


_MULTIPLY = (
    """
    INSERT INTO initiatives_initiative (id, code, unit_id, handler_id, title, kind, field, problem_before, solution,
        disclosure, created_at, changed_at, filed_on, received_on, concluded_on, benefit_stated, {names})
    SELECT r.number + %(shift)s, 'SK-' || lpad((r.number + %(shift)s)::text, 8, '0'), u.unit, u.unit, r.title, r.kind,
        r.field, r.problem, r.solution, CASE WHEN r.is_public THEN 'public' ELSE 'internal' END, now(), now(),
        d.day, d.day, d.day, r.benefit, {values}
    FROM bench_record r
    JOIN bench_union u ON u.place = (r.number::bigint * 7919 + %(copy)s * 104729) %% %(unions)s
    CROSS JOIN LATERAL (SELECT %(first)s::date + ((r.number + %(shift)s)::bigint * %(days)s / %(rows)s)::int AS day) d
    """,
    """
    INSERT INTO search_document (initiative_id, terms, public_terms, filed_on, kind, field, scope)
    SELECT p.number, p.terms || array_to_tsvector(ARRAY['s:recognised', 'h:' || p.unit]),
        CASE WHEN p.is_public THEN p.terms END, p.day, p.kind, p.field, 'grassroots'
    FROM (
        SELECT n.number, r.is_public, r.kind, r.field, d.day, u.unit, r.terms || array_to_tsvector(u.places || ARRAY[
            'y:' || extract(year FROM d.day), 'z:' || (n.number >> %(near)s), 'Z:' || (n.number >> %(far)s)]) AS terms
        FROM bench_record r
        JOIN bench_union u ON u.place = (r.number::bigint * 7919 + %(copy)s * 104729) %% %(unions)s
        CROSS JOIN LATERAL (SELECT r.number + %(shift)s AS number) n
        CROSS JOIN LATERAL (SELECT %(first)s::date + (n.number::bigint * %(days)s / %(rows)s)::int AS day) d
    ) p
    """,
    """
    INSERT INTO similarity_sketch (initiative_id, place, keys)
    SELECT number + %(shift)s, place, ARRAY(SELECT k # %(mask)s FROM unnest(keys) AS k) FROM bench_sketch
    """,
)


def _multiply(cursor, rows: int, distinct: int, started: float) -> None:
    names, constants = _columns(cursor)
    for table in ("search_document", "similarity_sketch"):
        cursor.execute(f"ALTER TABLE {table} SET UNLOGGED")
    literals = ", ".join(connection.ops.compose_sql("%s", [value]) for value in constants)
    rng = random.Random(11)
    for copy in range(rows // distinct):
        given = {
            "shift": copy * distinct,
            "copy": copy,
            "rows": rows,
            "unions": PROVINCES * SECTORS * UNIONS,
            "first": clock.today() - timedelta(days=365 * YEARS),
            "days": 365 * YEARS,
            "near": terms.NEAR_BITS,
            "far": terms.FAR_BITS,
            "mask": rng.getrandbits(shingles.KEY_BITS) if copy else 0,
        }
        for statement in _MULTIPLY:
            filled = statement.replace("{names}", ", ".join(names)).replace("{values}", literals)
            cursor.execute(filled, given)
        _say(started, f"{(copy + 1) * distinct:,} rows")
