"""Reads the scalars in TensorBoard's event files, from any byte offset on, while somebody writes them.

A file is a row of records: length (8 bytes, little-endian), its checksum (4), that many bytes, their checksum (4). Each
holds an Event message of protocol buffers; the few fields that scalars need are read by hand, so that nothing of
TensorBoard's must be installed (tensorboard/compat/proto: event.proto, summary.proto, tensor.proto).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["EventFile", "Scalar"]

_LENGTH = struct.Struct("<Q")
_HEAD_BYTES, _FOOT_BYTES = 12, 4
#: A record longer than this is a picture or damage.
_LONGEST = 64 * 1024 * 1024
#: Wire types of protocol buffers.
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
#: TensorProto's dtype → how one number is kept in tensor_content, and the field that holds it else.
_NUMBERS = {1: ("<f", 5), 2: ("<d", 6), 3: ("<i", 7), 9: ("<q", 10)}


class Scalar(NamedTuple):
    """One value of a scalar summary."""

    tag: str
    step: int
    value: float


class EventFile:
    """One event file, followed: `read` gives what was written since the last call."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._offset = 0
        self._is_damaged = False

    def read(self) -> list[Scalar]:
        """The new scalars of whole records. A record that is no event ends the reading of this file for good."""
        if self._is_damaged:
            return []
        with open(self.path, "rb") as file:
            file.seek(self._offset)
            data = file.read()
        found: list[Scalar] = []
        try:
            for record in self._records(data):
                found += _scalars(record)
        except (struct.error, IndexError, ValueError):
            self._is_damaged = True
        return found

    def _records(self, data: bytes) -> Iterator[bytes]:
        start = 0
        while start + _HEAD_BYTES <= len(data):
            (length,) = _LENGTH.unpack_from(data, start)
            if length > _LONGEST:
                raise ValueError("no event file")
            end = start + _HEAD_BYTES + length + _FOOT_BYTES
            if end > len(data):
                return
            yield data[start + _HEAD_BYTES : end - _FOOT_BYTES]
            self._offset += end - start
            start = end


def _scalars(event: bytes) -> list[Scalar]:
    """Event: 2 step, 5 summary. Summary: 1 value."""
    step, found = 0, []
    for field, content in _fields(event):
        if field == 2 and isinstance(content, int):
            step = content
        elif field == 5 and isinstance(content, bytes):
            found += [value for number, value in _fields(content) if number == 1 and isinstance(value, bytes)]
    read = ((_read_value(value)) for value in found)
    return [Scalar(tag, step, value) for tag, value in read if value is not None]


def _read_value(data: bytes) -> tuple[str, float | None]:
    """Summary.Value: 1 tag, 2 simple_value, 8 tensor."""
    tag, value = "", None
    for field, content in _fields(data):
        if field == 1 and isinstance(content, bytes):
            tag = content.decode("utf-8", "replace")
        elif field == 2 and isinstance(content, bytes):
            value = struct.unpack("<f", content)[0]
        elif field == 8 and isinstance(content, bytes):
            value = _tensor(content)
    return tag, value


def _tensor(data: bytes) -> float | None:
    """TensorProto with one number: 1 dtype, 2 shape, 4 tensor_content, 5 to 10 values by type. None for any other."""
    fields = list(_fields(data))
    dtype = next((content for field, content in fields if field == 1), None)
    if dtype not in _NUMBERS:
        return None
    form, own = _NUMBERS[dtype]
    for field, content in fields:
        if field == 2 and content:
            return None  # a list or a picture
        if field == own and isinstance(content, int):
            return float(content)
        if field in (4, own) and isinstance(content, bytes) and len(content) == struct.calcsize(form):
            return float(struct.unpack(form, content)[0])
    return None


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message: number, and an int or bytes. Raises IndexError or ValueError for what is no message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at)
        elif kind in (_EIGHT, _FOUR):
            length = 8 if kind == _EIGHT else 4
        else:
            raise ValueError(f"wire type {kind}")
        if at + length > len(data):
            raise ValueError("cut off")
        yield key >> 3, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise ValueError("a number too long")
