"""What a Bayesian suggestion costs in processor time: with and without a new fit of the models."""

import os
import time

from measure import Bench
from measure import main

#: Trials so far, and the seconds that a suggestion with a fit may take.
SIZES = {50: None, 100: 0.05, 200: None, 400: None, 1000: 0.5}
DIMENSIONS, AGAIN = 8, 7


def suggest(bench: Bench) -> None:
    """suggest: eight hyperparameters, one core, processor time."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"  # read when NumPy is loaded, below
    import numpy as np

    from overdrive.records import Outcome
    from overdrive.records import PrimaryMetric
    from overdrive.records import PrimaryMetricGoal
    from overdrive.records import TrialStatus
    from overdrive.sampling import History
    from overdrive.sampling import TrialSoFar
    from overdrive.sampling import build_sampler
    from overdrive.sampling.sobol import SobolPoints
    from overdrive.space import Space
    from overdrive.space import uniform

    space = Space({f"x{k}": uniform(0, 1) for k in range(DIMENSIONS)})
    metric = PrimaryMetric(name="loss", goal=PrimaryMetricGoal.MINIMIZE)
    bench.begin("suggest", f"{DIMENSIONS} uniform hyperparameters, a noisy bowl")
    rng = np.random.default_rng(0)
    points = SobolPoints(space, 3)

    def trial(n: int, state: dict) -> TrialSoFar:
        configuration = points.configuration(n)
        value = sum((x - 0.3 * (k % 3)) ** 2 for k, x in enumerate(configuration.values()))
        value += 0.01 * rng.standard_normal()
        ended = {"status": TrialStatus.ENDED, "outcome": Outcome.COMPLETED}
        return TrialSoFar(number=n, configuration=configuration, curve=(value,), best=value, state=state, **ended)

    for size in list(SIZES)[: 2 if bench.args.quick else None]:
        times: dict[bool, list[float]] = {False: [], True: []}
        for seed in range(AGAIN):
            sampler = build_sampler({"name": "BayesianOptimization"}, space, seed)
            trials: list[TrialSoFar] = []
            # A fit comes with a tenth more values: the one at `size` begins from another one, as it does in a sweep.
            for at in (int(size / 1.3), int(size / 1.12), size, size + 1):
                trials += [trial(n, {}) for n in range(len(trials), at)]
                history = History(trials=tuple(trials), metric=metric, based_on=at)
                begun = time.process_time()
                found = sampler.suggest(history, at)
                if at >= size:
                    times["models" in found.state].append(time.process_time() - begun)
                trials.append(trial(at, {key: found.state[key] for key in ("models", "fitted") if key in found.state}))
        for is_fit, found in times.items():
            bench.figure(f"after {size} trials, {'with a fit' if is_fit else 'without'}", found, "s", reach=SIZES[size])


if __name__ == "__main__":
    main(suggest)
