"""TensorBoard's event files, as its writers make them, whole and cut off anywhere."""

import struct
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter

from overdrive.interop.event_file import EventFile
from overdrive.interop.event_file import Scalar
from overdrive.interop.tensorboard import Follower


def write(folder: Path, scalars: list[Scalar]) -> Path:
    with SummaryWriter(str(folder)) as writer:
        for tag, step, value in scalars:
            writer.add_scalar(tag, value, step)
        writer.add_histogram("weights", [1.0, 2.0, 3.0], 1)
        writer.add_text("note", "no number", 1)
    (path,) = folder.glob("*.tfevents.*")
    return path


def record(content: bytes) -> bytes:
    return struct.pack("<Q", len(content)) + bytes(4) + content + bytes(4)


def field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


def tensor_event(tag: str, step: int, tensor: bytes) -> bytes:
    """As tf.summary.scalar writes it: the number in a tensor."""
    value = field(1, tag.encode()) + field(8, tensor)
    return record(bytes([2 << 3, step]) + field(5, field(1, value)))


def test_scalars_come_back(tmp_path: Path) -> None:
    scalars = [Scalar("val/accuracy", n, n / 4) for n in range(300)]
    file = EventFile(str(write(tmp_path, scalars)))
    assert file.read() == scalars
    assert file.read() == []


def test_a_file_that_grows_byte_by_byte_gives_each_scalar_once(tmp_path: Path) -> None:
    scalars = [Scalar("loss", n, 0.5 - n) for n in range(3)]
    whole = write(tmp_path / "whole", scalars).read_bytes()
    path = tmp_path / "events.out.tfevents.1"
    file, found = EventFile(str(path)), []
    for end in range(len(whole) + 1):
        path.write_bytes(whole[:end])
        found += file.read()
    assert found == scalars


@pytest.mark.parametrize(
    ("tensor", "value"),
    [
        (bytes([1 << 3, 1]) + field(2, b"") + field(4, struct.pack("<f", 0.25)), 0.25),
        (bytes([1 << 3, 1]) + field(5, struct.pack("<f", 0.25)), 0.25),
        (bytes([1 << 3, 2]) + field(4, struct.pack("<d", 0.1)), 0.1),
        (bytes([1 << 3, 9, 10 << 3, 7]), 7.0),
    ],
)
def test_numbers_in_tensors(tmp_path: Path, tensor: bytes, value: float) -> None:
    path = tmp_path / "events.out.tfevents.2"
    path.write_bytes(tensor_event("epoch_loss", 3, tensor))
    assert EventFile(str(path)).read() == [Scalar("epoch_loss", 3, value)]


@pytest.mark.parametrize(
    "tensor", [bytes([1 << 3, 7]) + field(8, b"text"), bytes([1 << 3, 1]) + field(2, field(2, b"\x08\x02"))]
)
def test_what_is_no_number_is_left_out(tmp_path: Path, tensor: bytes) -> None:
    path = tmp_path / "events.out.tfevents.3"
    path.write_bytes(tensor_event("picture", 1, tensor))
    assert EventFile(str(path)).read() == []


@pytest.mark.parametrize(
    "content", [b"no event file at all, but long enough", record(b"\xff\xff\xff"), record(b"\x0f")]
)
def test_damage_ends_the_reading(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "events.out.tfevents.4"
    path.write_bytes(content)
    file = EventFile(str(path))
    assert file.read() == []
    assert file.read() == []


def test_names_that_the_script_logs_itself_are_left_to_it(tmp_path: Path) -> None:
    logged: list[tuple[str, float, int]] = []
    follower = Follower(str(tmp_path), lambda *values: logged.append(values), lambda: {"accuracy"})
    write(tmp_path / "runs" / "one", [Scalar("accuracy", 1, 0.5), Scalar("loss", 1, 0.25)])
    write(tmp_path / "logs" / "validation", [Scalar("accuracy", 1, 0.75)])
    follower.look()
    follower.look()
    assert sorted(logged) == [("loss", 0.25, 1), ("validation/accuracy", 0.75, 1)]
