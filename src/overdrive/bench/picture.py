"""Regret by trial as a picture: one line a sampler, with the band of its interval, in one SVG file."""

from collections.abc import Callable
from collections.abc import Sequence
from html import escape

import numpy as np

from overdrive.bench.board import Standing

Array = np.ndarray
#: From a trial, or a regret, to where it is drawn.
_Place = Callable[[float], float]

#: Of light and dark backgrounds; they can be told apart by people who see no red or no green (Okabe & Ito 2008).
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#8c564b", "#7f7f7f")
_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 150, 40, 44
_LINE_HEIGHT = 16

_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600 } .small { font-size: 12px }
.back { fill: #ffffff } .grid { stroke: #d0d7de; stroke-width: 1 } .line { fill: none; stroke-width: 2 }
.band { opacity: 0.16; stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .back { fill: #0d1117 } .grid { stroke: #30363d } .line { filter: brightness(1.35) }
  .band { opacity: 0.3 }
}
"""


def picture(standings: Sequence[Standing], title: str) -> str:
    """The text of the file. standings: at least one, all with as many trials."""
    budget = len(standings[0].curve[0])
    top = _round_up(max(float(standing.curve[0][min(budget - 1, budget // 10)]) for standing in standings))

    def x(trial: float) -> float:
        return _LEFT + (trial - 1) / max(budget - 1, 1) * (_WIDTH - _LEFT - _RIGHT)

    def y(regret: float) -> float:
        return _HEIGHT - _BOTTOM - regret / top * (_HEIGHT - _TOP - _BOTTOM)

    parts = [_frame(title, budget, top, x, y)]
    ends = _spread([y(min(float(standing.curve[0][-1]), top)) for standing in standings])
    for number, (standing, end) in enumerate(zip(standings, ends, strict=True)):
        colour = _COLOURS[number % len(_COLOURS)]
        mean, low, high = standing.curve
        band = [*enumerate(high, 1), *reversed(list(enumerate(low, 1)))]
        parts.append(
            f'<polygon class="band" fill="{colour}" clip-path="url(#plot)" points="{_points(band, x, y)}"/>\n'
            f'<polyline class="line" stroke="{colour}" clip-path="url(#plot)" '
            f'points="{_points(list(enumerate(mean, 1)), x, y)}"/>\n'
            f'<circle cx="{_WIDTH - _RIGHT + 10}" cy="{end - 4:.1f}" r="4" fill="{colour}"/>\n'
            f'<text x="{_WIDTH - _RIGHT + 20}" y="{end:.1f}">{escape(standing.sampler)} {mean[-1]:.2f}</text>\n'
        )
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">\n<style>{_STYLE}</style>\n{body}</svg>\n'
    )


def _frame(title: str, budget: int, top: float, x: _Place, y: _Place) -> str:
    plot = f'x="{_LEFT}" y="{_TOP}" width="{_WIDTH - _LEFT - _RIGHT}" height="{_HEIGHT - _TOP - _BOTTOM}"'
    lines = [
        f'<rect class="back" width="{_WIDTH}" height="{_HEIGHT}"/>\n<clipPath id="plot"><rect {plot}/></clipPath>\n',
        f'<text class="title" x="{_LEFT}" y="22">{escape(title)}</text>\n',
    ]
    for regret in np.linspace(0, top, 5):
        at = y(float(regret))
        lines.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>\n')
        lines.append(f'<text class="small" x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{regret:.2f}</text>\n')
    for trial in sorted({1, *(round(part * budget / 5) for part in range(1, 6))} - {0}):
        at = x(trial)
        lines.append(f'<text class="small" x="{at:.1f}" y="{_HEIGHT - 24}" text-anchor="middle">{trial}</text>\n')
    lines.append(
        f'<text class="small" x="{_LEFT}" y="{_HEIGHT - 6}">trials; regret 0: best known, 1: random search</text>\n'
    )
    return "".join(lines)


def _points(pairs: Sequence[tuple[int, float]], x: _Place, y: _Place) -> str:
    return " ".join(f"{x(trial):.1f},{y(float(regret)):.1f}" for trial, regret in pairs)


def _round_up(value: float) -> float:
    """To a quarter, one at least."""
    return max(1.0, float(np.ceil(value * 4) / 4))


def _spread(places: Sequence[float]) -> list[float]:
    """Places of labels, in the same order from top to bottom, with room for a line between any two."""
    order = sorted(range(len(places)), key=lambda k: places[k])
    found, last = [0.0] * len(places), -np.inf
    for k in order:
        found[k] = last = max(places[k] + 4, last + _LINE_HEIGHT)
    over = max(0.0, last - (_HEIGHT - 8))
    return [place - over for place in found]
