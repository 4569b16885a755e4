"""Python-Markdown's inline stage, which tries only the patterns that can match a text."""

import re
from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import (
    ImageReferenceInlineProcessor,
    InlineProcessor,
    Pattern,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.treeprocessors import InlineProcessor as StockInlineProcessor
from markdown.util import INLINE_PLACEHOLDER, INLINE_PLACEHOLDER_PREFIX, INLINE_PLACEHOLDER_RE, STX, AtomicString

from sitegen.markup.needs import find_needs

_REFERENCES = (
    ReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
    ImageReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
)
Placed = list[tuple[Element, list[str]]]


class Rule(NamedTuple):
    """A pattern, its regular expression, and the literals one of which a text must have for it to match."""

    pattern: Any
    expression: re.Pattern[str]
    needs: tuple[str, ...]
    place: int


Suffixes = tuple[tuple[Rule, ...], ...]


class InlineStage(StockInlineProcessor):
    """Do what the stock inline processor does, with the same result, on less work.

    Nine texts in ten hold no character that any pattern needs: one search tells. In the others a pattern
    whose needed literals are absent is passed over. What is needed comes from the regular expressions
    themselves, so that it holds for the patterns of any extension. The patterns for references, which
    read all brackets, rest while a text defines none.
    """

    _rules: tuple[Rule, ...] = ()
    _all: Suffixes = ()
    _unreferenced: Suffixes = ()
    _after: Suffixes = ()
    _trigger: re.Pattern[str] = re.compile("")

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Turn the Markdown in all texts of a tree into elements of it, breadth first."""
        self._refresh()
        self._after = self._all if self.md.references else self._unreferenced
        self.stashed_nodes: dict[str, Any] = {}
        search = self._trigger.search
        waiting = deque([(tree, [*(ancestors or ()), tree.tag.lower()])])
        while waiting:
            element, self.ancestors = waiting.popleft()
            if element is not tree:
                self.ancestors.append(element.tag.lower())
            filled: list[tuple[Element, Placed]] = []
            for index, child in enumerate(element):  # which may grow behind the child meanwhile
                text = child.text
                if text and search(text) and not isinstance(text, AtomicString):
                    self.ancestors.append(child.tag.lower())
                    child.text = None
                    placed = self._expand(self._substitute(text, 0), child, inside=True)
                    waiting.extend(placed)
                    filled.append((child, placed))
                    self.ancestors.pop()
                tail = child.tail
                if tail and search(tail):
                    holder = Element("d")
                    child.tail = None
                    placed = self._expand(self._substitute(tail, 0), holder, inside=False)
                    if holder.tail:
                        child.tail = holder.tail
                    self._insert(element, index + 1, placed)
                if len(child):
                    waiting.append((child, self.ancestors[:]))
            for child, placed in filled:
                self._insert(child, 0, placed)
        return tree

    def _refresh(self) -> None:
        """Work out again what the patterns need, if any was added, taken out or changed."""
        patterns: list[Any] = list(self.inlinePatterns)
        expressions = [pattern.getCompiledRegExp() for pattern in patterns]
        if [rule.pattern for rule in self._rules] == patterns and [
            rule.expression for rule in self._rules
        ] == expressions:
            return
        self._rules = tuple(
            Rule(pattern, expression, tuple(sorted(_needs_of(pattern, expression))), place)
            for place, (pattern, expression) in enumerate(zip(patterns, expressions, strict=True))
        )
        self._all = _suffixes(self._rules)
        self._unreferenced = _suffixes(self._rules, without=_REFERENCES)
        literals = {STX}.union(*(rule.needs for rule in self._rules))
        known = all(rule.needs for rule in self._rules)
        self._trigger = re.compile("|".join(map(re.escape, _shortest(literals))) if known else "")

    def _substitute(self, text: str, first: int) -> str:
        """Return a text with place holders for all that the patterns from the first one on make of it."""
        if isinstance(text, AtomicString) or not self._trigger.search(text):
            return text
        for rule in self._after[first]:
            needs = rule.needs
            for need in needs:
                if need in text:
                    break
            else:
                if needs:
                    continue
            apply = self._apply if isinstance(rule.pattern, InlineProcessor) else self._apply_old
            position = 0
            while position >= 0:
                text, position = apply(rule, text, position)
        return text

    def _apply(self, rule: Rule, text: str, position: int) -> tuple[str, int]:
        """Replace a rule's first match from a position on; the new position is -1 where there is none."""
        pattern = rule.pattern
        if pattern.ANCESTOR_EXCLUDES and self._is_excluded(pattern):
            return text, -1
        for match in pattern.getCompiledRegExp().finditer(text, position):
            node, start, end = pattern.handleMatch(match, text)
            if start is not None and end is not None:
                break
        else:
            return text, -1
        if node is None:
            return text, end
        holder = self._keep(node, rule.place)
        return f"{text[:start]}{holder}{text[end:]}", start + len(holder)

    def _apply_old(self, rule: Rule, text: str, position: int) -> tuple[str, int]:
        """Do the same for a pattern of the old style, whose expression matches the whole of a text."""
        pattern = rule.pattern
        match = None if self._is_excluded(pattern) else pattern.getCompiledRegExp().match(text[position:])
        if not match:
            return text, -1
        node = pattern.handleMatch(match)
        if node is None:
            return text, match.end(0)
        holder = self._keep(node, rule.place)
        before = text[:position] + match[1]
        return f"{before}{holder}{match.groups()[-1]}", len(before) + len(holder)

    def _is_excluded(self, pattern: Any) -> bool:
        return any(name.lower() in self.ancestors for name in pattern.ANCESTOR_EXCLUDES)

    def _keep(self, node: Element | str, place: int) -> str:
        """Keep what a pattern made, and return the place holder for it."""
        if not isinstance(node, str) and not isinstance(node.text, AtomicString):
            self._descend(node, place)
        number = f"{len(self.stashed_nodes):04d}"
        self.stashed_nodes[number] = node
        return INLINE_PLACEHOLDER % number

    def _descend(self, node: Element, index: int) -> None:
        """Let the patterns that come later work inside a new element, and this one too in what follows it."""
        for child in [node, *node]:
            if child.text:
                self.ancestors.append(child.tag.lower())
                child.text = self._substitute(child.text, index + 1)
                self.ancestors.pop()
            if child.tail:
                child.tail = self._substitute(child.tail, index)

    def _expand(self, text: str | None, parent: Element, *, inside: bool) -> Placed:
        """Put the elements for which a text has place holders, and the text between them, where they belong.

        Text before the first element goes inside the parent or behind it; the elements are returned,
        each with its ancestors, for the caller to insert.
        """
        placed: Placed = []

        def add(piece: str) -> None:
            if not piece:
                return
            if placed:
                last = placed[-1][0]
                last.tail = last.tail + piece if last.tail else piece
            elif inside:
                parent.text = parent.text + piece if parent.text else piece
            else:
                parent.tail = parent.tail + piece if parent.tail else piece

        start = 0
        while text:
            index = text.find(INLINE_PLACEHOLDER_PREFIX, start)
            if index < 0:
                rest = text[start:]
                add(AtomicString(rest) if isinstance(text, AtomicString) else rest)
                break
            match = INLINE_PLACEHOLDER_RE.search(text, index)
            if match and match[1] in self.stashed_nodes:
                node = self.stashed_nodes[match[1]]
                add(text[start:index])
                start = match.end()
                if isinstance(node, str):
                    add(node)
                else:
                    self._expand_within(node)
                    placed.append((node, self.ancestors[:]))
            else:
                end = index + len(INLINE_PLACEHOLDER_PREFIX)
                add(text[start:end])
                start = end
        return placed

    def _expand_within(self, node: Element) -> None:
        for child in [node, *node]:
            tail, text = child.tail, child.text
            if tail and tail.strip():
                child.tail = None
                placed = self._expand(tail, child, inside=False)
                if placed:
                    self._insert(node, 0 if child is node else list(node).index(child) + 1, placed)
            if text and text.strip():
                child.text = None
                self._insert(child, 0, self._expand(text, child, inside=True))

    @staticmethod
    def _insert(parent: Element, index: int, placed: Placed) -> None:
        for node, _ in reversed(placed):
            parent.insert(index, node)


def _needs_of(pattern: Pattern, expression: re.Pattern[str]) -> frozenset[str]:
    """Return what a pattern needs; nothing if it may use another expression each time."""
    usual = type(pattern).getCompiledRegExp is Pattern.getCompiledRegExp
    return find_needs(expression) if usual else frozenset()


def _suffixes(rules: tuple[Rule, ...], without: tuple[type, ...] = ()) -> Suffixes:
    """Return for each place the rules from there on, without those for patterns of exactly some classes."""
    return tuple(
        tuple(rule for rule in rules[place:] if type(rule.pattern) not in without) for place in range(len(rules) + 1)
    )


def _shortest(literals: Iterable[str]) -> list[str]:
    """Return the literals without those that contain another one."""
    kept: list[str] = []
    for literal in sorted(literals, key=lambda literal: (len(literal), literal)):
        if not any(short in literal for short in kept):
            kept.append(literal)
    return kept
