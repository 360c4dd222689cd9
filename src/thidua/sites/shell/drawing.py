"""How templates are read here: as Django does, with the commonest parts drawn in fewer steps.

A list draws hundreds of variables, words and addresses, and for each Django takes a dozen general steps: is it
a dictionary, a call, a date, a lazy string, does it need escaping? Here the usual answer is tried first, and
whatever is not usual goes Django's way. What is drawn is the same, letter by letter. With debugging on, Django
alone draws, for its error pages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from types import MethodType
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.template import Template, VariableDoesNotExist
from django.template.base import (
    FilterExpression,
    Lexer,
    Node,
    NodeList,
    Parser,
    TextNode,
    Token,
    Variable,
    VariableNode,
)
from django.template.base import render_value_in_context as as_django
from django.template.defaulttags import URLNode
from django.template.loaders import cached
from django.templatetags.i18n import LanguageNode, TranslateNode
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_has_markup = re.compile("[&<>\"']").search
_is_code = re.compile("[A-Za-z0-9_-]+").fullmatch


class Loader(cached.Loader):
    """Templates as Django's loaders find them, read once more by the parser below when they are first wanted."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        found: Any = super().get_template(template_name, skip)
        if not self.engine.debug and not getattr(found, "is_drawn_here", False):
            parser = _Parser(
                Lexer(found.source).tokenize(),
                self.engine.template_libraries,
                self.engine.template_builtins,
                found.origin,
            )
            found.nodelist, found.extra_data = parser.parse(), parser.extra_data
            found.is_drawn_here = True
        return found


class _Parser(Parser):
    def compile_filter(self, token: str) -> FilterExpression:
        found = super().compile_filter(token)
        arguments = [value for _filter, given in found.filters for is_variable, value in given if is_variable]
        for variable in (found.var, *arguments):
            if type(variable) is Variable and variable.lookups is not None and not variable.translate:
                variable.__class__ = Path
        if type(found) is FilterExpression and type(found.var) is Path and not found.filters:
            found.__class__ = Plain
        return found

    def parse(self, parse_until: Any = None) -> NodeList:
        return _joined(super().parse(parse_until))

    def extend_nodelist(self, nodelist: NodeList, node: Any, token: Token) -> None:
        if type(node) is VariableNode:
            node.__class__ = Value
        elif type(node) is TranslateNode and _is_constant(node):
            words: Any = node
            words.__class__, words.said = Words, {}
        elif type(node) is LanguageNode:
            node.__class__ = InLanguage
        elif type(node) is URLNode and not node.kwargs and type(node.view_name.var) is SafeString:
            node.__class__ = Address
        super().extend_nodelist(nodelist, node, token)


class Path(Variable):
    """`line.unit.code`: keys of the context, then attributes, and methods that need nothing."""

    __slots__ = ()

    def resolve(self, context: Any) -> Any:
        try:
            return self._walk(context)
        except VariableDoesNotExist:
            raise
        except ObjectDoesNotExist:
            return context.template.engine.string_if_invalid
        except Exception:  # noqa: BLE001 - Django looks again, and says what follows from it
            return super().resolve(context)

    def _walk(self, context: Any) -> Any:
        lookups: Any = self.lookups
        first = lookups[0]
        for layer in reversed(context.dicts):
            if first in layer:
                current = layer[first]
                break
        else:
            if hasattr(type(context), first):
                raise LookupError
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (first, context))
        if callable(current):
            current = _called(current)
        for name in lookups[1:]:
            kind = type(current)
            if kind is dict:
                current = current[name]
            elif hasattr(kind, "__getitem__") and not issubclass(kind, str):  # a word has no keys: choices have labels
                raise LookupError
            else:
                current = getattr(current, name)
            if callable(current):
                current = _called(current)
        return current


class Plain(FilterExpression):
    """A variable without filters: most of what a page asks for."""

    __slots__ = ()

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        try:
            return self.var.resolve(context)
        except VariableDoesNotExist:
            return super().resolve(context, ignore_failures)


def _called(found: Any) -> Any:
    """What a plain method gives; classes, and methods that change something, are Django's to judge."""
    if (
        type(found) is MethodType
        and not hasattr(found, "alters_data")
        and not hasattr(found, "do_not_call_in_templates")
    ):
        return found()
    raise LookupError


def escaped(value: Any) -> str:
    """As Django's `conditional_escape`; most of what is drawn has nothing to escape."""
    return value if type(value) is str and not _has_markup(value) else conditional_escape(value)


class Value(VariableNode):
    def render(self, context: Any) -> str:
        try:
            value = self.filter_expression.resolve(context)
        except UnicodeDecodeError:
            return ""
        kind = type(value)
        if kind is SafeString or (kind is str and not (context.autoescape and _has_markup(value))):
            return value
        return as_django(value, context)


class Words(TranslateNode):
    """`{% translate "…" %}` of words that stand in the template: looked up once in each language."""

    said: dict[tuple[str, bool], str]

    def render(self, context: Any) -> str:
        key = (_language(context), context.autoescape)
        found = self.said.get(key)
        if found is None:
            found = self.said[key] = super().render(context)
        return found


class Run(Node):
    """Words and the text around them: one piece in each language."""

    child_nodelists = ()

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.said: dict[tuple[str, bool], str] = {}

    def render(self, context: Any) -> str:
        key = (_language(context), context.autoescape)
        found = self.said.get(key)
        if found is None:
            found = self.said[key] = "".join([node.render(context) for node in self.nodes])
        return found


class InLanguage(LanguageNode):
    def render(self, context: Any) -> str:
        outside = context.__dict__.pop("said_in", None)
        try:
            return super().render(context)
        finally:
            context.__dict__.pop("said_in", None)
            if outside is not None:
                context.said_in = outside


def _language(context: Any) -> str:
    """The language of this page, looked up once."""
    found = context.__dict__.get("said_in")
    if found is None:
        found = context.said_in = get_language() or ""
    return found


def _joined(nodes: NodeList) -> NodeList:
    """Neighbouring words and text as one piece."""
    found = NodeList()
    found.contains_nontext = nodes.contains_nontext
    for is_constant, group in groupby(nodes, lambda node: type(node) in (TextNode, Words)):
        run = list(group)
        if is_constant and len(run) > 1:
            joined = Run(run)
            joined.token, joined.origin = run[0].token, run[0].origin
            found.append(joined)
        else:
            found.extend(run)
    return found


def _is_constant(node: TranslateNode) -> bool:
    expression = node.filter_expression
    if node.asvar or node.message_context or expression.filters:
        return False
    return type(expression.var) is Variable and expression.var.literal is not None


class Address(URLNode):
    """`{% url "…" code %}`: the page is looked up once, whatever the codes; what needs quoting is left to Django."""

    def render(self, context: Any) -> str:
        given = [arg.resolve(context) for arg in self.args]
        if not all((type(one) is int and one >= 0) or (isinstance(one, str) and _is_code(one)) for one in given):
            return super().render(context)
        try:
            found = _pattern(self.view_name.var, tuple(isinstance(one, int) for one in given)).format(*given)
        except NoReverseMatch:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = found
            return ""
        return found


@lru_cache(maxsize=500)
def _pattern(name: str, are_numbers: tuple[bool, ...]) -> str:
    """The address of a page with {0}, {1} … in the place of what it is given."""
    marks = [f"{9_000_000_000 + n}" if is_number else f"m9-{n}-9m" for n, is_number in enumerate(are_numbers)]
    found = reverse(name, args=marks).replace("{", "{{").replace("}", "}}")
    for place, mark in enumerate(marks):
        found = found.replace(mark, f"{{{place}}}")
    return found
