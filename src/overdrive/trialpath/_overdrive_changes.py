"""What is changed in modules that a script imports; _overdrive_hooks says when.

urllib.request, requests.adapters: URLs that were given a local file (`overdrive run --map URL=FILE`) are read from it,
and the error of one that cannot be reached says how. Writers of TensorBoard's event files: what they write is
logged. numpy: the names that NumPy took away.
"""

import os

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
#: Seconds after which a writer puts what it holds on the disk: two minutes would be too late for early termination.
_FLUSH_S = 1


def change_numpy(numpy):
    names = vars(numpy)
    for name, value in _BUILTINS.items():
        names.setdefault(name, value)
    for name, same in _RENAMED.items():
        if same in names:
            names.setdefault(name, names[same])
    names.setdefault("NINF", -numpy.inf)


def follow_event_files(module):
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


def change_urllib(request):
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


def change_requests(adapters):
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
