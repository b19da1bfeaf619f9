"""The widget's script in a plain page, with a model as programs hand it over: what it holds and what it lets go."""

import base64
import html
from collections.abc import Iterator

import pytest
from journals import WrittenSweep

from overdrive.studio.alone import built
from overdrive.views import open_sweep
from overdrive.views.document import packed
from overdrive.views.document import sweep_document

LOAD = """
async ([script, data]) => {
  const {buffer} = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  window.Signal = class {
    calls = new Set();
    connect(call) { this.calls.add(call); }
    disconnect(call) { this.calls.delete(call); }
    emit(value) { for (const call of [...this.calls]) call(this, value); }
  };
  window.Model = class {
    listeners = new Map();
    values = {place: "here", trouble: "", document: new DataView(buffer)};
    sent = [];
    widget_manager = {kernel: {statusChanged: new Signal(), disposed: new Signal()}};
    get(name) { return this.values[name]; }
    on(event, call) { this.listeners.set(event, call); }
    off(event, call) { if (this.listeners.get(event) === call) this.listeners.delete(event); }
    send(message) { this.sent.push(message.kind); }
    tell(kind, value) {
      this.listeners.get("msg:custom")({kind}, [new DataView(new TextEncoder().encode(JSON.stringify(value)).buffer)]);
    }
    held() {
      const {statusChanged, disposed} = this.widget_manager.kernel;
      return [this.listeners, statusChanged.calls, disposed.calls].map((each) => each.size);
    }
  };
  // As anywidget: each model has the script anew.
  window.open = async (model) => {
    const module = await import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
    window.widget = module.default;
    return (window.close = module.default.initialize({model}));
  };
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


def test_what_is_closed_holds_nothing(page) -> None:
    page.evaluate("(window.first = new Model(), open(first))")
    page.wait_for_selector(DRAWN)
    assert page.evaluate("first.held()") == [2, 1, 1]
    page.evaluate("close()")
    assert page.evaluate("first.held()") == [0, 0, 0]


@pytest.mark.parametrize("end", ["close()", "first.widget_manager.kernel.disposed.emit()"])
def test_of_two_widgets_of_a_run_the_second_goes_on_where_the_first_is_over(page, end: str) -> None:
    """A notebook that is opened again; a console on the same kernel."""
    page.evaluate("(window.first = new Model(), open(first))")
    page.wait_for_selector(DRAWN)
    page.evaluate("Object.assign(window, {frame: place.firstChild, end: close, second: new Model()}); open(second)")
    page.evaluate("second.values.trouble = 'not followed'; second.listeners.get('change:trouble')()")
    page.clock.run_for(1000)
    assert page.evaluate("place.firstChild === frame"), "the first keeps its place as long as it lives"
    page.evaluate(end.replace("close", "end"))
    page.wait_for_function("place.firstChild !== frame")
    page.wait_for_selector(f"{DRAWN} [role=alert]:text-is('not followed')")
    page.wait_for_function("frame.shadowRoot.childElementCount === 0")
    page.evaluate("second.widget_manager.kernel.disposed.emit()")
    page.wait_for_selector(f"{DRAWN} [role=status]")
    page.evaluate("window.frame = place.firstChild")
    page.clock.run_for(1000)
    assert page.evaluate("place.firstChild === frame"), "where both are over, neither takes the other's place"


@pytest.mark.parametrize("status", ["starting", "restarting", "dead"])
def test_a_kernel_that_has_ended_is_said(page, status: str) -> None:
    page.evaluate("(window.first = new Model(), open(first))")
    page.wait_for_selector(DRAWN)
    for each in ("busy", status):
        assert page.locator(f"{DRAWN} [role=status] >> text=The kernel has ended").count() == 0
        page.evaluate(f"first.widget_manager.kernel.statusChanged.emit('{each}')")
    page.wait_for_selector(f"{DRAWN} [role=status] >> text=The kernel has ended")


def test_what_a_closed_widget_has_drawn_stays_while_it_is_on_the_page(page) -> None:
    page.evaluate("open(new Model())")
    page.wait_for_selector(DRAWN)
    page.evaluate("close()")
    page.clock.fast_forward(AWAY_MS + 1)
    page.wait_for_selector(DRAWN)
    page.evaluate("window.frame = place.firstChild; place.remove()")
    page.clock.fast_forward(AWAY_MS + 1)
    assert page.evaluate("frame.shadowRoot.childElementCount") == 0
    page.evaluate("document.body.append(place)")
    page.wait_for_selector(".overdrive-run:text-is('a picture')")


def test_a_page_that_missed_something_asks_until_it_has_all(page) -> None:
    change = {"after": 10**6, "seq": 10**6 + 1}
    page.evaluate("(window.first = new Model(), open(first))")
    page.wait_for_selector(DRAWN)
    for asked in (1, 1, 2):
        page.evaluate("change => first.tell('change', change)", change)
        page.wait_for_function(f"first.sent.filter((each) => each === 'again').length === {asked}")
        page.clock.fast_forward(6_000)


def test_in_a_frame_of_another_origin_as_other_programs_show_it(browser, sweep: WrittenSweep) -> None:
    """Views by element, nothing of JupyterLab's, no request, no storage, no clipboard, scripts by blob only."""
    policy = "default-src 'none'; script-src blob:"
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda each: each.type in ("error", "warning") and wrong.append(each.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda each: each.url.startswith(("blob:", "about:", "data:")) or wrong.append(each.url))
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    size = "width=1100 height=800"
    page.set_content(f"<iframe sandbox='allow-scripts' {size} srcdoc='{html.escape(head)}<body>'></iframe>")
    frame = page.frames[1]
    frame.wait_for_load_state()
    data = packed(sweep_document(open_sweep(sweep.folder), 1000))
    frame.evaluate(LOAD, [built("widget.js"), base64.b64encode(data).decode()])
    frame.evaluate("""async () => {
        place.remove();
        document.body.style.backgroundColor = "rgb(30, 30, 30)";
        window.model = new Model();
        delete model.widget_manager;
        await open(model);
        window.els = [0, 1].map(() => document.body.appendChild(document.createElement("div")));
        window.ends = els.map((el) => widget.render({model, el}));
    }""")
    drawn = ".overdrive-live[data-theme=dark] .notebook"
    frame.wait_for_selector(f"div >> nth=0 >> {drawn}")
    assert frame.locator(drawn).count() == 2
    assert frame.evaluate("getComputedStyle(els[0].firstChild.shadowRoot.querySelector('.charts')).display") == "grid"
    frame.evaluate("model.values.trouble = 'not followed'; model.listeners.get('change:trouble')()")
    frame.wait_for_selector(f"{drawn} [role=alert]:text-is('not followed') >> nth=1")
    frame.click("summary:has-text('Configuration') >> nth=0")
    frame.click("button:text-is('Copy') >> nth=0")
    frame.wait_for_selector("button:text-is('Selected: press Ctrl+C')")
    frame.evaluate("ends[0]()")
    assert frame.locator(drawn).count() == 1
    frame.evaluate("ends[1](); close()")
    assert frame.locator(drawn).count() == 0 and frame.evaluate("model.listeners.size") == 0
    context.close()
    assert not wrong
