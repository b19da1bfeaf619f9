"""Jobs of Azure ML's command line (version 2): sweep files, checked whole, then submitted through the facade."""

from overdrive.compat.sweep_yaml.document import Document
from overdrive.compat.sweep_yaml.document import read_document
from overdrive.compat.sweep_yaml.document import set_value
from overdrive.compat.sweep_yaml.job import Job
from overdrive.compat.sweep_yaml.job import Options
from overdrive.compat.sweep_yaml.job import read_job
from overdrive.compat.sweep_yaml.job import submit_job
from overdrive.compat.sweep_yaml.wiring import Sources

__all__ = ["Document", "Job", "Options", "Sources", "read_document", "read_job", "set_value", "submit_job"]
