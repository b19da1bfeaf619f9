"""The formulas of Bayesian sampling against independent computations: precision, gradients, positive definiteness."""

from decimal import Decimal
from decimal import localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from overdrive.sampling.bayesian.acquisition import acquisition_slopes
from overdrive.sampling.bayesian.acquisition import log_acquisition
from overdrive.sampling.bayesian.acquisition import log_improvement
from overdrive.sampling.bayesian.acquisition import mean_over_models
from overdrive.sampling.bayesian.ascent import minimise
from overdrive.sampling.bayesian.beside import APART
from overdrive.sampling.bayesian.beside import weighed
from overdrive.sampling.bayesian.feasibility import Feasibility
from overdrive.sampling.bayesian.fit import Data
from overdrive.sampling.bayesian.fit import draws_around
from overdrive.sampling.bayesian.fit import log_evidence
from overdrive.sampling.bayesian.fit import log_likelihood
from overdrive.sampling.bayesian.fit import most_probable
from overdrive.sampling.bayesian.fit import negative_log_posterior
from overdrive.sampling.bayesian.fit import squares_by_axis
from overdrive.sampling.bayesian.kernel import matern
from overdrive.sampling.bayesian.kernel import matern_and_slope
from overdrive.sampling.bayesian.kernel import squares_between
from overdrive.sampling.bayesian.posterior import Known
from overdrive.sampling.bayesian.posterior import Posterior
from overdrive.sampling.bayesian.priors import prior_of
from overdrive.sampling.bayesian.projected import Projected
from overdrive.sampling.bayesian.squeeze import Squeeze

Array = Any
NO_SOURCE = np.zeros(8, dtype=int)


def _reference(z: float) -> Decimal:
    """log(φ(z) + z Φ(z)), by the power series of Φ with 900 digits."""
    with localcontext() as context:
        context.prec = 900
        x, square = Decimal(z), Decimal(z) ** 2
        # π by Machin's formula.
        pi = 4 * (4 * _arctan_of_inverse(5) - _arctan_of_inverse(239))
        density = (-square / 2).exp() / (2 * pi).sqrt()
        term, total, k = x, x, 0
        while abs(term) > Decimal(10) ** -880 or k < 4 * float(square):
            k += 1
            term *= square / (2 * k + 1)
            total += term
        value = density + x * (Decimal("0.5") + density * total)
        return value.ln()


def _arctan_of_inverse(n: int) -> Decimal:
    term = Decimal(1) / n
    total, k = term, 1
    while abs(term) > Decimal(10) ** -895:
        term /= -n * n
        k += 2
        total += term / k
    return total


@pytest.mark.parametrize("z", [-40.0, -25.1, -24.9, -12.0, -5.0, -1.0001, -0.9999, -0.3, 0.0, 0.7, 5.0, 20.0])
def test_log_improvement_to_the_last_digits(z: float) -> None:
    assert float(log_improvement(np.array([z]))[0]) == pytest.approx(float(_reference(z)), rel=2e-11, abs=1e-14)


def test_log_improvement_is_monotone_over_all_floats() -> None:
    z = np.concatenate([-np.geomspace(1e8, 1e-3, 4000), np.geomspace(1e-3, 1e8, 4000)])
    assert (np.diff(log_improvement(z)) > 0).all()


def test_slopes_of_the_acquisition() -> None:
    rng = np.random.default_rng(0)
    mean, variance = rng.normal(0, 3, (3, 40)), np.exp(rng.normal(-2, 1.5, (3, 40)))
    best, noise = np.array([-1.0, 0.0, 0.5]), np.array([1e-4, 0.02, 0.5])
    value, by_mean, by_variance = acquisition_slopes(mean, variance, best, noise)
    np.testing.assert_allclose(value, log_acquisition(mean, variance, best, noise), rtol=1e-12)
    step = 1e-5
    ahead, behind = (log_acquisition(mean + s, variance, best, noise) for s in (step, -step))
    np.testing.assert_allclose(by_mean, (ahead - behind) / (2 * step), rtol=1e-4, atol=1e-5)
    ahead, behind = (log_acquisition(mean, variance * (1 + s), best, noise) for s in (step, -step))
    np.testing.assert_allclose(by_variance, (ahead - behind) / (2 * step * variance), rtol=1e-4, atol=1e-4)


def test_mean_over_models_of_what_no_float_holds() -> None:
    logs = np.array([[-1000.0, 0.0], [-1001.0, 0.0]])
    value, shares = mean_over_models(logs)
    np.testing.assert_allclose(value, [-1000 + np.log((1 + np.exp(-1)) / 2), 0.0])
    np.testing.assert_allclose(shares.sum(0), 1.0)


@given(st.integers(2, 25), st.integers(1, 6), st.integers(0, 2**32 - 1), st.floats(-2, 2))
@settings(max_examples=60)
def test_the_kernel_is_positive_definite(n: int, d: int, seed: int, log_scale: float) -> None:
    points = np.random.default_rng(seed).normal(size=(n, d)) * np.exp(log_scale)
    k = matern(squares_between(points, points))
    np.testing.assert_allclose(k, k.T, atol=1e-12)
    np.testing.assert_allclose(np.diag(k), 1.0, atol=1e-6)
    assert np.linalg.eigvalsh(k).min() > -1e-8 * n
    assert ((k > 0) & (k <= 1)).all()


def test_the_slope_of_the_kernel() -> None:
    squares = np.geomspace(1e-6, 40, 60)
    k, slope = matern_and_slope(squares)
    np.testing.assert_allclose(k, matern(squares), rtol=1e-14)
    step = 1e-6 * squares
    derivative = (matern(squares + step) - matern(squares - step)) / (2 * step)
    np.testing.assert_allclose(slope, -2 * derivative, rtol=1e-3)


def _data(n: int = 14, d: int = 3, sources: bool = False) -> tuple[Data, Array]:
    rng = np.random.default_rng(4)
    points = rng.normal(size=(n, d))
    outcomes = np.sin(points[:, 0]) + 0.3 * points[:, 1] + 0.1 * rng.normal(size=n)
    extra = np.where(np.arange(n) % 4 == 0, 0.2, 0.0)
    source = np.arange(n) % 3 if sources else np.zeros(n, dtype=int)
    return Data(squares_by_axis(points, np.arange(d), d), outcomes, extra, source), points


@pytest.mark.parametrize("sources", [False, True])
def test_the_gradient_of_a_fit(sources: bool) -> None:
    data, _ = _data(sources=sources)
    prior = prior_of(3, data.sources)
    parameters = prior.mean + 0.4 * np.arange(len(prior.mean)) - 0.7
    value, gradient = negative_log_posterior(parameters, data, prior)
    assert np.isfinite(value)
    for k in range(len(parameters)):
        step = np.zeros_like(parameters)
        step[k] = 1e-5
        ahead, behind = (negative_log_posterior(parameters + s * step, data, prior)[0] for s in (1, -1))
        assert gradient[k] == pytest.approx((ahead - behind) / 2e-5, rel=1e-5, abs=1e-6)


def test_a_fit_finds_what_matters() -> None:
    """The outcome depends on axis 0 alone: its length scale comes out by far the shortest."""
    rng = np.random.default_rng(1)
    points = rng.normal(size=(40, 3))
    outcomes = np.sin(2 * points[:, 0])
    data = Data(squares_by_axis(points, np.arange(3), 3), outcomes, np.zeros(40), np.zeros(40, dtype=int))
    prior = prior_of(3)
    mode = most_probable(data, prior, prior.mean[None])
    assert mode[0] + 1.5 < min(mode[1], mode[2])
    assert negative_log_posterior(mode, data, prior)[0] < negative_log_posterior(prior.mean, data, prior)[0]
    assert np.abs(negative_log_posterior(mode, data, prior)[1][(mode > prior.low) & (mode < prior.high)]).max() < 0.1
    draws = draws_around(mode, data, prior, 50, np.random.default_rng(0))
    assert draws.shape == (50, 5)
    assert ((draws >= prior.low) & (draws <= prior.high)).all()
    assert draws[:, 0].std() < draws[:, 1].std(), "what the outcomes say nothing about is drawn more widely"


def test_the_likelihood_by_scipy() -> None:
    from scipy.stats import multivariate_normal

    data, points = _data()
    parameters = prior_of(3).mean
    lengths = np.exp(parameters[:3])
    covariance = np.exp(parameters[3]) * matern(squares_between(points / lengths, points / lengths)) + 1.0
    covariance += np.diag(np.exp(parameters[4]) + data.extra_noise)
    expected = multivariate_normal(np.zeros(len(points)), covariance).logpdf(data.outcomes)
    assert log_likelihood(parameters, data) == pytest.approx(expected, rel=1e-6)
    shifted = prior_of(3)._replace(mean=parameters + 1e-9, spread=np.full(5, 1e-6))
    assert log_evidence(parameters, data, shifted) == pytest.approx(expected, rel=1e-5), "known parameters: no doubt"


@pytest.mark.parametrize("agrees", [True, False])
def test_models_are_weighed_by_what_own_outcomes_say(agrees: bool) -> None:
    rng = np.random.default_rng(3)
    points = rng.normal(size=(50, 2))
    source = np.repeat([0, 1], [15, 35])
    outcomes = np.where((source == 1) | agrees, np.sin(2 * points[:, 0]), np.cos(3 * points[:, 1]))
    data = Data(squares_by_axis(points, np.arange(2), 2), outcomes, np.zeros(50), source)
    prior = prior_of(2, 1)
    mode = most_probable(data, prior, prior.mean[None])
    rows = weighed(np.tile(mode, (5, 1)), data, 1.0, np.random.default_rng(0))
    assert rows.shape == (5, len(prior.mean))
    apart = rows[:, 4] == APART
    assert apart.sum() == (0 if agrees else 5)
    assert (weighed(rows, data.part(np.flatnonzero(source == 1)), 1.0, rng) == rows).all()


def _posterior(models: int = 3) -> tuple[Posterior, Array]:
    data, points = _data()
    rng = np.random.default_rng(2)
    parameters = prior_of(3).mean + rng.normal(size=(models, 5)) * 0.3
    known = Known(points, data.extra_noise, data.source)
    targets = np.broadcast_to(data.outcomes, (models, len(points)))
    return Posterior(known, targets, parameters, np.arange(3), 3), points


def test_a_posterior_by_the_textbook() -> None:
    posterior, points = _posterior(models=1)
    data, _ = _data()
    lengths, signal = np.exp(posterior.parameters[0, :3]), np.exp(posterior.parameters[0, 3])
    asked = np.random.default_rng(3).normal(size=(5, 3))

    def covariance(a: Array, b: Array) -> Array:
        distance = np.sqrt((((a[:, None] - b[None]) / lengths) ** 2).sum(-1))
        return signal * (1 + 5**0.5 * distance + 5 / 3 * distance**2) * np.exp(-(5**0.5) * distance) + 1.0

    k = covariance(points, points) + np.diag(np.exp(posterior.parameters[0, 4]) + data.extra_noise)
    across = covariance(asked, points)
    mean, variance = posterior.at(asked)
    np.testing.assert_allclose(mean[0], across @ np.linalg.solve(k, data.outcomes), rtol=1e-8)
    expected = np.diag(covariance(asked, asked) - across @ np.linalg.solve(k, across.T))
    np.testing.assert_allclose(variance[0], expected, rtol=1e-7)
    np.testing.assert_allclose(posterior.shares(asked[:1]) @ data.outcomes, mean[0, 0], rtol=1e-8)


def test_slopes_of_a_posterior() -> None:
    posterior, _ = _posterior()
    asked, columns = np.random.default_rng(3).normal(size=(6, 3)), np.array([0, 2])
    mean, variance, d_mean, d_variance = posterior.slopes(asked, columns)
    for found, expected in zip((mean, variance), posterior.at(asked), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9)
    for c, column in enumerate(columns):
        step = np.zeros(3)
        step[column] = 1e-5
        ahead, behind = posterior.at(asked + step), posterior.at(asked - step)
        np.testing.assert_allclose(d_mean[..., c], (ahead[0] - behind[0]) / 2e-5, rtol=1e-4, atol=1e-7)
        np.testing.assert_allclose(d_variance[..., c], (ahead[1] - behind[1]) / 2e-5, rtol=1e-4, atol=1e-7)


def test_feasibility_knows_where_trials_failed() -> None:
    rng = np.random.default_rng(5)
    points = rng.uniform(-1.7, 1.7, size=(60, 2))
    fails = points[:, 0] > 0.8
    feasibility = Feasibility(points[~fails], points[fails], np.arange(2), 2)
    asked = np.array([[-1.0, 0.0], [1.5, 0.3], [0.5, 1.0]])
    ok = np.exp(feasibility.log_probability(asked))
    assert ok[0] > 0.95
    assert ok[1] < 0.1
    value, slope = feasibility.slopes(asked, np.array([0, 1]))
    np.testing.assert_allclose(value, np.log(ok), rtol=1e-9)
    for column in range(2):
        step = 1e-5 * np.eye(2)[column]
        ahead, behind = feasibility.log_probability(asked + step), feasibility.log_probability(asked - step)
        np.testing.assert_allclose(slope[:, column], (ahead - behind) / 2e-5, rtol=1e-4, atol=1e-7)


def test_minimising_a_batch_within_bounds() -> None:
    centres = np.array([[0.2, -0.4], [3.0, 0.0], [-3.0, -3.0]])

    def function(x: Array, which: Array) -> tuple[Array, Array]:
        away = x - centres[which]
        skewed = away @ np.array([[2.0, 0.8], [0.8, 1.0]])
        return 0.5 * (away * skewed).sum(-1), skewed

    low, high = np.full(2, -1.0), np.full(2, 1.0)
    x, value = minimise(function, np.zeros((3, 2)), low, high, 40, np.full(2, 0.3), 1e-9)
    np.testing.assert_allclose(x[0], centres[0], atol=1e-5)
    # At x₀ = 1 the best x₁ is 0.8 · 2 = 1.6, beyond the bound; at the lower corner both push outwards.
    np.testing.assert_allclose(x[1], [1.0, 1.0], atol=1e-5)
    np.testing.assert_allclose(x[2], [-1.0, -1.0], atol=1e-5)
    assert value[0] == pytest.approx(0, abs=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
@settings(max_examples=150)
@example([0.0, 1.0, 5.233787182628281e-162])
@example([0.0, 5e-324])
@example([0.0, 1.0, 5e-324])
def test_squeezing_keeps_the_order(values: list[float]) -> None:
    array = np.array(values)
    squeeze = Squeeze(array)
    scaled = squeeze(array)
    assert np.isfinite(scaled).all()
    order = np.argsort(array, kind="stable")
    assert (np.diff(scaled[order]) >= -1e-9).all()
    assert scaled.std() == pytest.approx(1.0, abs=1e-6) or np.ptp(array) <= 1e-9 * max(1.0, np.abs(array).max())


def test_squeezing_the_worse_half() -> None:
    values = np.array([1.0, 1.1, 1.3, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0])
    diverged = values.copy()
    diverged[-1] = 1e9
    one, other = Squeeze(values), Squeeze(diverged)
    np.testing.assert_allclose(one(values), other(diverged), rtol=1e-9)
    better = one(values[:5])
    np.testing.assert_allclose(np.diff(better) / np.diff(values[:5]), 1 / one.unit, rtol=1e-9)
    np.testing.assert_allclose(one.back(one(values)), values, rtol=1e-9)
    asked = np.array([0.3, 1.2, 3.3, 7.0])
    np.testing.assert_allclose(one.back(one(asked)), asked, rtol=1e-9)


@pytest.mark.parametrize("sources", [0, 2])
def test_a_projected_posterior_with_all_points_active_is_the_posterior(sources: int) -> None:
    rng, n, d = np.random.default_rng(4), 60, 3
    source = np.sort(rng.integers(0, sources + 1, n))
    known = Known(rng.standard_normal((n, d)), rng.uniform(0, 0.1, n), source)
    parameters = np.array([prior_of(d, sources).mean, prior_of(d, sources).mean + 0.3])
    targets = np.broadcast_to(np.sin(known.points.sum(1)) + 0.1 * rng.standard_normal(n), (2, n))
    columns, points = np.arange(d), rng.standard_normal((20, d))
    exact = Posterior(known, targets, parameters, columns, d)
    projected = Projected(known, targets, parameters, columns, d, np.arange(n))
    for one, other in zip(exact.at(points), projected.at(points), strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-4)
    assert np.allclose(projected.mean(points), projected.at(points)[0])
