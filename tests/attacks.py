"""A sweep in which every string is an attack, and what a page would be if one had worked."""

from journals import WrittenSweep

from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal

SWEEP = "HD_11111111-2222-3333-4444-555555555555"
ATTACK = (
    "<img src=x onerror=\"alert('ran')\"><script>alert('ran')</script>\"><svg onload=alert('ran')>"
    "javascript:alert('ran')//'`${alert('ran')}{{7*7}}<iframe src=//evil.example></iframe>\u202e\x00\x1b[31m"
)
#: Elements that only an attack would have made.
MADE = "img[src=x], iframe, main script, svg[onload], a[href^='javascript:']"


def hostile(workspace) -> WrittenSweep:
    name = ATTACK.replace("\x00", "")
    written = WrittenSweep(
        workspace / "sweeps" / SWEEP,
        experiment=ATTACK,
        metric=PrimaryMetric(name=name, goal=PrimaryMetricGoal.MAXIMIZE),
        space={name: ["choice", [[ATTACK, "b"]]], "</style><style>*{color:red}": ["uniform", [0, 1]]},
        tags={ATTACK: ATTACK},
    )
    for trial in range(3):
        written.suggest(trial)
        written.start(trial)
        written.log(trial, 0.5 + trial / 10)
        written.log(trial, {ATTACK: [ATTACK]}, name=ATTACK + "t", kind="table")
        written.log(trial, ATTACK, name=ATTACK + "x", kind="text")
        written.log(trial, ATTACK, name=ATTACK, kind="tag")
        written.output(trial, ATTACK.encode())
        left = written.folder / "trials" / str(trial) / "work" / "outputs"
        left.mkdir(parents=True)
        (left / "<img src=x onerror=alert('ran')>.html").write_text(ATTACK)
        (left / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('ran')\"/>")
    written.end(0, Outcome.FAILED, ATTACK)
    written.summarize()
    return written


def open_tables(page) -> None:
    """Looks at each chart, the table behind it, and the configuration."""
    for button in page.locator("section.panel header button:has-text('Table')").all():
        button.scroll_into_view_if_needed()
        check(page)
        button.click()
        check(page)
    page.click("summary:has-text('Configuration')")
    page.wait_for_selector("pre >> text=overdrive tune")
    check(page)


def check(page) -> None:
    assert page.locator(MADE).count() == 0
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
