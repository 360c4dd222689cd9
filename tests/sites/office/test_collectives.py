"""A collective is put forward by typing it: a unit may have thousands below it."""

from django.urls import reverse

from tests.awards.test_commendation import CITATION
from tests.tallies.test_sums import make_programme
from thidua.awards.domain import nominations


def test_a_collective_is_typed_or_picked_among_all_units_below(cast, sign_in):
    programme = make_programme(cast, "TB-YT")
    about = {"programme": programme, "phase": programme.phases.first(), "award_form": "giay-khen"}
    nomination = nominations.open_list(cast["TB-YT-01"], cast["TB-YT"], by=cast.binh, **about)
    binh = sign_in(cast.binh)
    page = binh.get(reverse("office:nomination", args=[nomination.code])).content.decode()
    assert f'value="TB-YT-01 – {cast["TB-YT-01"].name}"' in page
    assert cast["TB-YT-01-N"].name not in page, "units below are offered as one types"
    offered = binh.get(reverse("office:unit-options"), {"collective": "TB-YT-01-N"}).content.decode()
    assert cast["TB-YT-01-N"].name in offered

    add = reverse("office:nominee-new", args=[nomination.code])
    binh.post(add, {"collective": f"TB-YT-01-N – {cast['TB-YT-01-N'].name}", "citation": CITATION})
    assert [n.collective for n in nomination.nominees.all()] == [cast["TB-YT-01-N"]]
    strange = binh.post(add, {"collective": "NT-KCN-01", "citation": CITATION})
    assert strange.status_code == 422
    assert 'value="NT-KCN-01"' in strange.content.decode(), "what was typed stays"
    assert nomination.nominees.count() == 1
