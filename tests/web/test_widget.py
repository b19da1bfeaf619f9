"""The widget's script in a plain page, with a model as programs hand it over: what it holds and what it lets go."""

import base64
from collections.abc import Iterator

import pytest
from journals import WrittenSweep

from overdrive.studio.alone import built
from overdrive.views import open_sweep
from overdrive.views.document import packed
from overdrive.views.document import sweep_document

LOAD = """
async ([script, data]) => {
  window.widget = (await import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})))).default;
  const {buffer} = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  window.Model = class {
    listeners = new Map();
    values = {place: "here", trouble: "", document: new DataView(buffer)};
    get(name) { return this.values[name]; }
    on(event, call) { this.listeners.set(event, call); }
    off(event, call) { if (this.listeners.get(event) === call) this.listeners.delete(event); }
    send() {}
  };
  window.open = (model) => { window.close = widget.initialize({model}); };
  window.place = document.createElement("div");
  Object.assign(place, {className: "overdrive-run", innerText: "a picture"});
  Object.assign(place.dataset, {place: "here", seq: "0"});
  document.body.append(place);
}
"""
#: Beyond this what has left the page is let go.
AWAY_MS = 60_000
DRAWN = ".overdrive-run .overdrive-live .notebook"


@pytest.fixture
def page(browser, sweep: WrittenSweep) -> Iterator:
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.clock.install()
    page.set_content("<body></body>")
    data = packed(sweep_document(open_sweep(sweep.folder), 1000))
    page.evaluate(LOAD, [built("widget.js"), base64.b64encode(data).decode()])
    yield page
    context.close()
    assert not wrong


def test_an_output_that_is_away_for_long_is_let_go(page) -> None:
    page.evaluate("open(new Model())")
    page.wait_for_selector(DRAWN)
    page.evaluate("window.frame = place.firstChild; place.remove()")
    page.clock.fast_forward(AWAY_MS // 2)
    page.evaluate("document.body.append(place)")  # as a cell that was out of sight
    page.wait_for_selector(DRAWN)
    page.clock.fast_forward(AWAY_MS)
    assert page.evaluate("place.firstChild === frame && frame.shadowRoot.childElementCount > 0")
    page.evaluate("place.remove()")
    page.clock.fast_forward(AWAY_MS + 1)
    assert page.evaluate("frame.shadowRoot.childElementCount") == 0
    page.evaluate("document.body.append(place)")
    page.wait_for_selector(DRAWN)


@pytest.mark.parametrize("order", ["close(); open(second)", "const last = close; open(second); last()"])
def test_a_kernel_that_is_found_again_draws_in_the_same_place(page, order: str) -> None:
    page.evaluate("window.first = new Model(); open(first)")
    page.wait_for_selector(DRAWN)
    page.evaluate("window.frame = place.firstChild; window.second = new Model()")
    page.evaluate(order)
    page.wait_for_function("place.firstChild !== frame")
    page.wait_for_selector(DRAWN)
    assert page.evaluate("frame.shadowRoot.childElementCount") == 0, "what the first has drawn is let go"
    assert page.evaluate("[first.listeners.size, second.listeners.size]") == [0, 2]
    page.evaluate("second.values.trouble = 'not followed'; second.listeners.get('change:trouble')()")
    page.wait_for_selector(f"{DRAWN} [role=alert]:text-is('not followed')")


def test_what_a_closed_widget_has_drawn_stays(page) -> None:
    page.evaluate("open(new Model())")
    page.wait_for_selector(DRAWN)
    page.evaluate("close()")
    page.clock.fast_forward(AWAY_MS + 1)
    page.wait_for_selector(DRAWN)
