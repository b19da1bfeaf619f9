"""A sweep in which every string is an attack, walked page by page: nothing runs, nothing leaks, all of it is text."""

from attacks import ATTACK
from attacks import SWEEP
from attacks import check
from attacks import hostile
from attacks import open_tables


def test_nothing_runs(watched, workspace) -> None:
    hostile(workspace)
    page = watched.page
    page.evaluate("addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.blockedURI))")
    watched.go("", "tbody tr")
    check(page)
    watched.go(f"sweeps/{SWEEP}")
    page.wait_for_selector(".grid-body .grid-row >> nth=2")
    open_tables(page)
    page.hover(".grid-body .grid-row >> nth=1")
    watched.go(f"sweeps/{SWEEP}/trials/0")
    page.wait_for_selector(".lines button >> nth=1")
    for file in page.locator(".lines button").all():
        file.click()
        page.wait_for_selector("[aria-expanded=true]")
        check(page)
    watched.go(f"sweeps/{SWEEP}?trials={ATTACK}&ranges={ATTACK}&filter={ATTACK}")
    check(page)
    watched.go(f"compare?sweeps={SWEEP},{SWEEP}")
    check(page)


def test_a_file_opened_by_itself_does_nothing(watched, workspace, server) -> None:
    hostile(workspace)
    for row in server.json(f"/api/sweeps/{SWEEP}/trials/0/files")["rows"]:
        _, _, headers = server.ask(f"/api/sweeps/{SWEEP}/trials/0/files/{row['id']}")
        assert headers["content-type"] == "application/octet-stream"
        assert headers["content-disposition"].startswith("attachment")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
