"""`python -m overdrive.studio.document`: prints the OpenAPI document, from which web/ has its types."""

import json
from pathlib import Path

from overdrive.studio.app import create_app
from overdrive.studio.logins import Logins


def document() -> str:
    """The document as JSON, the same bytes for the same routes; the version of the program is left out."""
    app = create_app(Path("workspace"), Logins(0))
    app.version = "0"
    return json.dumps(app.openapi(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(document(), end="")
