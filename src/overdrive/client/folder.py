"""Names of what lies in a sweep's folder and belongs to the client."""

SPEC = "spec.json"
EARLIER = "earlier.json"
ENGINE_LOCK = "engine.lock"
ENGINE_LOG = "engine.log"
SUMMARY = "summary.json"
PIPELINE = "pipeline.json"
PIPELINE_LOG = "pipeline.log"
