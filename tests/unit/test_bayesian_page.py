"""What docs/bayesian.md says of constants and reasons is true."""

from pathlib import Path

from overdrive.sampling.bayesian import duplicates
from overdrive.sampling.bayesian import explain
from overdrive.sampling.bayesian import models
from overdrive.sampling.bayesian import prior_trials
from overdrive.sampling.bayesian import priors
from overdrive.sampling.bayesian import search

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "bayesian.md").read_text(encoding="utf-8").split())


def test_numbers_that_the_page_names() -> None:
    assert (priors.LENGTH, priors.LENGTH_SPREAD) == (2**0.5 - 2, 1.5)
    assert (priors.SIGNAL, priors.SIGNAL_SPREAD, priors.NOISE, priors.NOISE_SPREAD) == (0, 1, -4, 1.5)
    assert (search.RANDOM, search.MUTATED, search.KEPT, search.REFINED, search.PARENTS) == (1000, 1500, 100, 12, 8)
    assert models.DRAWS[0][1] == 4
    assert (duplicates.MOST_LISTED, duplicates.MOST_PAIRS) == (30_000, 1_500_000)
    assert prior_trials.MOST_USED == 200
    assert explain.MOST_KNOWN == (1500, 1000)
    for words in (
        "√2 + ½ ln d − 2 and 1.5",
        "signal variance 0 and 1; noise variance −4 and 1.5",
        "1,000 draws from the space and 1,500 mutations of the best eight trials",
        "the best 100 by all; the best 12 refined",
        "four draws from the Gaussian",
        "up to 30,000 configurations",
        "At most 200 earlier trials",
        "From 1,500 trials on the posterior is a projected process",
    ):
        assert words in PAGE
