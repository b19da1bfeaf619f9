"""What Ctrl-C does to somebody who waits: leave, cancel, cancel at once."""

import enum
import signal
import threading
from collections.abc import Callable
from types import FrameType
from types import TracebackType

#: Seconds within which a second Ctrl-C cancels; without it the first one leaves.
SECOND_PRESS_S = 2.0


class Wish(enum.Enum):
    """What the presses so far ask for."""

    STAY = "stay"
    LEAVE = "leave"
    CANCEL = "cancel"
    CANCEL_NOW = "cancel_now"


class Presses:
    """The presses of Ctrl-C, counted: the first leaves, a second within 2 s cancels politely, a third at once.

    Pure: times are given, in seconds of a monotonic clock. More presses change nothing.
    """

    def __init__(self) -> None:
        self._times: list[float] = []

    def press(self, now: float) -> None:
        """One press. A second one later than 2 s after the first counts as a first one again."""
        if len(self._times) == 1 and now - self._times[0] > SECOND_PRESS_S:
            self._times.clear()
        if len(self._times) < 3:
            self._times.append(now)

    def wish(self, now: float) -> Wish:
        """What is asked for: LEAVE only once no second press can come any more."""
        if not self._times:
            return Wish.STAY
        if len(self._times) == 1:
            return Wish.LEAVE if now - self._times[0] > SECOND_PRESS_S else Wish.STAY
        return Wish.CANCEL if len(self._times) == 2 else Wish.CANCEL_NOW

    @property
    def count(self) -> int:
        """0 to 3."""
        return len(self._times)


class Leaving:
    """While it is entered, Ctrl-C is counted instead of raised; the waiting loop asks `act` what to do about it.

    say: called with one line for the person who pressed.
    cancel: called with False (politely) and then, on a third press, with True (at once).
    clock: seconds of a monotonic clock.

    Python runs handlers in the main thread only: elsewhere nothing is installed, and Ctrl-C goes where it always goes.
    """

    def __init__(
        self, name: str, *, say: Callable[[str], None], cancel: Callable[[bool], None], clock: Callable[[], float]
    ) -> None:
        self._name = name
        self._say = say
        self._cancel = cancel
        self._clock = clock
        self._presses = Presses()
        self._said = 0
        self._before: object = None

    def __enter__(self) -> "Leaving":
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # as behind nohup, or in the background of a shell
        if threading.current_thread() is threading.main_thread() and not ignored:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)  # type: ignore[arg-type]

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._presses.press(self._clock())

    @property
    def was_pressed(self) -> bool:
        """Whether the wait is to end with KeyboardInterrupt."""
        return self._presses.count > 0

    def act(self) -> None:
        """Does what the presses so far ask for, once each. Raises KeyboardInterrupt when it is time to leave."""
        count, wish = self._presses.count, self._presses.wish(self._clock())
        if count < self._said:
            self._said = 0
        while self._said < count:
            self._said += 1
            self._answer(self._said)
        if wish is Wish.LEAVE:
            raise KeyboardInterrupt

    def _answer(self, press: int) -> None:
        if press == 1:
            self._say(
                f"{self._name} goes on without you (watch it: overdrive watch {self._name}; "
                f"cancel it: overdrive cancel {self._name}, or Ctrl-C again now)"
            )
        elif press == 2:
            self._say(f"cancelling {self._name}; Ctrl-C once more ends its trials at once")
            self._cancel(False)
        else:
            self._say(f"cancelling {self._name} at once")
            self._cancel(True)
