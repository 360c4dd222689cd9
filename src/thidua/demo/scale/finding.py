"""What search and likeness find the records by, as their packages write it. Their authors keep no part of them."""

# ruff: noqa: S608 - statements are composed of our own words only
from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from random import Random

from pyroaring import BitMap

from thidua.demo.scale import bulk, texts
from thidua.demo.scale.bulk import Progress
from thidua.demo.scale.people import name_number
from thidua.demo.scale.sizes import Size
from thidua.search import terms
from thidua.search.domain import rebuilding, vocabulary
from thidua.search.models import Document
from thidua.similarity.domain import familiar
from thidua.similarity.measures import shingles
from thidua.similarity.models import Sketch

_FOUND = "p.state NOT IN ('draft', 'withdrawn') AND p.id > {after}"
_SLOTS = """
    CREATE TEMP TABLE scale_slot AS SELECT p.id, row_number() OVER (ORDER BY p.filed_on, p.id)::int AS slot
    FROM scale_plan p WHERE {found}
"""
_SCOPE = "CASE WHEN p.is_wide THEN 'province' WHEN p.state = 'recognised' THEN 'grassroots' END"
_AMOUNT = "coalesce(p.confirmed, p.benefit)"
# As `search.domain.indexing.places_of` has it; what is NULL is not there.
_PLACES = f"""
    ARRAY(SELECT DISTINCT place COLLATE "C" FROM unnest(
        ARRAY(SELECT 'u:' || a FROM unnest(h.above) AS a) || n1.terms || n2.terms || n3.terms
        || ARRAY['{terms.FOUND}', CASE WHEN p.is_public THEN '{terms.PUBLIC}' END, 'o:' || h.unit, 'h:' || h.grassroots,
            's:' || p.state, 'm:' || p.channel, 'k:' || t.kind, 'f:' || t.field_term, 'r:' || {_SCOPE},
            'y:' || extract(year FROM p.filed_on)::int,
            CASE WHEN p.benefit IS NULL THEN 'b:not_quantifiable' ELSE 'b:money' END,
            {", ".join(f"CASE WHEN {_AMOUNT} >= {m}000000 THEN 'b:{m}' END" for m in terms.MILLIONS)}]) AS place
        WHERE place IS NOT NULL ORDER BY 1)
"""
_SOURCE = f"""
    (SELECT p.id, s.slot, w.words, {_PLACES} AS places
     FROM scale_slot s JOIN scale_plan p USING (id) JOIN scale_home h USING (place)
     JOIN scale_text t ON t.number = p.text JOIN scale_words w ON w.number = p.text
     JOIN scale_name n1 ON n1.number = {{lead}}
     LEFT JOIN scale_name n2 ON n2.number = {{second}}
     LEFT JOIN scale_name n3 ON n3.number = {{third}}
     ORDER BY p.id) d
"""


def write(size: Size, progress: Progress) -> None:
    """The index of the search and sketches of everything filed; then what the weekly jobs learn from them."""
    texts_of = texts.write_terms(size, progress)
    _documents(size, progress)
    progress("search documents")
    _postings(texts_of, progress)
    progress("search index")
    with bulk.bare(Sketch, progress=progress):
        _sketches(size)
        progress("sketches")
    progress("likeness index")
    vocabulary.refresh()
    progress.meanwhile("phrases")
    familiar.refresh()
    progress("phrases, common keys")


def _found(size: Size) -> str:
    """Which are found at once: filed, and among the newest."""
    return _FOUND.format(after=max(0, size.initiatives - size.searchable))


def _documents(size: Size, progress: Progress) -> None:
    pool = bulk.number("SELECT count(*) FROM scale_name")
    named = {who: name_number(f"p.{who}", pool) for who in ("lead", "second", "third")}
    bulk.run(_SLOTS.format(found=_found(size)))
    bulk.analyze("scale_slot")
    with bulk.bare(Document, progress=progress):
        given = {"initiative_id": "d.id", "slot": "d.slot", "words": "d.words", "places": "d.places"}
        bulk.insert(Document, given, _SOURCE.format(**named))
    bulk.run("SELECT setval('search_slot', coalesce(max(slot), 0) + 1) FROM scale_slot")


def _postings(texts_of: Mapping[str, array[int]], progress: Progress) -> None:
    """Terms of places as the documents have them; terms of words over the records that have the text."""
    slots_of: dict[int, BitMap] = defaultdict(BitMap)
    for text, slot in bulk.rows("SELECT p.text, s.slot FROM scale_slot s JOIN scale_plan p USING (id)"):
        slots_of[text].add(slot)
    having: dict[str, array[int]] = defaultdict(lambda: array("I"))
    for slot, places in bulk.rows("SELECT slot, places FROM search_document"):
        for place in places:
            having[place].append(slot)
    progress.meanwhile("places read")
    rebuilding.load_sets((t, 0, BitMap(having[t])) for t in sorted(having))
    having.clear()
    progress.meanwhile("sets of places")
    words = (
        (t, BitMap.union(BitMap(), *(slots_of[n] for n in texts_of[t] if n in slots_of))) for t in sorted(texts_of)
    )
    rebuilding.load_sets(_counted(((t, 0, slots) for t, slots in words if slots), len(texts_of), progress))
    bulk.analyze("search_posting")


def _counted(sets: Iterator[tuple], whole: int, progress: Progress) -> Iterator[tuple]:
    for number, one in enumerate(sets, 1):
        progress.meanwhile(f"sets of words: {number:,} of {whole:,}")
        yield one


def _sketches(size: Size) -> None:
    """Copies of a text get its keys turned by a mask of their own; the originals have theirs as they are."""
    random = Random(size.seed)
    copies = -(-size.initiatives // size.texts)
    bulk.run("CREATE TEMP TABLE scale_mask (copy int PRIMARY KEY, mask int)")
    masks = [(copy, random.getrandbits(shingles.KEY_BITS) if copy else 0) for copy in range(copies)]
    bulk.copy("scale_mask", "copy, mask", masks)
    bulk.run("CREATE INDEX ON scale_sketch (number)")
    keys = "CASE WHEN m.mask = 0 THEN s.keys ELSE ARRAY(SELECT k # m.mask FROM unnest(s.keys) AS k ORDER BY 1) END"
    source = "scale_plan p JOIN scale_mask m USING (copy) JOIN scale_sketch s ON s.number = p.text"
    given = {"initiative_id": "p.id", "place": "s.place", "keys": keys}
    bulk.insert(Sketch, given, f"{source} WHERE {_found(size)}")
