"""What a notebook keeps of a run: a picture and a table, in HTML that needs no script, and the same as text."""

import base64
import html
from typing import Any

from overdrive.views import SweepView
from overdrive.widgets.data import headline
from overdrive.widgets.picture import picture
from overdrive.widgets.table import Table
from overdrive.widgets.table import plain_text
from overdrive.widgets.table import trial_table

#: Trials in the table, best first.
MOST_ROWS = 50
#: The element that a live page takes the place of.
PLACE = "overdrive-run"


def still_bundle(view: SweepView, place: str, note: str = "") -> dict[str, str]:
    """HTML and plain text by MIME type. place: the name by which a live page finds it; note: a sentence below."""
    seq = view.facts().seq
    table = trial_table(view, MOST_ROWS)
    head = f'<div class="{PLACE}" data-place="{html.escape(place)}" data-seq="{seq}">'
    bundle = {"text/html": f"{head}{still_html(view)}</div>", "text/plain": plain_text(table)}
    return noted(bundle, note) if note else bundle


def noted(bundle: dict[str, Any], note: str) -> dict[str, Any]:
    """The same with a sentence below."""
    page = f"{bundle['text/html'].removesuffix('</div>')}<p>{html.escape(note)}</p></div>"
    return {**bundle, "text/html": page, "text/plain": f"{bundle['text/plain']}\n{note}"}


def still_html(view: SweepView) -> str:
    """Headline, picture and table."""
    # As an image: it runs nothing, whatever stands in it, and pages that take SVG out of HTML keep images.
    data = base64.b64encode(picture(view).encode("utf-8", "replace")).decode("ascii")
    said = html.escape(headline(view))
    name = html.escape(table_title(view))
    image = f'<img alt="{said}" width="100%" src="data:image/svg+xml;base64,{data}">'
    return f"<p><strong>{name}</strong><br>{said}</p>{image}{_html_table(trial_table(view, MOST_ROWS))}"


def table_title(view: SweepView) -> str:
    """'digits (HD_…)'."""
    return trial_table(view, 0).title.partition(": ")[0]


def _html_table(table: Table) -> str:
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in table.headings)
    rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    foot = f"<p>{html.escape(table.foot)}</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{foot}"
