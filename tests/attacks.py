"""A sweep in which every string is an attack, and what a page would be if one had worked."""

import base64
import os
from pathlib import Path

from journals import BANDIT
from journals import WrittenSweep

from overdrive import __version__
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.store.door import keep_explanation
from overdrive.views import open_sweep

SWEEP = "HD_11111111-2222-3333-4444-555555555555"
ATTACK = (
    "<img src=x onerror=\"alert('ran')\"><script>alert('ran')</script>\"><svg onload=alert('ran')>"
    "javascript:alert('ran')//'`${alert('ran')}{{7*7}}<iframe src=//evil.example></iframe>-->]]></script><!--"
    "\u202e\u2028\u2029\x00\x1b[31m\x9b31m"
)
#: What a place shows that took it for text.
AS_TEXT = "<img src=x onerror="
#: Elements that only an attack would have made.
MADE = "img[src=x], iframe, main script, svg[onload], a[href^='javascript:']"
#: Names that objects of JavaScript have from birth, and a text that spreadsheets take for a formula.
BORN = ("__proto__", "constructor", "toString")
FORMULA = "=cmd|'/C calc'!A1"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def hostile(workspace) -> WrittenSweep:
    """Of three trials one failed, one completed and one was stopped early; a model has explained the sweep."""
    name = ATTACK.replace("\x00", "")
    written = WrittenSweep(
        workspace / "sweeps" / SWEEP,
        experiment=ATTACK,
        metric=PrimaryMetric(name=name, goal=PrimaryMetricGoal.MAXIMIZE),
        space={
            name: ["choice", [[name, "b"]]],
            "</style><style>*{color:red}": ["uniform", [0, 1]],
            **{born: ["choice", [[born, FORMULA]]] for born in BORN},
        },
        tags={ATTACK: ATTACK, "__proto__": ATTACK},
        policy=BANDIT,
    )
    for trial in range(3):
        chosen = {name: name, "</style><style>*{color:red}": trial / 3, **dict.fromkeys(BORN, FORMULA)}
        written.add(Kind.SUGGESTED, trial, body={"configuration": chosen, "reason": ATTACK, "based_on": 0, "state": {}})
        written.start(trial)
        _log(written, trial)
        _leave(written.folder / "trials" / str(trial))
        written.output(trial, ATTACK.encode())
    written.log(0, 0.5, 0.7, 0.9)
    written.log(1, 0.6, 0.6)
    written.log(2, 0.1, 0.1)
    written.end(0, Outcome.FAILED, ATTACK)
    written.end(1)
    written.stop(2)
    written.end(2, Outcome.STOPPED_EARLY)
    written.finish("Failed", ATTACK)
    _explain(workspace, written, name)
    return written


def _log(written: WrittenSweep, trial: int) -> None:
    """Everything that a script can log, under names and with values that are attacks."""
    labels = {"class_labels": [ATTACK, "b"], "matrix": [[1, 2], [3, 4]]}
    written.log(trial, {ATTACK: [ATTACK, ATTACK], "__proto__": [1, 2]}, name=ATTACK + "t", kind="table")
    written.log(trial, {"a": 1}, name=ATTACK + "d", kind="row")
    written.log(trial, 1.0, name=ATTACK + "d")
    written.log(trial, 1.0, 2.0, name=ATTACK + "c")
    written.log(trial, 1.0, name="__proto__")
    written.log(trial, ATTACK, name=ATTACK + "x", kind="text")
    written.log(trial, {"schema_type": ATTACK, "data": labels}, name=ATTACK + "m", kind="confusion_matrix")
    written.log(trial, {ATTACK: {ATTACK: ATTACK}}, name=ATTACK + "p", kind="predictions")
    for kind in ("tag", "property", "status"):
        written.log(trial, ATTACK, name=ATTACK, kind=kind)
    for path in ("picture.png", "../../../spec.json", "page.html"):
        written.log(trial, path, name=ATTACK + path, kind="image")


def _leave(folder: Path) -> None:
    """Files whose names and whose insides are attacks."""
    left = folder / "work" / "outputs"
    left.mkdir(parents=True)
    (left / "<img src=x onerror=alert('ran')>.html").write_text(ATTACK)
    (left / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('ran')\"/>")
    (left / "both.gif").write_bytes(b"GIF89a=1;alert('ran')//<script>alert('ran')</script>")
    (left / 'line\r\nset-cookie: a=b;".pdf').write_bytes(b"%PDF-1.7 " + ATTACK.encode())
    os.mkfifo(left / "pipe")
    (left / "link").symlink_to("/etc/passwd")
    (folder / "files").mkdir()
    (folder / "files" / "picture.png").write_bytes(PNG)
    (folder / "files" / "page.html").write_text(ATTACK)


def _explain(workspace: Path, written: WrittenSweep, name: str) -> None:
    marginal = [{"value": value, "mean": 0.5, "deviation": 0.1, "count": 1} for value in (name, "b")]
    keep_explanation(
        workspace,
        SWEEP,
        {
            "version": __version__,
            "seq": open_sweep(written.folder).facts().seq,
            "trials": 3,
            "trust": {"grade": "rough", "sentence": ATTACK, "r2": 0.3, "trials": 3.0},
            "interval": None,
            "uncertain": 1,
            "did_not_vary": [name],
            "importances": [{"name": name, "alone": 0.5, "total": 0.5, "marginal": marginal}],
            "believed": [{"trial": 0, "mean": 0.9, "deviation": 0.1, "seen": 0.9}],
        },
    )


def open_tables(page) -> None:
    """Looks at each chart and what is said beside a trial in it, at the table behind it, and at the configuration."""
    point_at_trials(page)
    for button in page.locator("section.panel header button:has-text('Table')").all():
        button.scroll_into_view_if_needed()
        check(page)
        button.click()
        check(page)
    page.click("summary:has-text('Configuration')")
    page.wait_for_selector("pre >> text=overdrive tune")
    shows(page, "pre")
    check(page)


def point_at_trials(page) -> None:
    """Goes to a trial in each chart, which says beside it what it is."""
    for plot in page.locator(".plot[tabindex='0']").all():
        plot.focus()
        page.keyboard.press("ArrowRight")
        check(page)
    shows(page, ".tip dt")
    shows(page, ".tip dd")
    page.keyboard.press("Escape")


def shows(page, place: str) -> None:
    """Waits until an attack stands there, as text."""
    page.wait_for_selector(f"{place} >> text={AS_TEXT}", state="attached")


def check(page) -> None:
    assert page.locator(MADE).count() == 0
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
