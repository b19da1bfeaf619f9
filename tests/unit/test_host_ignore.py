"""Ignore rules, case by case; tests/contract/test_ignore.py holds them against git."""

import pytest

from overdrive.host.ignore import IgnoreRules


def _is_ignored(text: str, path: str) -> bool:
    """As in a walk: what lies below a folder that is left out is left out. A slash at the end makes `path` a folder."""
    rules, parts = IgnoreRules(text), path.rstrip("/").split("/")
    for count in range(1, len(parts) + 1):
        rule = rules.match("/".join(parts[:count]), count < len(parts) or path.endswith("/"))
        if rule is not None and not rule.keeps:
            return True
    return False


@pytest.mark.parametrize(
    ("text", "ignored", "kept"),
    [
        ("data", ["data", "data/", "data/x", "a/data", "a/data/x"], ["data2", "a/mydata"]),
        ("data/", ["data/", "data/x", "a/data/x"], ["data", "a/data"]),
        ("/data", ["data", "data/x"], ["a/data"]),
        ("a/b", ["a/b", "a/b/c"], ["b", "x/a/b"]),
        ("*.pyc", ["x.pyc", "a/b.pyc", ".pyc"], ["x.py", "pyc"]),
        ("/*.pyc", ["x.pyc"], ["a/x.pyc"]),
        ("a/*/c", ["a/b/c"], ["a/c", "a/b/b/c"]),
        ("a/**/c", ["a/c", "a/b/c", "a/b/b/c"], ["c", "x/a/c"]),
        ("**/c", ["c", "a/c", "a/b/c"], ["cc"]),
        ("a/**", ["a/x", "a/b/c"], ["a/", "b/a"]),
        ("a/**/", ["a/b/", "a/b/c"], ["a/x", "a/"]),
        ("a**b", ["ab", "axxb", "d/axb"], ["a/b"]),
        ("d/a**b", ["d/ab", "d/axxb"], ["d/a/b"]),
        ("x?z", ["xyz", "xüz"], ["xz", "xyyz"]),
        ("d/x?z", ["d/xyz"], ["d/x/z"]),
        ("[ab]c", ["ac", "bc"], ["cc", "abc"]),
        ("[!ab]c", ["cc"], ["ac", "bc"]),
        ("[^ab]c", ["cc"], ["ac"]),
        ("[]]c", ["]c"], ["c"]),
        ("[!]]c", ["xc"], ["]c"]),
        ("[a-c]x", ["ax", "bx", "cx"], ["dx", "-x"]),
        ("[a-]x", ["ax", "-x"], ["bx"]),
        ("[c-a]x", ["cx"], ["ax", "bx", "-x"]),
        ("[[:digit:]_]x", ["1x", "_x"], ["ax", ":x", "dx"]),
        ("[[:nonsense:]]x", [], ["nx", ":x"]),
        ("[[:]x", ["[x", ":x"], ["]x"]),
        ("d[/]x", [], ["d/x"]),
        ("[a", [], ["a", "[a"]),
        ("a\\", [], ["a", "a\\"]),
        ("\\#x", ["#x"], ["x"]),
        ("\\!x", ["!x"], ["x"]),
        ("\\*", ["*"], ["x"]),
        ("[\\]]x", ["]x"], ["\\x"]),
        ("#x", [], ["#x", "x"]),
        ("", [], ["x"]),
        ("/", [], ["x"]),
        ("!", [], ["x"]),
        ("x   ", ["x"], ["x   "]),
        ("x\\ ", ["x "], ["x"]),
        ("x\\  ", ["x "], ["x", "x  "]),
        ("x\t", ["x\t"], ["x"]),
        ("x\r\ny\r\n", ["x", "y"], []),
        ("\ufeffx", ["x"], []),
        ("*\n!*.py", ["x", "a/", "a/x.py"], ["x.py"]),
        ("*\n!*/\n!*.py", ["x", "a/x"], ["x.py", "a/x.py", "a/"]),
        ("!x\nx", ["x"], []),
        ("x\n!x", [], ["x"]),
        ("x/*\n!x/y", ["x/a"], ["x/y", "x/"]),
        ("(x|y).$", ["(x|y).$"], ["x"]),
        ("a b", ["a b"], ["a", "b"]),
        ("with\nline", ["with", "line"], []),
        ("*", ["line\nbreak", ".hidden"], []),
    ],
)
def test_rules(text: str, ignored: list[str], kept: list[str]) -> None:
    assert {path: _is_ignored(text, path) for path in ignored + kept} == {
        **dict.fromkeys(ignored, True),
        **dict.fromkeys(kept, False),
    }


def test_the_deciding_rule_is_named() -> None:
    rule = IgnoreRules("# what is left out\n\n*.txt\n!a.txt\n").match("b/b.txt", False)
    assert rule is not None
    assert (rule.line, rule.text, rule.keeps) == (3, "*.txt", False)
    kept = IgnoreRules("*.txt\n!a.txt").match("a.txt", False)
    assert kept is not None
    assert (kept.line, kept.keeps) == (2, True)
    assert IgnoreRules("*.txt").match("a.py", False) is None
