"""The built pages that stand alone, and the HTML file that holds one of them with its data.

The file asks for nothing: its policy forbids any request, any script but the one whose hash it names, and innerHTML.
The data is compressed and in base64, whose letters can end no script element whatever a name in it is.
"""

import base64
import hashlib
import html
from importlib import resources

from overdrive.views.document import packed


def built(name: str) -> str:
    """A file of assets/alone: `exported.js`, `exported.css`."""
    return (resources.files("overdrive.studio") / "assets" / "alone" / name).read_text(encoding="utf-8")


def exported_page(document: dict[str, object], title: str, still: str = "") -> str:
    """The whole HTML file of a sweep. still: HTML for those whose browser runs no scripts."""
    script, style = built("exported.js"), built("exported.css")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{html.escape(title)}</title>
<style>{style}</style>
</head>
<body>
<div id="app"></div>
<noscript>{still or "This page draws its charts with JavaScript."}</noscript>
<script type="application/gzip" id="sweep">{base64.b64encode(packed(document)).decode("ascii")}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
