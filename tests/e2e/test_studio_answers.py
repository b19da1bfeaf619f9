"""Every answer of Studio's server is strict JSON of the shape that its schema says, whatever was logged."""

import contextlib
import json
import math
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from commands import overdrive
from journals import BANDIT
from journals import WrittenSweep
from studio_server import StudioServer

from overdrive.engine.journal import Journal
from overdrive.host.locks import FileLock
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.store import SweepStore
from overdrive.store import read_mailbox
from overdrive.studio import schema
from overdrive.views.engines import LOCK

SWEEP = "HD_11111111-2222-3333-4444-555555555555"
ODD = [math.nan, math.inf, -math.inf, 1e308, -0.0, 2**60, 0.5]


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> WrittenSweep:
    workspace = tmp_path_factory.mktemp("workspace")
    written = WrittenSweep(workspace / "sweeps" / SWEEP, policy=BANDIT)
    written.run(0, 0.5, 0.7, 0.8)
    written.start(1, optimizer="<b>")
    written.log(1, *ODD)
    written.log(1, {"a": [1, math.nan]}, name="table", kind="table")
    written.log(1, [1, 2, 3], name="list", kind="list")
    written.log(1, math.inf, name="loss")
    written.start(2)
    written.log(2, 0.1, 0.1)
    written.stop(2)
    written.end(2, Outcome.STOPPED_EARLY)
    written.output(1, b"hello\n\xff\xfe" + "grüße\n".encode() * 3)
    left = written.folder / "trials" / "1" / "work" / "outputs"
    left.mkdir(parents=True)
    (left / "model.txt").write_text("weights")
    (left / "out").symlink_to("/etc")
    (left / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(left / "pipe")
    written.summarize()
    return written


@pytest.fixture(scope="module")
def server(sweep: WrittenSweep) -> Iterator[StudioServer]:
    with StudioServer(sweep.folder.parents[1]) as running:
        yield running


ANSWERS = [
    ("/api/server", schema.Server),
    ("/api/sweeps", schema.SweepPage),
    ("/api/sweeps?sort=best&search=digits+running", schema.SweepPage),
    (f"/api/sweeps/{SWEEP}", schema.SweepHead),
    (f"/api/sweeps/{SWEEP}/opening", schema.Opening),
    (f"/api/sweeps/{SWEEP}/trials", schema.TrialColumns),
    (f"/api/sweeps/{SWEEP}/curves", schema.Curves),
    (f"/api/sweeps/{SWEEP}/curves?metric=loss&axis=time&buckets=4", schema.Curves),
    (f"/api/sweeps/{SWEEP}/thresholds", schema.Thresholds),
    (f"/api/sweeps/{SWEEP}/timeline", schema.Timeline),
    (f"/api/sweeps/{SWEEP}/values?metric=loss", schema.Values),
    (f"/api/sweeps/{SWEEP}/code", schema.Code),
    (f"/api/sweeps/{SWEEP}/explained", schema.Explained),
    (f"/api/sweeps/{SWEEP}/trials/1", schema.TrialHead),
    (f"/api/sweeps/{SWEEP}/trials/1/logged", schema.Logged),
    (f"/api/sweeps/{SWEEP}/trials/1/output", schema.Output),
    (f"/api/sweeps/{SWEEP}/trials/1/files", schema.Files),
    ("/api/requests/00000000-0000-0000-0000-000000000000", schema.Answer),
]


@pytest.mark.parametrize(("path", "model"), ANSWERS, ids=lambda each: str(each)[-40:])
def test_answers_keep_the_schema(server: StudioServer, path: str, model: type[schema.Model]) -> None:
    model.model_validate(server.json(path), strict=False)


def test_answers_hold_what_was_logged(server: StudioServer) -> None:
    head = server.json(f"/api/sweeps/{SWEEP}")
    assert (head["counts"]["done"], head["counts"]["running"], head["best"]["trial"]) == (2, 1, 1)
    assert "cancel" in head["can"]
    columns = server.json(f"/api/sweeps/{SWEEP}/trials")
    assert columns["state"] == ["completed", "running", "stopped_early"]
    assert "0.1 <" in columns["why"][2]
    assert server.json(f"/api/sweeps/{SWEEP}/trials?after=0&limit=1")["number"] == [1]
    curves = server.json(f"/api/sweeps/{SWEEP}/curves")
    assert curves["count"] == [3, len(ODD), 2]
    assert server.json(f"/api/sweeps/{SWEEP}/trials/1/logged")["values"] == {
        "table": {"a": [1, "nan"]},
        "list": [1, 2, 3],
    }
    assert "list" not in server.json(f"/api/sweeps/{SWEEP}/trials/1")["metrics"]  # it has no curve


def test_output_comes_by_ranges(server: StudioServer) -> None:
    path = f"/api/sweeps/{SWEEP}/trials/1/output"
    whole = server.json(path)
    assert whole["text"].startswith("hello\n\ufffd\ufffdgrüße")
    part = server.json(f"{path}?first=6")
    assert (part["first"], part["last"]) == (6, whole["size_bytes"])
    assert server.json(f"{path}?first=999999")["text"] == ""


def test_files_are_what_is_listed_and_nothing_else(server: StudioServer) -> None:
    path = f"/api/sweeps/{SWEEP}/trials/1/files"
    rows = server.json(path)["rows"]
    assert [row["name"] for row in rows] == ["outputs/model.txt"], "no link, no pipe"
    status, data, headers = server.ask(f"{path}/{rows[0]['id']}")
    assert (status, data) == (200, b"weights")
    assert headers["content-disposition"] == 'attachment; filename="model.txt"'
    assert headers["content-type"] == "application/octet-stream"
    assert server.json(f"{path}/{rows[0]['id']}/preview")["text"] == "weights"


def test_no_link_above_a_trial_leads_out_of_its_sweep(tmp_path) -> None:
    """Of a sweep that came from elsewhere: any of its folders may be a link."""
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.run(0, 0.5)
    written.log(0, "a.png", name="a", kind="image")
    (tmp_path / "elsewhere" / "0" / "files").mkdir(parents=True)
    (tmp_path / "elsewhere" / "0" / "files" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    path = f"/api/sweeps/{SWEEP}/trials/0"
    with StudioServer(tmp_path) as server:
        shutil.copytree(tmp_path / "elsewhere", written.folder / "trials", dirs_exist_ok=True)
        (row,) = server.json(f"{path}/files")["rows"]
        assert server.json(f"{path}/logged")["images"] == [{"name": "a", "file": row["id"]}]
        (written.folder / "trials").rename(tmp_path / "trials")
        (written.folder / "trials").symlink_to(tmp_path / "elsewhere")
        assert server.json(f"{path}/files")["rows"] == []
        assert server.ask(f"{path}/files/{row['id']}")[0] == 404
        assert server.json(f"{path}/logged")["images"] == [{"name": "a", "file": None}]


#: Permissions do not stop root, unless it gives the power over them away.
STOPPED = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


@pytest.mark.skipif(bool(STOPPED) and shutil.which("setpriv") is None, reason="runs as root, and there is no setpriv")
def test_a_folder_that_may_not_be_entered_is_named(tmp_path) -> None:
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.run(0, 0.5)
    outputs = written.folder / "trials" / "0" / "work" / "outputs"
    for name in ("open", "barred"):
        (outputs / name).mkdir(parents=True)
        (outputs / name / "model.txt").write_text("weights")
    (outputs / "open" / "model.txt").chmod(0)
    (outputs / "barred").chmod(0)
    path = f"/api/sweeps/{SWEEP}/trials/0/files"
    with StudioServer(tmp_path, through=STOPPED) as server:
        found = server.json(path)
        assert ([row["name"] for row in found["rows"]], found["barred"]) == (
            ["outputs/open/model.txt"],
            ["outputs/barred"],
        )
        status, data, _ = server.ask(f"{path}/{found['rows'][0]['id']}")
        assert (status, b"Permission denied" in data) == (404, True)
    (outputs / "barred").chmod(0o700)


def test_the_list_and_an_output_are_followed_from_a_cursor(server: StudioServer, sweep: WrittenSweep) -> None:
    version = server.json("/api/sweeps")["version"]
    with server.stream(f"/api/stream?version={version}") as events:
        sweep.summarize()
        kind, data, cursor = next(events)
        assert (kind, data["version"] != version, cursor) == ("list", True, data["version"])
    path = f"/api/sweeps/{SWEEP}/trials/1/output/stream"
    with server.stream(f"{path}?first=6") as events:
        kind, data, cursor = next(events)
        assert (kind, data["first"], data["text"][2:7]) == ("output", 6, "grüße")
        with (sweep.folder / "trials" / "1" / "output.1.txt").open("ab") as file:
            file.write(b"more\n")
        _, data, _ = next(events)
        assert (data["text"], data["first"]) == ("more\n", int(cursor))
    with server.stream(path, {"last-event-id": cursor}) as events:
        assert next(events)[1]["text"] == "more\n", "a page that comes back goes on where it was"
    with server.stream(f"/api/sweeps/{SWEEP}/trials/2/output/stream") as events:
        assert [next(events)[0], next(events)[0]] == ["output", "end"]


def test_an_attempt_that_was_tried_again_prints_no_more(tmp_path) -> None:
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.start(0)
    written.output(0, b"a long first attempt\n")
    with StudioServer(tmp_path) as server, server.stream(f"/api/sweeps/{SWEEP}/trials/0/output/stream") as events:
        assert next(events)[1]["text"] == "a long first attempt\n"
        written.end(0, retry=True)
        written.start(0, attempt=2)
        written.output(0, b"the second attempt, which printed much more\n", attempt=2)
        assert next(events)[0] == "end"


def test_a_damaged_database_is_a_sentence(tmp_path) -> None:
    written = WrittenSweep(tmp_path / "workspace" / "sweeps" / SWEEP)
    written.run(0, 0.5)
    written.close()
    for path in written.folder.glob("sweep.db-*"):
        path.unlink()
    (written.folder / "sweep.db").write_bytes(b"this is no database " * 1000)
    with StudioServer(tmp_path / "workspace") as server:
        for path in ("", "/trials", "/curves", "/timeline", "/trials/0"):
            status, data, _ = server.ask(f"/api/sweeps/{SWEEP}{path}")
            assert status == 503, path
            assert f"{SWEEP}/sweep.db cannot be read: file is not a database".encode() in data
        with server.stream(f"/api/sweeps/{SWEEP}/stream") as events:
            assert next(events)[0] == "reset", "a page loads anew, and is told there"
        assert server.json("/api/sweeps")["total"] == 1


def test_the_server_ends_in_good_order_while_pages_listen(sweep: WrittenSweep) -> None:
    with StudioServer(sweep.folder.parents[1]) as server:
        seq = server.json(f"/api/sweeps/{SWEEP}")["seq"]
        paths = (
            "/api/stream",
            f"/api/sweeps/{SWEEP}/stream?since={seq}",
            f"/api/sweeps/{SWEEP}/trials/1/output/stream",
        )
        with contextlib.ExitStack() as streams:
            opened = [streams.enter_context(server.stream(path)) for path in paths]
            next(opened[0])
            server.close()
            for each in opened[:2]:  # they end, whatever was on its way to them
                assert {kind for kind, _, _ in each} <= {"change"}


def test_an_output_of_gigabytes_is_read_piece_by_piece(server: StudioServer, sweep: WrittenSweep) -> None:
    path = sweep.output(0, b"begin\n")
    with path.open("ab") as file:
        file.truncate(5 * 10**9)
        file.seek(5 * 10**9)
        file.write(b"end\n")
    before = server.peak_mb()
    base = f"/api/sweeps/{SWEEP}/trials/0/output"
    assert server.json(f"{base}?first=0")["text"].startswith("begin")
    last = server.json(base)
    assert (last["size_bytes"], last["text"][-4:]) == (5 * 10**9 + 4, "end\n")
    with server.stream(f"{base}/stream?first=0") as events:
        assert next(events)[1]["text"].endswith("end\n"), "who is far behind goes on at the end"
    assert server.peak_mb() < before + 40


def test_what_the_cap_left_out_of_an_output_is_one_line(server: StudioServer, sweep: WrittenSweep) -> None:
    path = sweep.output(0, b"begin\n")
    with path.open("ab") as file:
        file.truncate(5 * 10**9)
        file.seek(5 * 10**9)
        file.write("grüße\n".encode())
    path.with_name("output.1.hole.json").write_text(json.dumps({"from": 6, "to": 5 * 10**9}))
    base = f"/api/sweeps/{SWEEP}/trials/0/output"
    note, size = "\n… 5 GB left out …\n", 5 * 10**9 + 8
    for query, first, last, text in (
        ("", 6, size, f"{note}grüße\n"),
        ("?first=0", 0, 5 * 10**9, f"begin\n{note}"),
        ("?first=2&last=4", 2, 4, "gi"),
        ("?first=100&last=200", 6, 5 * 10**9, note),
        (f"?first=4999999999&last={size}", 6, size, f"{note}grüße\n"),
        (f"?first={5 * 10**9}", 5 * 10**9, size, "grüße\n"),
    ):
        piece = server.json(f"{base}{query}")
        assert (piece["first"], piece["last"], piece["text"]) == (first, last, text), query


SEEDS = (
    "../../../../../etc/passwd ..;/..;/etc/passwd /etc/passwd ....//....//etc/passwd outputs/passwd out ~root # ? \0 "
    "..\\..\\etc\\passwd file:%2f%2f%2fetc/passwd %2e%2e%2fetc%2fpasswd ..%c0%af..%c0%afetc/passwd"
).split()


def test_no_path_leads_anywhere(server: StudioServer) -> None:
    """Each payload raw where a URL can hold it, encoded once and twice, as a file, as a sweep, as a trial."""
    for seed in SEEDS:
        for payload in {quote(seed, safe=""), quote(quote(seed, safe=""), safe=""), quote(seed, safe="/.%;~:")}:
            for path in (
                f"/api/sweeps/{SWEEP}/trials/1/files/{payload}",
                f"/api/sweeps/{SWEEP}/trials/1/files/{payload}/preview",
                f"/api/sweeps/{payload}",
                f"/api/sweeps/{SWEEP}/trials/{payload}/output",
                f"/assets/{payload}",
                f"/api/requests/{payload}",
            ):
                status, data, _ = server.ask(path)
                assert b"root:" not in data, path
                assert status in (404, 405, 422) or path.startswith(("/api/requests/", f"/api/sweeps/{SWEEP}")), path


@pytest.mark.parametrize("column", ["status", "outcome"])
def test_a_word_in_the_database_that_no_engine_writes_is_a_sentence(tmp_path, column: str) -> None:
    written = WrittenSweep(tmp_path / "workspace" / "sweeps" / SWEEP)
    written.run(0, 0.5)
    written.close()
    with contextlib.closing(sqlite3.connect(written.folder / "sweep.db")) as db, db:
        db.execute(f"UPDATE trials SET {column} = 'odd'")
    with StudioServer(tmp_path / "workspace") as server:
        for path in ("", "/opening", "/trials", "/trials/0"):
            status, data, _ = server.ask(f"/api/sweeps/{SWEEP}{path}")
            assert status == 503, path
            assert "sweep.db is damaged: trial 0 has status" in json.loads(data)["error"]
    shown = overdrive("show", SWEEP, code=4, env={"OVERDRIVE_WORKSPACE": str(tmp_path / "workspace")})
    assert f"{written.folder / 'sweep.db'} is damaged: trial 0 has status" in shown.stderr
    assert "'odd'" in shown.stderr


ODD_EVENTS = [
    ("kind = 'odd'", "event 2 is of the kind 'odd', which"),
    ("body = '{\"pid\": 1'", "the body of event 2 (engine_started) is no JSON: "),
    ("body = '[1]'", "the body of event 2 (engine_started) is no JSON object"),
    ("kind = 'noted', body = '{}'", "the body of event 2 (noted) has no 'about'"),
    ("kind = 'sweep_ended', body = '{\"status\": \"odd\"}'", "does not hold what such an event says: 'odd'"),
]


@pytest.mark.parametrize(("change", "said"), ODD_EVENTS, ids=[said for _, said in ODD_EVENTS])
def test_an_event_that_no_engine_writes_is_a_sentence_about_that_sweep(tmp_path, change: str, said: str) -> None:
    written, sound = WrittenSweep(tmp_path / "sweeps" / SWEEP), WrittenSweep(tmp_path / "sweeps" / "HD_2", id="HD_2")
    written.run(0, 0.5)
    written.close()
    sound.finish()
    sound.close()
    with contextlib.closing(sqlite3.connect(written.folder / "sweep.db")) as db, db:
        db.execute(f"UPDATE events SET {change} WHERE seq = 2")
    with StudioServer(tmp_path) as server:
        for path in ("", "/opening", "/trials/0"):
            status, data, _ = server.ask(f"/api/sweeps/{SWEEP}{path}")
            assert status == 503, path
            assert f"{SWEEP}/sweep.db is damaged: " in json.loads(data)["error"] and said in json.loads(data)["error"]
        assert server.json("/api/sweeps")["total"] == 2
        assert server.json("/api/sweeps/HD_2")["is_over"]


@pytest.mark.parametrize("command", ["show", "watch", "export", "explain", "replay", "list", "doctor"])
def test_commands_name_the_event_that_no_engine_writes(tmp_path, command: str) -> None:
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.run(0, 0.5)
    written.close()
    with contextlib.closing(sqlite3.connect(written.folder / "sweep.db")) as db, db:
        db.execute("UPDATE events SET kind = 'odd' WHERE seq = 2")
    named, code = ([], 0) if command in ("list", "doctor") else ([SWEEP], 4)
    done = overdrive(command, *named, code=code, env={"OVERDRIVE_WORKSPACE": str(tmp_path)})
    said = done.stdout if command == "doctor" else done.stderr
    assert f"{written.folder / 'sweep.db'} is damaged: event 2 is of the kind 'odd'" in " ".join(said.split())


@pytest.mark.parametrize("ending", ["", "-journal", "-wal", "-shm"])
def test_a_pipe_in_place_of_a_database_is_a_sentence(tmp_path, ending: str) -> None:
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.run(0, 0.5)
    written.close()
    path = written.folder / f"sweep.db{ending}"
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    with StudioServer(tmp_path) as server:
        status, data, _ = server.ask(f"/api/sweeps/{SWEEP}")
    assert (status, json.loads(data)["error"]) == (503, f"{path} cannot be read: it is a named pipe and no file")


def test_pipes_in_place_of_other_files_keep_nobody_waiting(tmp_path) -> None:
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.run(0, 0.5)
    written.output(0, b"hello\n")
    pipes = ("marks.json", "marks.0.json", "summary.json", "engine.lock", "mailbox/1-x.json")
    for name in (*pipes, "trials/0/output.1.hole.json", "trials/0/output.2.txt"):
        os.mkfifo(written.folder / name)
    (tmp_path / "door" / "explained").mkdir(parents=True)
    os.mkfifo(tmp_path / "door" / "explained" / f"{SWEEP}.json")
    base = f"/api/sweeps/{SWEEP}"
    with StudioServer(tmp_path) as server:
        assert [row["id"] for row in server.json("/api/sweeps")["rows"]] == [SWEEP]
        assert "marks.json is damaged: it is a named pipe" in server.json(f"{base}/opening")["head"]["warnings"][0]
        assert "marks.0.json is damaged" in server.json(f"{base}/trials/0/logged")["conflicts"][0]
        assert server.json(f"{base}/trials/0/output")["text"] == "hello\n"
        assert server.json(f"{base}/trials/0/output?attempt=2")["text"] == ""
        assert server.json(f"{base}/explained")["seq"] == 0


def test_a_copy_of_a_sweep_is_one_of_its_own(tmp_path) -> None:
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.start(0)
    written.log(0, {"name": "winner", "value": "yes", "kind": "tag"}, name=SWEEP, kind="child")
    written.summarize()
    written.close()
    shutil.copytree(written.folder, tmp_path / "sweeps" / "my copy")
    (tmp_path / "sweeps" / "my copy" / "marks.json").write_text('{"display_name": "copied"}')
    with StudioServer(tmp_path) as server:
        names = {row["id"]: row["display_name"] for row in server.json("/api/sweeps")["rows"]}
        assert names == {SWEEP: None, "my copy": "copied"}
        heads = [server.json(f"/api/sweeps/{name}") for name in (SWEEP, "my%20copy")]
        assert {head["id"]: head["display_name"] for head in heads} == names
        assert heads[1]["tags"] == {"winner": "yes"}, "what its scripts said of the one that they ran in"
        assert server.json("/api/sweeps/my%20copy/trials/0")["run_id"] == "my copy_0"
        seq = heads[1]["seq"]
        with (
            server.stream(f"/api/sweeps/{SWEEP}/stream?since={seq}"),
            server.stream(f"/api/sweeps/my%20copy/stream?since={seq}") as events,
        ):
            copy = SweepStore(tmp_path / "sweeps" / "my copy")
            journal = Journal(copy, written.scheduler)
            journal.add(Kind.NOTED, None, None, {"text": "of the copy", "about": "x"}, ())
            journal.commit(lambda write: write())
            copy.close()
            heard = next(data["head"] for _, data, _ in events if data["head"] and data["head"]["notes"])
            assert (heard["id"], heard["notes"][-1]["text"]) == ("my copy", "of the copy")
    shown = overdrive("show", "my copy_0", env={"OVERDRIVE_WORKSPACE": str(tmp_path)})
    assert "0 of my copy" in shown.stdout


@pytest.mark.parametrize("text", ["{}", "[]", '{"version": 1, "run": 5}'])
def test_a_spec_that_nobody_submitted_is_a_sentence(tmp_path, text: str) -> None:
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    (written.folder / "spec.json").write_text(text)
    with StudioServer(tmp_path) as server:
        status, data, _ = server.ask(f"/api/sweeps/{SWEEP}")
    assert (status, json.loads(data)["error"].startswith(f"{written.folder}/spec.json is damaged: ")) == (503, True)


LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80))
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_too_many_connections_are_turned_away_with_one_line(tmp_path) -> None:
    server = StudioServer(tmp_path, through=(sys.executable, "-c", LIMITED))
    with contextlib.ExitStack() as opened:
        crowd = [opened.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(100)]
        with contextlib.suppress(ConnectionResetError):
            assert crowd[-1].recv(1) == b""
    assert server.json("/api/sweeps")["total"] == 0, "it goes on when they are gone"
    server.close("too many connections for 80 open files: further ones are turned away until some are closed\n")


def test_a_line_that_is_no_code_ends_neither_the_server_nor_its_looking_at_its_input(tmp_path) -> None:
    server = StudioServer(tmp_path)
    for line in ("no object", {"no": "code"}, {"code": 1}, "x" * 100_000):
        server.tell(line)
    assert server.ask("/api/login", {"code": server.code()})[0] == 204
    server.close("a line on standard input was no code, and is left out\n" * 4)


def test_a_door_that_fails_keeps_no_request_from_an_engine_that_lives(tmp_path) -> None:
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.start(0)
    (tmp_path / "door").write_text("no folder")
    path, body = f"/api/sweeps/{SWEEP}/requests", {"kind": "cancel"}
    with StudioServer(tmp_path) as server:
        assert server.ask(path, body)[0] == 503, "nobody would start an engine for it"
        assert read_mailbox(written.folder) == [], "what was refused is not done later"
        with FileLock(str(written.folder / LOCK)):
            assert server.json(path, body)["is_told"] is False
            assert [request and request.kind for _, request in read_mailbox(written.folder)] == ["cancel"]
            assert server.ask(path, {"kind": "again", "trial": 0})[0] == 503


def test_requests_are_left_in_mailboxes(server: StudioServer, sweep: WrittenSweep) -> None:
    asked = server.json(f"/api/sweeps/{SWEEP}/requests", {"kind": "cancel_trial", "trial": 1})
    assert asked["is_told"] is True
    left = [path for path in (sweep.folder / "mailbox").iterdir() if path.suffix == ".json"]
    assert len(left) == 1
    assert asked["id"] in left[0].name
    assert '"by": "Studio"' in left[0].read_text()
    assert server.json(f"/api/requests/{asked['id']}")["state"] == "waiting"
    without = [{"kind": "cancel_trial"}, {"kind": "again"}]  # which trial, is not said
    trials = [{"kind": "cancel_trial", "trial": number} for number in (2, 99)]
    for body in (*without, *trials, {"kind": "delete"}):
        assert server.ask(f"/api/sweeps/{SWEEP}/requests", body)[0] == 422, body
