"""The mailbox: whatever lies there, it is taken in or set aside."""

from pathlib import Path

import pytest

from overdrive.records import Request
from overdrive.store import leave_request
from overdrive.store import read_mailbox


@pytest.fixture
def box(tmp_path: Path) -> Path:
    (tmp_path / "mailbox").mkdir()
    return tmp_path / "mailbox"


def test_requests_come_back_in_order(box: Path) -> None:
    requests = [
        Request(id="z", kind="cancel", now=True, by="ann"),
        Request(id="y", kind="cancel_trial", trial=0),
        Request(id="x", kind="resume"),
    ]
    for request in requests:
        leave_request(box.parent, request)
    assert [request for _, request in read_mailbox(box.parent)] == requests


def test_a_request_goes_behind_those_that_wait(box: Path) -> None:
    """Also where the clock went back since they were made."""
    late = box / f"{10**19:020d}-a.cancel"
    late.touch()
    leave_request(box.parent, Request(id="b", kind="resume"))
    assert [request.id for _, request in read_mailbox(box.parent) if request] == ["a", "b"]


@pytest.mark.parametrize(
    ("words", "request_"),
    [
        ("cancel", Request(id="a-1", kind="cancel")),
        ("cancel-now", Request(id="a-1", kind="cancel", now=True)),
        ("cancel-trial-3", Request(id="a-1", kind="cancel_trial", trial=3)),
        ("cancel-trial-0-now", Request(id="a-1", kind="cancel_trial", trial=0, now=True)),
        ("resume", Request(id="a-1", kind="resume")),
    ],
)
def test_names_say_requests(box: Path, words: str, request_: Request) -> None:
    (box / f"{5:020d}-a-1.{words}").touch()
    assert [request for _, request in read_mailbox(box.parent)] == [request_]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "\xff",
        "[" * 100_000,
        '{"id": "a"}',
        '{"id": 1, "kind": "cancel"}',
        '{"id": "a", "kind": ["cancel"]}',
        '{"id": "a", "kind": "dance"}',
        '{"id": "a", "kind": "cancel_trial"}',
        '{"id": "a", "kind": "cancel_trial", "trial": "3"}',
        '{"id": "a", "kind": "cancel", "trial": 3}',
        '{"id": "a", "kind": "cancel", "more": 1}',
    ],
)
def test_what_is_no_request(box: Path, text: str) -> None:
    (box / "1.json").write_text(text, encoding="latin-1")
    assert read_mailbox(box.parent) == [(box / "1.json", None)]


def test_what_is_left_alone(box: Path) -> None:
    (box / ".tmp-half").write_text("{")
    (box / "folder").mkdir()
    assert read_mailbox(box.parent) == []
    assert read_mailbox(box.parent / "nowhere") == []
