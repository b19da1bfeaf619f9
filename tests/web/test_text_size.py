"""Text made larger, as by a browser's own setting: what is measured in pixels, rows and drawings, grows with it."""

from journals import WrittenSweep

SWEEP = "sweeps/HD_11111111-2222-3333-4444-555555555555"
#: Whether a chart's axes were written last in a font of so many pixels.
FONT = "size => document.querySelector('.plot canvas').getContext('2d').font.startsWith(size)"
#: Whether rows are so many pixels high.
HIGH = "high => document.querySelector('.grid-body .grid-row').offsetHeight === high"
#: Rows whose content is higher than they are, and rows that do not begin where the one before ends.
CUT = """() => {
    const rows = [...document.querySelectorAll('.grid-body .grid-row')];
    const boxes = rows.map(row => row.getBoundingClientRect()).sort((a, b) => a.top - b.top);
    const isCut = row => [...row.children].some(cell => cell.scrollHeight > row.clientHeight);
    const isOff = (box, at) => at && Math.abs(box.top - boxes[at - 1].bottom) > 1;
    return rows.filter(isCut).length + boxes.filter(isOff).length;
}"""


def test_rows_and_charts_grow_with_text(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP, ".grid-body .grid-row >> nth=3")
    page.wait_for_function(FONT, arg="12px")
    row = page.locator(".grid-body .grid-row").first
    usual = row.bounding_box()["height"]
    page.evaluate("document.documentElement.style.fontSize = '28px'")
    page.wait_for_function(FONT, arg="24px")
    page.wait_for_function(HIGH, arg=2 * usual)
    assert page.evaluate(CUT) == 0
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.wait_for_function(FONT, arg="12px")
    assert row.bounding_box()["height"] == usual
