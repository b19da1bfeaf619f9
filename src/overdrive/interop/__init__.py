"""Other ways of logging, taken in where they happen: MLflow's calls and TensorBoard's files become lines of the spool.

Lives here: the MLflow tracking store and model registry of a trial; the reader of TensorBoard's event files.
May import: report; mlflow where a script imports it; else the standard library of Python 3.8.
Must not touch: the store, the engine, the network, other trials.
Change together with: trialpath/ (what makes MLflow and TensorBoard come here), docs/logging.md.
"""

#: Entered by its modules: whoever follows event files has no MLflow to import.
__all__ = []
