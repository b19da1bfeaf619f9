"""Where conda, pip and Azure call the same thing by different names. Pure."""

from collections.abc import Iterable

__all__ = ["ALSO", "is_no_package", "pip_name", "served_instead"]

#: Conda's name, or one that pip no longer installs → pip's.
_NAMES = {
    "dask-core": "dask",
    "keras-gpu": "keras",
    "matplotlib-base": "matplotlib",
    "msgpack-python": "msgpack",
    "opencv": "opencv-python-headless",
    "py-lightgbm": "lightgbm",
    "py-opencv": "opencv-python-headless",
    "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost",
    "py-xgboost-gpu": "xgboost",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "ruamel_yaml": "ruamel.yaml",
    "sklearn": "scikit-learn",
    "tensorflow-base": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-mkl": "tensorflow",
    "torchvision-cpu": "torchvision",
    "xgboost-gpu": "xgboost",
}
#: Package → others that have the same modules: any of them will do.
ALSO = {
    "mlflow-skinny": ("mlflow",),
    "opencv-python": ("opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "opencv-python-headless": ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "psycopg2": ("psycopg2-binary",),
    "tensorflow": ("tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tensorflow-intel"),
}
#: Of conda, and no Python packages; `pip` and `wheel` serve only to install.
_NO_PACKAGES = frozenset(
    """
    blas bzip2 ca-certificates cmake cuda cudatoolkit cudnn cython-blis ffmpeg fontconfig freetype gcc gfortran git
    glib graphviz gxx icu intel-openmp java-jdk jpeg krb5 lcms2 ld_impl_linux-64 libblas libcblas libedit libffi
    libgfortran liblapack libopenblas libpng libprotobuf libsodium libtiff libuuid libuv libwebp libxcb libxml2 lz4-c
    make mkl mpich ncurses nccl ninja-base nodejs nomkl openblas openjdk openjpeg openmpi openssl pandoc pip pixman
    proj python_abi pytorch-cuda pytorch-mutex r r-base readline sqlite tk tzdata vc vs2015_runtime wheel xz yaml
    zeromq zlib zstd
    """.split()
)
_NO_PACKAGE_BEGINNINGS = ("_", "cuda-", "gcc_", "gfortran_", "gxx_", "libcu", "m2w64-", "msys2-", "r-", "xorg-")
_NO_PACKAGE_ENDS = ("-ng", "_linux-64")

#: Beginning of Azure's packages: Overdrive has what HyperDrive scripts use of them.
_AZURE = "azureml-"
#: Served when they are not installed.
_SERVED = frozenset(("azure-ai-ml", "azure-identity", "azureml"))
#: Package of Azure's → what scripts import that came with it.
_BROUGHT = {"azureml-mlflow": ("mlflow-skinny",)}


def pip_name(name: str) -> str:
    """What pip calls it: the name itself where they agree."""
    return _NAMES.get(name.lower(), name)


def is_no_package(name: str) -> bool:
    """Whether conda's `name` is something that pip does not have: a compiler, a library of C, a program."""
    return name in _NO_PACKAGES or name.startswith(_NO_PACKAGE_BEGINNINGS) or name.endswith(_NO_PACKAGE_ENDS)


def served_instead(name: str, extras: Iterable[str]) -> tuple[str, ...] | None:
    """None for a package that has to be there; else Overdrive serves it, and these packages have to be there instead.

    extras: what stands in its brackets: `azureml-dataprep[pandas]` brought pandas.
    """
    if not name.startswith(_AZURE) and name not in _SERVED:
        return None
    return (*_BROUGHT.get(name, ()), *(extra for extra in extras if extra == "pandas"))
