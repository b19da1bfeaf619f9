"""A sweep in which every string is an attack, walked page by page: nothing runs, nothing leaks, all of it is text."""

import re

from attacks import AS_TEXT
from attacks import ATTACK
from attacks import BORN
from attacks import FORMULA
from attacks import SWEEP
from attacks import check
from attacks import hostile
from attacks import open_tables
from attacks import shows


def test_nothing_runs(watched, workspace) -> None:
    hostile(workspace)
    page = watched.page
    page.evaluate("addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.blockedURI))")
    watched.go("", "tbody tr")
    for place in (".at-name b", ".at-name .small", ".at-state .small", ".at-best .small"):
        shows(page, place)
    page.fill("input[type=search]", f"{AS_TEXT} nothing has this")
    shows(page, "h2")
    check(page)
    watched.go(f"sweeps/{SWEEP}")
    page.wait_for_selector(".grid-body .grid-row >> nth=2")
    page.evaluate("document.querySelectorAll('.later').forEach(each => each.scrollIntoView())")
    for place in ("h1", ".page-head p", ".facts dt", ".grid", "option", ".bar-name", ".panel h2"):
        shows(page, place)
    open_tables(page)
    page.hover(".grid-body .grid-row >> nth=1")
    watched.go(f"sweeps/{SWEEP}?trials={ATTACK}&ranges={ATTACK}&filter={ATTACK}")
    check(page)
    watched.go(f"compare?sweeps={SWEEP},{SWEEP}")
    shows(page, "td b")
    check(page)


def test_nothing_runs_on_the_page_of_a_trial(watched, workspace) -> None:
    hostile(workspace)
    page = watched.page
    page.evaluate("addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.blockedURI))")
    for trial in range(3):
        watched.go(f"sweeps/{SWEEP}/trials/{trial}")
        page.wait_for_selector(".lines button >> nth=3")
        for place in (
            "p a",
            ".facts dt",
            ".pairs dt",
            ".pairs dd",
            "[role=log]",
            "h3",
            "th",
            "td",
            "figcaption",
            "pre",
        ):
            shows(page, place)
        check(page)
    shows(page, "[aria-label^=Verdicts] li")
    assert page.locator("figure img").count() == 1, "the picture alone, and no file above the trial's own"
    for file in page.locator(".lines button").all():
        file.click()
        page.wait_for_selector("[aria-expanded=true]")
        check(page)


def test_names_that_objects_are_born_with_are_names(watched, workspace, tmp_path) -> None:
    hostile(workspace)
    page = watched.page
    watched.go(f"sweeps/{SWEEP}")
    page.wait_for_selector(".grid-body .grid-row >> nth=2")
    for born in BORN:
        page.wait_for_selector(f".grid [role=columnheader] >> text={born}")
    with page.expect_download() as download:
        page.click("button:has-text('CSV')")
    download.value.save_as(tmp_path / "trials.csv")
    told = (tmp_path / "trials.csv").read_text()
    assert told.count(f"'{FORMULA}") == 9 and f",{FORMULA}" not in told, "a spreadsheet computes none of them"
    assert page.evaluate("({}).polluted === undefined && Object.keys(Object.prototype).length === 0")


def test_a_file_opened_by_itself_does_nothing(watched, workspace, server) -> None:
    hostile(workspace)
    for row in server.json(f"/api/sweeps/{SWEEP}/trials/0/files")["rows"]:
        _, _, headers = server.ask(f"/api/sweeps/{SWEEP}/trials/0/files/{row['id']}")
        kinds = {"both.gif": "image/gif", "picture.png": "image/png"}
        assert headers["content-type"] == kinds.get(row["name"].split("/")[-1], "application/octet-stream")
        assert re.fullmatch(r'attachment; filename="[\w. +()-]+"', headers["content-disposition"])
        assert "set-cookie" not in headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
