"""docs/policies.md says what the policies do."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"


def test_the_examples_print_what_the_page_shows():
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted >= 20
    assert found.failed == 0
