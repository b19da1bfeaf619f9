"""A command line with placeholders, as argv entries: split like a shell's words, or handed to a shell that cannot be
injected into.

See docs/decisions: 'Command lines with placeholders'.
"""

import re
import shlex
from collections.abc import Iterator
from collections.abc import Sequence

from overdrive.errors import SpecError
from overdrive.records.template import PLACEHOLDER
from overdrive.records.template import placeholder

#: Stands for a placeholder while the line is looked at; no command line can hold NUL.
_MARK = re.compile("\0(\\d+)\0")
#: What a shell would act on outside quotes, and what it acts on inside double quotes.
_ACTIVE = frozenset("|&;<>()$`\\\n*?[]{}")
_ACTIVE_QUOTED = frozenset("$`\\")
#: What a shell acts on at the beginning of a word.
_ACTIVE_FIRST = frozenset("#~!")
_ASSIGNMENT = re.compile(r"\s*[A-Za-z_]\w*=")
_SHELL = "bash"
#: A script, or a module of Python's, as a word of a line; and what parts a line's commands.
_SCRIPT = re.compile(r"(?<!\S)(?:-m\s+[\w.]+|[\w./-]+\.py)(?=[\s;&|)]|$)")
_PARTS = re.compile(r"[;&|\n)]")


def template_words(line: str, interpreter: str) -> tuple[str, ...]:
    """The argv entries of `line`, placeholders in them.

    Without anything that only a shell understands, the line is split like a shell's words, and the program python is
    `interpreter`. With it, bash runs the line, and each placeholder is a positional argument of bash: no value is ever
    read as shell text. Raises SpecError for quotes that are not closed and for an empty line.
    """
    found: list[str] = []

    def mark(match: re.Match[str]) -> str:
        found.append(placeholder(match[1], match[2]))
        return f"\0{len(found) - 1}\0"

    marked = PLACEHOLDER.sub(mark, line.replace("\r\n", "\n").replace("\\\n", "")).strip()
    if not marked:
        raise SpecError(field="command", value=line, allowed="a program and its arguments")
    if needs_shell(marked):
        return (_SHELL, "-c", _shell_text(marked), _SHELL, *found)
    try:
        words = shlex.split(marked)
    except ValueError as error:
        raise SpecError(field="command", value=line, allowed=f"text whose quotes are closed ({error})") from None
    if words[0] in ("python", "python3"):
        words[0] = interpreter
    return tuple(_MARK.sub(lambda match: found[int(match[1])], word) for word in words)


def passes_on(command: Sequence[str]) -> tuple[str, ...]:
    """The command of a template, so that arguments behind it reach its script.

    Where no shell runs it, they do. In a line that bash runs they go behind the script or module of the last part that
    has one, of those that take values if there are any; a line without one stays as it is.
    """
    line, rest = (command[2], f'"${{@:{len(command) - 3}}}"') if tuple(command[:2]) == (_SHELL, "-c") else ("", "")
    if not line or rest in line:
        return tuple(command)
    plain = [quote == "" for _, quote in _quoted(line)]
    found = [match.end() for match in _SCRIPT.finditer(line) if all(plain[match.start() : match.end()])]
    taking = [end for end in found if "${" in _PARTS.split(line[end:], maxsplit=1)[0]]
    if not found:
        return tuple(command)
    at = (taking or found)[-1]
    return (*command[:2], f"{line[:at]} {rest}{line[at:]}", *command[3:])


def needs_shell(line: str) -> bool:
    """Whether a shell would do more with `line` than split it into words."""
    if _ASSIGNMENT.match(line):
        return True
    before = " "
    for char, quote in _quoted(line):
        if (quote == "" and char in _ACTIVE) or (quote == '"' and char in _ACTIVE_QUOTED):
            return True
        if quote == "" and before.isspace() and char in _ACTIVE_FIRST:
            return True
        before = char
    return False


def _quoted(line: str) -> Iterator[tuple[str, str]]:
    """Each character with the quotes around it: '', ' or "; the quotes themselves count as inside."""
    quote, escaped, comment, before = "", False, False, " "
    for char in line:
        if comment:
            comment = char != "\n"
        elif escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            if char == quote:
                yield char, quote
                quote, before = "", char
                continue
        elif char in "'\"":
            quote = char
        elif char == "#" and before.isspace():
            comment = True
        yield char, quote
        before = char


def _shell_text(marked: str) -> str:
    """The line for bash: each placeholder as the positional argument with its number, quoted as its place asks."""
    around = [quote for _, quote in _quoted(marked)]

    def reference(match: re.Match[str]) -> str:
        text = f"${{{int(match[1]) + 1}}}"
        return {"": f'"{text}"', '"': text, "'": f"'\"{text}\"'"}[around[match.start()]]

    return _MARK.sub(reference, marked)
