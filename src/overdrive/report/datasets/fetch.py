"""Files behind http(s) URLs: the one that stands for a URL by the map, or a copy kept in the workspace."""

from __future__ import annotations

import hashlib
import os
import posixpath
import shutil
from urllib.error import URLError
from urllib.parse import unquote
from urllib.parse import urlsplit
from urllib.request import Request
from urllib.request import urlopen

from overdrive.report import registry
from overdrive.report.errors import UserErrorException
from overdrive.report.url_map import local_file
from overdrive.report.url_map import way_out

#: Seconds without an answer after which a server counts as not there.
_PATIENCE_S = 60


def fetch(url: str, place: str) -> str:
    """The local file (or, by the map, folder) of `url`.

    The first time it is copied to `<place>/registry/urls/<hash>/<name>`; after that the copy is used. Raises
    UserErrorException, naming `--map`, when it can be had from neither.
    """
    mapped = local_file(url)
    if mapped is not None:
        if not os.path.exists(mapped):
            raise UserErrorException(f"{mapped}, which stands for {url}, is not there")
        return mapped
    name = unquote(posixpath.basename(urlsplit(url).path)).replace("/", "_") or "data"
    folder = os.path.join(place, "registry", "urls", hashlib.sha256(url.encode()).hexdigest()[:24])
    target = os.path.join(folder, name)
    if not os.path.exists(target):
        registry.make_private(folder)
        _copy(url, target)
    return target


def _copy(url: str, target: str) -> None:
    part = f"{target}.{os.urandom(4).hex()}.part"
    try:
        request = Request(url, headers={"User-Agent": "overdrive"})
        with urlopen(request, timeout=_PATIENCE_S) as answer, open(part, "xb") as file:
            shutil.copyfileobj(answer, file)
        os.replace(part, target)
    except (URLError, TimeoutError, ConnectionError) as error:
        words = str(error).replace(f"; {way_out(url)}", "")
        raise UserErrorException(f"{url} cannot be read here ({words}); {way_out(url)}", error) from error
    finally:
        if os.path.exists(part):
            os.unlink(part)
