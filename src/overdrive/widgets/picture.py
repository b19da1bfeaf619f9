"""A still picture of a sweep, as SVG, for places that run no script: curves, the best so far, configurations."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from overdrive.errors import SpecError
from overdrive.records import show_number
from overdrive.space import Space
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.reduce import reduce_curve
from overdrive.views.words import show_value
from overdrive.views.words import visible

#: Trials that are drawn at most: the better half of so many, and others spread evenly over the rest.
MOST_TRIALS = 80
#: Stretches that a curve is reduced to.
_BUCKETS = 40
#: Hyperparameters that get an axis at most, and values of a choice that are written out.
_MOST_AXES, _MOST_LABELS = 9, 6
_WIDTH, _TOP, _BOTTOM = 960, 300, 270
#: From pale to strong, as in the pages' charts: the better a trial, the stronger.
_RAMP = ("#cfd9bf", "#a9cdb9", "#7dbfb6", "#4ea9b4", "#2b8cab", "#1f6d9c", "#244c83", "#1f2f63")
_DARK = ("#2c3a5c", "#2f5378", "#2f6f8d", "#3a8c98", "#57a999", "#86c596", "#c0dd94", "#f4f0a0")
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#55575c}.t{font-weight:600;fill:#1b1c1e}.p{fill:#fff;stroke:#e3e3df}"
    ".h{paint-order:stroke;stroke:#fff;stroke-width:3px}.g{stroke:#e3e3df}.a{stroke:#8b8b85}.l{fill:none;stroke-width:1.2}.b{fill:none;stroke:#0f5f73;stroke-width:2.2}"
    ".d{fill:#6b6d72;opacity:.6}.s{stroke:#955a00;stroke-width:1.6}"
    + "".join(f".r{at}{{stroke:{colour}}}" for at, colour in enumerate(_RAMP))
    + "@media(prefers-color-scheme:dark){text{fill:#b3b5b9}.t{fill:#ececea}.p{fill:#1a1c1f;stroke:#2b2e32}"
    ".h{stroke:#1a1c1f}.g{stroke:#2b2e32}.a{stroke:#777b82}.b{stroke:#66c3d8}.d{fill:#979a9f}.s{stroke:#e8ab4d}"
    + "".join(f".r{at}{{stroke:{colour}}}" for at, colour in enumerate(_DARK))
    + "}"
)


def picture(view: SweepView) -> str:
    """The SVG, 960 wide. Of a sweep with more trials than can be told apart, some (see `MOST_TRIALS`)."""
    ranked = view.ranked()
    half = ranked[: MOST_TRIALS // 2]
    rest = ranked[len(half) :]
    others = min(len(rest), MOST_TRIALS - len(half))
    drawn = half + [rest[at * len(rest) // others] for at in range(others)]
    axes = _axes(view) if len(ranked) > 1 else []
    height = _TOP + (_BOTTOM if axes else 0)
    body = [_panel(0, 0, 560, _TOP - 12), _curves(view, drawn), _panel(572, 0, _WIDTH - 572, _TOP - 12)]
    body.append(_so_far(view))
    if axes:
        body += [_panel(0, _TOP, _WIDTH, _BOTTOM), _parallel(view, axes, drawn)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {_WIDTH + 2} {height + 2}" width="{_WIDTH}" '
        f'height="{height}"><style>{_STYLE}</style>{"".join(body)}</svg>'
    )


class _Frame:
    """Maps values to a rectangle, and draws its title and scales."""

    def __init__(self, left: float, top: float, right: float, bottom: float, x: Sequence[float], y: Sequence[float]):
        self._left, self._top, self._right, self._bottom = left, top, right, bottom
        self._x0, self._x1 = min(x, default=0.0), max(x, default=1.0)
        self._y0, self._y1 = min(y, default=0.0), max(y, default=1.0)

    def x(self, value: float) -> float:
        return self._left + (value - self._x0) / ((self._x1 - self._x0) or 1) * (self._right - self._left)

    def y(self, value: float) -> float:
        return self._bottom - (value - self._y0) / ((self._y1 - self._y0) or 1) * (self._bottom - self._top)

    def draw(self, title: str, x_title: str) -> str:
        parts = [_text(self._left - 40, self._top - 22, title, "t")]
        for part in (0.0, 0.5, 1.0):
            value = self._y0 + part * (self._y1 - self._y0)
            y = self.y(value)
            parts.append(f'<path class="g" d="M{self._left:.0f} {y:.0f}H{self._right:.0f}"/>')
            parts.append(_text(self._left - 6, y + 4, show_number(value, 3), anchor="end"))
        parts.append(_text(self._left, self._bottom + 18, show_number(self._x0)))
        parts.append(_text(self._right, self._bottom + 18, show_number(self._x1), anchor="end"))
        parts.append(_text((self._left + self._right) / 2, self._bottom + 18, x_title, anchor="middle"))
        return "".join(parts)


def _curves(view: SweepView, drawn: Sequence[TrialRow]) -> str:
    """A line a trial, the best drawn last; a cross where one was stopped."""
    name = view.spec.metric.name if view.spec.metric else next(iter(view.metric_names()), None)
    lines = []
    for rank, row in enumerate(drawn):
        values = [point.value for point in view.curve(row.number, name)] if name else []
        reduced = reduce_curve(range(1, len(values) + 1), values, _BUCKETS)
        points = [(x, y) for x, y in zip(reduced.x, reduced.y, strict=True) if math.isfinite(y)]
        if points:
            lines.append((_strength(rank, len(drawn)), row, points))
    flat = [point for _, _, points in lines for point in points]
    frame = _Frame(56, 44, 544, 252, [1.0, *(x for x, _ in flat)], [y for _, y in flat])
    count = len(view.trials())
    some = f" of {len(drawn)} of {count:,} trials" if len(drawn) < count else ""
    parts = [frame.draw(f"{visible(name)}{some}" if name else "no metric yet", "interval")]
    for strength, row, points in reversed(lines):
        places = [(frame.x(x), frame.y(y)) for x, y in points]
        if len(places) == 1:
            parts.append(f'<circle class="d" cx="{places[0][0]:.1f}" cy="{places[0][1]:.1f}" r="2.5"/>')
        parts.append(f'<path class="l r{strength}" d="{_path(places)}"/>')
        if row.outcome is not None and row.outcome.value == "stopped_early":
            x, y = places[-1]
            parts.append(f'<path class="s" d="M{x - 3:.0f} {y - 3:.0f}l6 6m0-6l-6 6"/>')
    return "".join(parts)


def _so_far(view: SweepView) -> str:
    """Each trial's best as a point, in the order in which they began, and the best of them so far."""
    metric = view.spec.metric
    found = [(row.number, row.best) for row in view.trials() if row.best is not None]
    frame = _Frame(630, 44, 944, 252, [number for number, _ in found], [best for _, best in found])
    if metric is None:
        return frame.draw("no primary metric", "trial")
    parts = [frame.draw(f"best {visible(metric.name)} so far", "trial")]
    step = max(1, len(found) // 400)
    best, course = None, []
    for at, (number, value) in enumerate(found):
        if at % step == 0:
            parts.append(f'<circle class="d" cx="{frame.x(number):.1f}" cy="{frame.y(value):.1f}" r="2"/>')
        if metric.is_better(value, best):
            course += [(frame.x(number), frame.y(best))] if best is not None else []
            course.append((frame.x(number), frame.y(value)))
            best = value
    if best is not None:
        course.append((frame.x(found[-1][0]), frame.y(best)))
        parts.append(f'<path class="b" d="{_path(course)}"/>')
    return "".join(parts)


def _axes(view: SweepView) -> list[str]:
    return list(view.spec.space)[:_MOST_AXES]


def _parallel(view: SweepView, names: Sequence[str], drawn: Sequence[TrialRow]) -> str:
    """An axis a hyperparameter, each by its own distribution, and one of the metric at the right."""
    try:
        space = Space(view.spec.space)
    except SpecError:
        return ""  # a space of a newer Overdrive, or one that was made elsewhere
    bests = [row.best for row in drawn if row.best is not None]
    low, high = (min(bests), max(bests)) if bests else (0.0, 1.0)
    columns = [48 + at * (_WIDTH - 130) / len(names) for at in range(len(names) + 1)]
    top, bottom = _TOP + 46, _TOP + _BOTTOM - 24
    parts = []
    for rank, row in reversed(list(enumerate(drawn))):
        places = []
        for x, name in zip(columns, names, strict=False):
            value = row.configuration.get(name)
            if space[name].contains(value):
                places.append((x, bottom - space[name].to_unit(value) * (bottom - top)))
        if row.best is not None:
            places.append((columns[-1], bottom - (row.best - low) / ((high - low) or 1) * (bottom - top)))
        parts.append(f'<path class="l r{_strength(rank, len(drawn))}" d="{_path(places)}"/>')
    titles = [*names, f"best {view.spec.metric.name}" if view.spec.metric else ""]
    for x, title in zip(columns, titles, strict=True):
        parts.append(f'<path class="a" d="M{x:.0f} {top}V{bottom}"/>')
        parts.append(_text(x, top - 20, _cut(title), "t", "middle"))
    for x, name in zip(columns, names, strict=False):
        for unit, label in _labels(space, name):
            parts.append(_text(x + 5, bottom - unit * (bottom - top) + 4, label, "h"))
    parts += [_text(columns[-1] + 5, y + 4, show_number(value, 3)) for y, value in ((bottom, low), (top, high))]
    return "".join(parts)


def _labels(space: Space, name: str) -> list[tuple[float, str]]:
    """(unit, text) of what stands beside an axis: the values of a short choice, or the ends and the middle."""
    expression = space[name]
    count = expression.count
    if count is not None and count <= _MOST_LABELS:
        units = [(k + 0.5) / count for k in range(count)]
    else:
        units = [0.001, 0.5, 0.999]
    return [(unit, _cut(show_value(expression.from_unit(unit)))) for unit in units]


def _strength(rank: int, count: int) -> int:
    return round((len(_RAMP) - 1) * (1 - rank / max(1, count - 1)))


def _panel(x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="p" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>'


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'


def _cut(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= 16 else f"{shown[:15]}…"


def _path(places: Sequence[tuple[float, float]]) -> str:
    """The line through the points, in tenths, each relative to the one before: half as long as absolute ones."""
    parts, before = [], (0, 0)
    for x, y in places:
        here = (round(x * 10), round(y * 10))
        parts.append(f"{'l' if parts else 'M'}{(here[0] - before[0]) / 10:g} {(here[1] - before[1]) / 10:g}")
        before = here
    return "".join(parts)
