"""What is drawn is what Django draws, letter by letter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, Template, TemplateDoesNotExist
from django.template.base import VariableNode
from django.template.engine import Engine as AnyEngine
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from thidua.initiatives.choices import State
from thidua.sites.shell import drawing

LIBRARIES = {
    "builtins": [
        "django.templatetags.i18n",
        "django.templatetags.static",
        "thidua.sites.shell.templatetags.shell",
    ]
}


class Thing:
    name = "Công đoàn <b>&'\""
    number = 1234567
    plain = "chữ thường"
    safe = mark_safe("<i>an toàn</i>")
    nothing = None
    truth = True
    ratio = 2.5
    exact = Decimal("12.30")
    day = date(2022, 5, 20)
    moment = datetime(2022, 5, 20, 17, 30, tzinfo=UTC)
    lazy = gettext_lazy("Đoàn viên & đơn vị")
    items = ["một", "hai"]
    table = {"x": {"y": "<z>"}, "items": "che mất"}
    state = State.SUBMITTED
    kind = State  # a class among the values: Django calls what may be called

    def method(self) -> str:
        return "gọi <được>"

    def with_argument(self, one: str) -> str:
        return one

    def deletes(self) -> str:
        raise AssertionError("a template never changes anything")

    deletes.alters_data = True  # type: ignore[attr-defined]

    @property
    def missing(self) -> str:
        raise ObjectDoesNotExist

    @property
    def related(self) -> str:
        class RelatedDoesNotExist(ObjectDoesNotExist, AttributeError):
            silent_variable_failure = True

        raise RelatedDoesNotExist

    def __str__(self) -> str:
        return "<thing>"


NAMES = [name for name in vars(Thing) if not name.startswith("__")] + ["absent", "name.upper", "name.0", "items.1",
    "items.7", "items.count", "table.x.y", "table.items", "table.keys", "table.none", "day.year", "state.label",
    "method.upper", "lazy.upper", "nothing.more", "with_argument.x"]  # fmt: skip
EXPRESSIONS = [
    *[f"{{{{ thing.{name} }}}}" for name in NAMES],
    *[f"{{% if thing.{name} %}}có{{% else %}}không{{% endif %}}" for name in NAMES],
    *[f"{{{{ held.{name} }}}}" for name in NAMES],
    "{{ thing }}", "{{ word }}", "{{ absent }}", "{{ absent.more }}", "{{ 12 }}", '{{ "<chữ>" }}', '{{ _("Tất cả") }}',
    "{{ thing.number|number }}", "{{ thing.name|upper }}", "{{ thing.name|safe }}", "{{ thing.absent|default:thing.name }}",
    "{{ thing.items|join:word }}", "{% for i in thing.items %}{{ forloop.counter }}{{ i }}{% endfor %}",
    "{% with a=thing.table b=thing.items|length %}{{ a.x.y }}{{ b }}{% endwith %}",
    "{% autoescape off %}{{ thing.name }}{{ thing }}{% translate 'Được tính' %}{% endautoescape %}",
    "{% language 'en' %}a {% translate 'Được tính' %} b{% endlanguage %} {% translate 'Được tính' %} c",
    "<b>{% translate 'Được tính' %}</b>{{ word }}{% translate 'Đã gửi' %}, {% translate 'Việc & <chữ>' %}",
    "{% translate 'Được tính' %}", "{% translate 'Được tính' as x %}[{{ x }}]", "{% translate thing.plain %}",
    "{% translate 'Việc & <chữ>' %}", "{% translate '% chỉ tiêu' %}", "{% blocktranslate with n=word %}a {{ n }}{% endblocktranslate %}",
    "{% url 'office:todo' %}", "{% url 'office:dossier' code %}", "{% url 'office:dossier' number %}",
    "{% url 'office:dossier' thing.plain %}", "{% url 'office:dossier' 'a?b&c' %}", "{% url 'office:dossier' code as x %}[{{ x }}]",
    "{% url 'office:dossier' code=code %}", "{% url place code %}", "{% url 'shell:notice' 7 %}", "{% url 'shell:notice' '7' %}",
    "{% url 'office:progress' code 'TB-01' %}", "{% url 'office:dossier' '' as x %}[{{ x }}]",
    "{% url 'shell:notice' word as x %}[{{ x }}]",
]  # fmt: skip
WRONG = [
    "{% url 'office:dossier' '' %}",
    "{% url 'shell:notice' word %}",
    "{% url 'office:dossier' %}",
    "{% url 'no:such' %}",
]


def _of(kind: str, source: str) -> Template:
    loaders: list[Any] = [(kind, [("django.template.loaders.locmem.Loader", {"page": source})])]
    return Engine(loaders=loaders, **LIBRARIES).get_template("page")


def _both(source: str) -> list[str]:
    drawn = []
    for kind in ("django.template.loaders.cached.Loader", "thidua.sites.shell.drawing.Loader"):
        given = {"thing": Thing(), "word": "<chữ>", "code": "SK-2022-0001", "number": 12, "place": "office:dossier"}
        given["held"] = SimpleLazyObject(Thing)
        template = _of(kind, source)
        drawn.append(template.render(Context(given)) + template.render(Context(given)))
    return drawn


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("source", EXPRESSIONS)
def test_the_same_is_drawn(source, language):
    with override(language):
        django, here = _both(source)
    assert here == django


@pytest.mark.parametrize("code", ["SK-2022-0001", "a b", "đ?1", "{0}", "9000000000", "m9-0-9m", 7])
def test_the_address_of_a_row_is_the_one_the_page_has(code):
    template = _of("thidua.sites.shell.drawing.Loader", "{% url 'office:dossier' code %}")
    assert template.render(Context({"code": code})) == reverse("office:dossier", args=[code])


def test_several_codes_stand_in_their_places():
    template = _of("thidua.sites.shell.drawing.Loader", "{% url 'office:progress' one two %}")
    for one, two in (("CT-1", "TB"), ("m9-1-9m", "m9-0-9m"), ("m9-0-9m", "m9-1-9m")):
        assert template.render(Context({"one": one, "two": two})) == reverse("office:progress", args=[one, two])


@pytest.mark.parametrize("source", WRONG)
def test_the_same_is_refused(source):
    for kind in ("django.template.loaders.cached.Loader", "thidua.sites.shell.drawing.Loader"):
        with pytest.raises(NoReverseMatch):
            _of(kind, source).render(Context({"word": "chữ"}))


def test_words_follow_the_language_of_each_reader():
    template = _of("thidua.sites.shell.drawing.Loader", "{% translate 'Đoàn viên & đơn vị' %}")
    with override("vi"):
        first = template.render(Context())
    with override("en"):
        assert template.render(Context()) != first
    with override("vi"):
        assert template.render(Context()) == first


def test_our_pages_are_drawn_here_and_debugging_leaves_them_to_django():
    page = get_template("office/todo/show.html").template
    assert any(isinstance(node, drawing.Value) for node in page.nodelist.get_nodes_by_type(VariableNode))
    loaders: list[Any] = [
        ("thidua.sites.shell.drawing.Loader", [("django.template.loaders.locmem.Loader", {"page": "{{ a }}"})])
    ]
    plain = AnyEngine(loaders=loaders, debug=True, **LIBRARIES).get_template("page")
    assert type(plain.nodelist[0]) is VariableNode


def test_a_page_that_is_not_there_is_not_there():
    for _time in range(2):
        with pytest.raises(TemplateDoesNotExist):
            get_template("office/no/such.html")
