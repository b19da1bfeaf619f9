"""How a configuration reaches a command that says itself where: `${{search_space.x}}` and its kin, filled in."""

import re
from collections.abc import Iterable
from collections.abc import Mapping

from overdrive.records.arguments import argument_text

#: One placeholder: its kind and name. White space inside the braces means nothing.
PLACEHOLDER = re.compile(r"\$\{\{\s*(inputs|outputs|search_space)\.(\w+)\s*\}\}")


def placeholder(kind: str, name: str) -> str:
    """The placeholder of `name`, as Azure's files write it."""
    return f"${{{{{kind}.{name}}}}}"


def placeholders(text: str) -> list[tuple[str, str]]:
    """(kind, name) of each placeholder in `text`, in order."""
    return PLACEHOLDER.findall(text)


def fill_template(words: Iterable[str], configuration: Mapping[str, object], bound: Mapping[str, str]) -> list[str]:
    """`words` with their placeholders replaced: one argv entry stays one, whatever the value holds.

    configuration: the hyperparameters, printed as `argument_text` prints them. bound: `kind.name` → text of the others.
    What is put in is not looked at again. A placeholder that nothing answers stays as it is.
    """
    values = {**bound, **{f"search_space.{name}": argument_text(value) for name, value in configuration.items()}}
    return [PLACEHOLDER.sub(lambda found: values.get(f"{found[1]}.{found[2]}", found[0]), word) for word in words]
