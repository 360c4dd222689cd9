"""Components and filters of every page; loaded everywhere (see settings)."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from thidua.kernel import formats
from thidua.ledger import presenters
from thidua.sites.shell.drawing import escaped
from thidua.sites.shell.tones import tone_of

register = template.Library()

register.filter("number", formats.number)
register.filter("vnd", formats.vnd)
register.filter("short_vnd", formats.short_vnd)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("percent", formats.percent)


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "check" %}`: decorative unless it has a label. A page has dozens of the same few."""
    address = f"{static('shell/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def period(valid: Any) -> str:
    """A period in words; its upper bound is the first day after it."""
    if valid.upper is None:
        return _("từ %(since)s") % {"since": formats.day(valid.lower)}
    last = formats.day(valid.upper - timedelta(days=1))
    return _("%(since)s đến %(until)s") % {"since": formats.day(valid.lower), "until": last}


@register.simple_tag
def chip(item: Any, tone: str = "") -> SafeString:
    """`{% chip initiative %}` or `{% chip "chữ" "success" %}`: state in words and colour."""
    if hasattr(item, "get_state_display"):
        item, tone = item.get_state_display(), tone_of(item.state)
    return SafeString(f'<span class="chip chip-{escaped(tone or "muted")}">{escaped(item)}</span>')


NAMED = 2


@register.simple_tag
def names(rows: Any) -> str:
    """`{% names item.author_names %}`, or of rows with a name: the first few, the others by their number."""
    said = [row if isinstance(row, str) else row.name for row in rows]
    if len(said) <= NAMED + 1:
        return ", ".join(said)
    return formats.counted("%(who)s và %(n)d người nữa", len(said) - NAMED, who=", ".join(said[:NAMED]))


@register.simple_tag
def options(rows: Any, chosen: Any = "") -> SafeString:
    """`{% options kinds filters.kind %}`: (value, words) as the options of a select, hundreds of them at once."""
    given = ((v, " selected" if str(v) == str(chosen) else "", label) for v, label in rows)
    lines = [f'<option value="{escaped(v)}"{mark}>{escaped(label)}</option>' for v, mark, label in given]
    return SafeString("".join(lines))


@register.inclusion_tag("shell/components/pager.html", takes_context=True)
def pager(context: RequestContext, page: Any) -> dict[str, Any]:
    """`{% pager page %}` for a kernel.paging.Page; keeps the filters of the address."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("shell/components/empty.html")
def empty(text: str, url: str = "", label: str = "", icon_name: str = "inbox") -> dict[str, Any]:
    """`{% empty "Chưa có …" url "Làm gì tiếp" %}`"""
    return {"text": text, "url": url, "label": label, "icon_name": icon_name}


@register.inclusion_tag("shell/components/stat.html")
def stat(label: str, value: Any, note: Any = "", url: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "note": note, "url": url}


_METER = """<div class="meter meter-{}">
  <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="6" class="meter-bed"/>\
<rect width="{}" height="6" class="meter-fill"/></svg>
  <span class="meter-words">{}{}</span>
</div>"""


@register.simple_tag
def meter(percent: Any, standing: str = "behind", label: str = "") -> SafeString:
    """A bar with its words. `standing`: none | behind | reached | exceeded. Written here: lists have one in each row."""
    width = max(0.0, min(100.0, float(percent))) if percent is not None else 0.0
    words = _("chưa giao chỉ tiêu") if percent is None else formats.percent(percent)
    if percent is not None and standing in ("exceeded", "reached"):
        words += f" · {_('vượt chỉ tiêu') if standing == 'exceeded' else _('đạt chỉ tiêu')}"
    more = f" {escaped(label)}" if label else ""
    return SafeString(_METER.format(escaped(standing), f"{width:.1f}", escaped(words), more))


@register.inclusion_tag("shell/components/field.html")
def field(bound: BoundField, wide: bool = True) -> dict[str, Any]:
    """One form field with label, help and error."""
    return {"field": bound, "is_check": isinstance(bound.field.widget, CheckboxInput), "wide": wide}


@register.inclusion_tag("shell/components/words.html")
def words_field(ident: str, name: str, least: int, label: str = "", typed: Any = "", **more: Any) -> dict[str, Any]:
    """`{% words_field "why" "reason" offer.reason_min %}`: a text of at least so many characters, said in its label.

    `more`: fault, rows, most (characters), is_optional.
    """
    shown = label or _("Lý do")
    if least > 1:
        shown = _("%(label)s (ít nhất %(n)d ký tự)") % {"label": shown, "n": least}
    return {"ident": ident, "name": name, "least": least, "label": shown, "typed": typed, "rows": 3, **more}


@register.inclusion_tag("shell/components/fields.html")
def form_fields(form: Any) -> dict[str, Any]:
    """Error summary and all fields of a form."""
    return {"form": form}


@register.filter
def styled(bound: BoundField) -> SafeString:
    """The widget with the class of its kind and the links a screen reader needs."""
    widget = bound.field.widget
    css = "form-control"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        css = "choices"
    elif isinstance(widget, CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select"
    attrs: dict[str, Any] = {"class": f"{css} {widget.attrs.get('class', '')}".strip()}
    if bound.errors:
        attrs["class"] += " is-invalid"
        attrs["aria-invalid"] = "true"
    described = [f"{bound.auto_id}-error"] * bool(bound.errors) + [f"{bound.auto_id}-help"] * bool(bound.help_text)
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("shell/components/timeline.html")
def timeline(acts: Any) -> dict[str, Any]:
    """Who did what when, newest first; the same thing done again and again in a row is one line with its number.

    Acts whose kind has no sentence are left out by tests, not here.
    """
    told = [(act, presenters.sentence(act)) for act in reversed(list(acts))]
    runs = [list(run) for _said, run in groupby(told, lambda row: (row[0].actor_name, row[1], row[0].reason))]
    return {"lines": [(*run[0], len(run)) for run in runs]}


@register.inclusion_tag("shell/components/offers.html", takes_context=True)
def offers(context: RequestContext, found: Any, url: str, reasons: Any = ()) -> dict[str, Any]:
    """Buttons of a workflow: POST to `url` with `step` (and `reason`). `reasons`: canned ones."""
    return {"offers": found, "url": url, "reasons": reasons, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("shell/components/bars.html")
def bars(rows: Any, caption: str) -> dict[str, Any]:
    """`{% bars rows "Tên biểu đồ" %}`: rows of (label, value, target, url); words and numbers are text, not drawing."""
    found = [(str(label), float(value or 0), float(target or 0), url) for label, value, target, url in rows]
    top = max([1.0, *(max(value, target) for _label, value, target, _url in found)])
    return {"caption": caption, "rows": [_bar(*row, top) for row in found]}


def _bar(label: str, value: float, target: float, url: str, top: float) -> dict[str, Any]:
    """Widths in thousandths of the longest bar; the mark of a target stays inside the drawing."""
    mark = min(995.0, round(1000 * target / top - 2.5, 1)) if target else None
    width = round(1000 * value / top, 1)
    return {"label": label, "value": value, "target": target, "url": url, "width": width, "mark": mark}
