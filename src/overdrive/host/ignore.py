"""Which paths an ignore file leaves out: gitignore's rules (gitignore(5)), matched in our own code.

The well-kept library for this, pathspec, takes 40 ms to import, more than all else that a submit does; this takes one.
tests/contract/test_ignore.py holds it against git itself. Two differences, both on purpose: `?` and `[...]` match one
character, where git matches one byte; upper and lower case always differ.
"""

import re
from collections.abc import Callable

__all__ = ["IgnoreRules", "Rule"]

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_WILD = frozenset("*?[\\")


class Rule:
    """One line of an ignore file."""

    __slots__ = ("_regex", "_suffix", "folders_only", "keeps", "line", "pattern", "text", "whole_path")

    def __init__(self, line: int, text: str) -> None:
        #: Number of the line, from 1.
        self.line = line
        #: The line as written, without its end.
        self.text = text
        #: Whether the rule takes paths in again (`!`) instead of leaving them out.
        self.keeps = text.startswith("!")
        pattern = text[1:] if self.keeps else text
        #: Whether it is about folders only (a slash at the end).
        self.folders_only = pattern.endswith("/")
        pattern = pattern[:-1] if self.folders_only else pattern
        #: Whether it is held against the whole path (a slash at its beginning or inside) and not the name alone.
        self.whole_path = "/" in pattern
        #: What is matched.
        self.pattern = pattern.removeprefix("/")
        self._suffix = self.pattern[1:] if self.pattern[:1] == "*" and not _WILD & set(self.pattern[1:]) else None
        self._regex: Callable[[str], object] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the pattern is the very name or path that it matches."""
        return not _WILD & set(self.pattern)

    def matches(self, path: str, name: str) -> bool:
        """Whether the pattern matches `path`, relative to the ignore file's folder, whose last part is `name`."""
        if self._suffix is not None and not self.whole_path:
            return name.endswith(self._suffix)
        if self._regex is None:
            self._regex = _compile(self.pattern)
        return self._regex(path if self.whole_path else name) is not None


class IgnoreRules:
    """The rules of one ignore file, the last one that matches a path decides."""

    def __init__(self, text: str) -> None:
        self._plain: dict[tuple[bool, str], list[Rule]] = {}
        self._wild: list[Rule] = []
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            line = _trim(line)
            if not line or line.startswith("#"):
                continue
            rule = Rule(number, line)
            if rule.is_plain:
                self._plain.setdefault((rule.whole_path, rule.pattern), []).append(rule)
            else:
                self._wild.append(rule)

    def match(self, path: str, is_folder: bool) -> Rule | None:
        """The rule that decides about `path` (relative, with slashes, no slash at its end), or None.

        A path below a folder that is left out is never asked for: such a folder cannot be looked into.
        """
        name = path[path.rfind("/") + 1 :]
        best: Rule | None = None
        for key in ((False, name), (True, path)):
            for rule in self._plain.get(key, ()):
                if (is_folder or not rule.folders_only) and (best is None or rule.line > best.line):
                    best = rule
        for rule in reversed(self._wild):
            if best is not None and rule.line < best.line:
                break
            if (is_folder or not rule.folders_only) and rule.matches(path, name):
                return rule
        return best


def _trim(line: str) -> str:
    """The line without a carriage return and without blanks at its end, but for those behind a backslash."""
    line = line.removesuffix("\r")
    kept = line.rstrip(" ")
    if kept != line and (len(kept) - len(kept.rstrip("\\"))) % 2:
        kept += " "
    return kept


def _compile(pattern: str) -> Callable[[str], object]:
    """A function that gives None for what does not match; a pattern that makes no sense matches nothing, as in git."""
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            at, part = _stars(pattern, at)
        elif char == "?":
            at, part = at + 1, "[^/]"
        elif char == "[":
            at, part = _bracket(pattern, at + 1)
        elif char == "\\":
            at, part = at + 2, re.escape(pattern[at + 1 : at + 2])
        else:
            at, part = at + 1, re.escape(char)
        if part == "":
            return _nothing
        parts.append(part)
    return re.compile("".join(parts), re.DOTALL).fullmatch


def _nothing(_: str) -> None:
    return None


def _stars(pattern: str, start: int) -> tuple[int, str]:
    """A run of stars: `**` between slashes (or at an end) spans folders, any other run stays inside one name."""
    end = start
    while pattern[end : end + 1] == "*":
        end += 1
    behind_slash = start == 0 or pattern[start - 1] == "/"
    if end - start == 1 or not behind_slash or pattern[end : end + 1] not in ("", "/"):
        return end, "[^/]*"
    if end == len(pattern):
        return end, ".*"
    return end + 1, "(?:.*/)?"


def _bracket(pattern: str, at: int) -> tuple[int, str]:
    """The set that begins behind a `[`: where it ends, and its regular expression; '' when it never ends."""
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    first, previous, items = at, "", ""
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        if pattern.startswith("[:", at) and (end := pattern.find("]", at + 2)) > at + 2 and pattern[end - 1] == ":":
            name = pattern[at + 2 : end - 1]
            if name not in _CLASSES:
                return at, ""
            at, previous, items = end + 1, "", items + _CLASSES[name]
        elif pattern[at] == "-" and previous and pattern[at + 1 : at + 2] not in ("", "]"):
            at, last = _one(pattern, at + 1)
            if previous <= last:
                items += f"{re.escape(previous)}-{re.escape(last)}"
            previous = ""
        else:
            at, previous = _one(pattern, at)
            items += re.escape(previous)
    if at >= len(pattern):
        return at, ""
    return at + 1, f"[^/{items}]" if negated else f"(?!/)[{items}]"


def _one(pattern: str, at: int) -> tuple[int, str]:
    """The character at `at`, a backslash in front of it taken away, and where the next one begins."""
    at += pattern[at] == "\\"
    return at + 1, pattern[at : at + 1]
