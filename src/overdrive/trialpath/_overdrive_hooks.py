"""Changes a few modules when, and if, a script imports them; nothing is imported for it ahead of time.

urllib.request, requests.adapters: URLs that were given a local file (`overdrive run --map URL=FILE`) are read from it,
and the error of one that cannot be reached says how. Writers of TensorBoard's event files: what they write is
logged. numpy, where OVERDRIVE_RESTORE_NUMPY_NAMES is 1: the names that NumPy took away.
"""

import os
import sys

#: Name → the built-in that it was, until NumPy 1.24.
_BUILTINS = {"bool": bool, "int": int, "float": float, "complex": complex, "object": object, "str": str}
#: Name that NumPy 1.24 or 2.0 took away → what NumPy calls the same.
_RENAMED = {
    "long": "int64",
    "unicode": "str_",
    "unicode_": "str_",
    "string_": "bytes_",
    "float_": "float64",
    "complex_": "complex128",
    "bool8": "bool_",
    "object0": "object_",
    "int0": "intp",
    "uint0": "uintp",
    "str0": "str_",
    "NaN": "nan",
    "NAN": "nan",
    "Inf": "inf",
    "Infinity": "inf",
    "infty": "inf",
    "PINF": "inf",
    "product": "prod",
    "cumproduct": "cumprod",
    "alltrue": "all",
    "sometrue": "any",
    "row_stack": "vstack",
    "trapz": "trapezoid",
    "in1d": "isin",
    "asfarray": "asarray",
    "round_": "round",
}
#: Modules that write TensorBoard's event files: for PyTorch and Lightning, tensorboardX, TensorFlow and Keras.
_EVENT_WRITERS = (
    "tensorboard.summary.writer.event_file_writer",
    "tensorboardX.event_file_writer",
    "tensorflow",
)
#: Seconds after which a writer puts what it holds on the disk: two minutes would be too late for early termination.
_FLUSH_S = 1


def install():
    """Puts the finder in front of the import system's list, once; changes what was imported before."""
    if any(type(finder).__name__ == _Finder.__name__ for finder in sys.meta_path):
        return
    changes = {"urllib.request": _change_urllib, "requests.adapters": _change_requests}
    if "OVERDRIVE_METRICS" in os.environ:
        changes.update(dict.fromkeys(_EVENT_WRITERS, _follow_event_files))
    if os.environ.get("OVERDRIVE_RESTORE_NUMPY_NAMES") == "1":
        changes["numpy"] = _change_numpy
    sys.meta_path.insert(0, _Finder(changes))
    for name, change in changes.items():
        if name in sys.modules:
            change(sys.modules[name])


class _Finder:
    """Finds the modules that are changed where the others find them."""

    def __init__(self, changes):
        self._changes = changes

    def find_spec(self, name, path=None, target=None):
        change = self._changes.get(name)
        if change is None:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find and finder is not self else None
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader, change)
                return spec
        return None


class _Loader:
    """A loader that has the module changed once it is loaded, and then leaves its place to the real one."""

    def __init__(self, loader, change):
        self._loader = loader
        self._change = change

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._change(module)


def _change_numpy(numpy):
    names = vars(numpy)
    for name, value in _BUILTINS.items():
        names.setdefault(name, value)
    for name, same in _RENAMED.items():
        if same in names:
            names.setdefault(name, names[same])
    names.setdefault("NINF", -numpy.inf)


def _follow_event_files(module):
    """Has event files followed, and written soon."""
    try:
        from overdrive.interop import tensorboard  # noqa: PLC0415  (only for scripts that write them)
    except ImportError:
        return
    tensorboard.begin()
    writer = getattr(module, "EventFileWriter", None)
    if writer is None:
        return
    really_begin = writer.__init__

    def __init__(self, logdir, max_queue_size=10, flush_secs=120, *args, **kwargs):
        really_begin(self, logdir, max_queue_size, min(flush_secs, _FLUSH_S), *args, **kwargs)

    writer.__init__ = __init__


def _url_map():
    """`overdrive.report.url_map`; None for a Python that a trial started and that cannot import it."""
    try:
        from overdrive.report import url_map  # noqa: PLC0415  (only when a URL is opened)
    except ImportError:
        return None
    return url_map


def _change_urllib(request):
    director = request.OpenerDirector
    really_open = director.open

    def open(self, fullurl, data=None, *args, **kwargs):
        url = fullurl if isinstance(fullurl, str) else fullurl.full_url
        url_map = _url_map() if url.lower().startswith(("http://", "https://")) else None
        if url_map is None:
            return really_open(self, fullurl, data, *args, **kwargs)
        file = url_map.local_file(url)
        if file is not None:
            return _as_response(request, url, file)
        try:
            return really_open(self, fullurl, data, *args, **kwargs)
        except OSError as error:  # URLError and HTTPError are kinds of it
            _say_way_out(error, url_map.way_out(url))
            raise

    director.open = open


def _say_way_out(error, words):
    """Adds `words` to what a URLError or HTTPError says, once (a redirection passes here twice)."""
    if words in str(error):
        return
    reason = getattr(error, "reason", None)
    if hasattr(error, "code"):
        error.msg = f"{error.msg}; {words}"
    elif isinstance(reason, OSError) and reason.strerror:
        reason.strerror = f"{reason.strerror}; {words}"
    elif hasattr(error, "reason"):
        error.reason = f"{reason}; {words}"


def _as_response(request, url, path):
    """A local file as urllib's answer to a request."""
    from email.message import Message  # noqa: PLC0415  (urllib.request has it loaded)

    try:
        file = open(path, "rb")  # noqa: SIM115  (closed by who reads it)
    except OSError as error:
        raise request.URLError(f"{path}, which stands for it, cannot be read: {error.strerror}") from error
    headers = Message()
    headers["Content-Length"] = str(os.fstat(file.fileno()).st_size)
    answer = request.addinfourl(file, headers, url, 200)
    if not hasattr(answer, "status"):  # Python 3.8
        answer.status = 200
    return answer


def _change_requests(adapters):
    adapter = adapters.HTTPAdapter
    really_send = adapter.send

    def send(self, request, *args, **kwargs):
        url_map = _url_map()
        if url_map is None:
            return really_send(self, request, *args, **kwargs)
        file = url_map.local_file(request.url)
        if file is not None:
            return _as_requests_response(self, request, file)
        try:
            return really_send(self, request, *args, **kwargs)
        except adapters.ConnectionError as error:
            error.args = (f"{error}; {url_map.way_out(request.url)}", *error.args[1:])
            raise

    adapter.send = send


def _as_requests_response(adapter, request, path):
    """A local file as the answer to a request of requests."""
    from requests.exceptions import ConnectionError  # noqa: PLC0415  (loaded by whoever came here)
    from urllib3 import HTTPResponse  # noqa: PLC0415

    try:
        file = open(path, "rb")  # noqa: SIM115  (closed by who reads it)
    except OSError as error:
        text = f"{path}, which stands for {request.url}, cannot be read: {error.strerror}"
        raise ConnectionError(text, request=request) from error
    headers = {"Content-Length": str(os.fstat(file.fileno()).st_size)}
    raw = HTTPResponse(body=file, headers=headers, status=200, reason="OK", preload_content=False)
    return adapter.build_response(request, raw)
