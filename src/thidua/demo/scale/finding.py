"""What search and likeness find the records by, as their packages write it. Their authors keep no part of them."""

# ruff: noqa: S608 - statements are composed of our own words only
from __future__ import annotations

from random import Random

from thidua.demo.scale import bulk, texts
from thidua.demo.scale.bulk import Progress
from thidua.demo.scale.people import name_number
from thidua.demo.scale.sizes import Size
from thidua.search import terms
from thidua.search.domain import vocabulary
from thidua.search.models import Document
from thidua.similarity.domain import familiar
from thidua.similarity.measures import shingles
from thidua.similarity.models import Sketch

_FOUND = "p.state NOT IN ('draft', 'withdrawn') AND p.id > {after}"
_SCOPE = "CASE WHEN p.is_wide THEN 'province' WHEN p.state = 'recognised' THEN 'grassroots' ELSE '' END"
_AMOUNT = "coalesce(p.confirmed, p.benefit)"
# `search.domain.indexing.places_of`, and the names of the authors.
_PLACES = f"""
    array_to_tsvector(array_remove(ARRAY(SELECT 'u:' || a FROM unnest(h.above) AS a) || n1.terms || n2.terms || n3.terms
        || ARRAY['o:' || h.unit, 'c:' || p.code, 'z:' || (p.id >> {terms.NEAR_BITS}), 'Z:' || (p.id >> {terms.FAR_BITS}),
            'v:1', 'k:' || t.kind, 'f:' || t.field_term, 'r:' || nullif({_SCOPE}, ''),
            'y:' || extract(year FROM p.filed_on)::int,
            CASE WHEN p.benefit IS NULL THEN 'b:not_quantifiable' ELSE 'b:money' END,
            {", ".join(f"CASE WHEN {_AMOUNT} >= {m}000000 THEN 'b:{m}' END" for m in terms.MILLIONS)}], NULL))
"""
_SOURCE = f"""
    (SELECT p.id, p.state, p.filed_on, p.is_public, h.grassroots, t.kind, t.field, {_SCOPE} AS scope,
        w.terms || {_PLACES} AS terms
     FROM scale_plan p JOIN scale_home h USING (place) JOIN scale_text t ON t.number = p.text
     JOIN scale_terms w ON w.number = p.text
     JOIN scale_name n1 ON n1.number = {{lead}}
     LEFT JOIN scale_name n2 ON n2.number = {{second}}
     LEFT JOIN scale_name n3 ON n3.number = {{third}}
     WHERE {{found}} ORDER BY p.id) d
"""


def write(size: Size, progress: Progress) -> None:
    """Search documents and sketches of everything filed; then what the weekly jobs learn from them."""
    texts.write_terms(size, progress)
    with bulk.bare(Document):
        _documents(size)
        progress("search documents")
    progress("search index")
    with bulk.bare(Sketch):
        _sketches(size)
        progress("sketches")
    progress("likeness index")
    vocabulary.refresh()
    familiar.refresh()
    progress("phrases, common keys")


def _found(size: Size) -> str:
    """Which are found at once: filed, and among the newest."""
    return _FOUND.format(after=max(0, size.initiatives - size.searchable))


def _documents(size: Size) -> None:
    pool = bulk.number("SELECT count(*) FROM scale_name")
    named = {who: name_number(f"p.{who}", pool) for who in ("lead", "second", "third")}
    bulk.insert(
        Document,
        {
            "initiative_id": "d.id",
            "terms": "d.terms || array_to_tsvector(ARRAY['s:' || d.state, 'h:' || d.grassroots])",
            "public_terms": "CASE WHEN d.is_public THEN d.terms END",
            "filed_on": "d.filed_on",
            "kind": "d.kind",
            "field": "d.field",
            "scope": "d.scope",
        },
        _SOURCE.format(**named, found=_found(size)),
    )


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
