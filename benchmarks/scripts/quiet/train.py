"""Waits until it is stopped."""

import signal

signal.sigwait([signal.SIGTERM])
