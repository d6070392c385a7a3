"""Which package on PyPI brings a module whose name is not the package's.

Source: each project's page, ``https://pypi.org/project/<name>/``, whose installation line and whose
wheel's top-level modules say so; a test holds the entries against the distributions that are
installed where it runs. A module that is not listed is taken to come from a package of its name,
which is the rule on PyPI.
"""

from __future__ import annotations

from typing import Dict

_PAGE = "https://pypi.org/project/{}/"

#: Module to package.
PACKAGES: Dict[str, str] = {
    "attr": "attrs",
    "azureml.core": "azureml-core",
    "Bio": "biopython",
    "bs4": "beautifulsoup4",
    "cairo": "pycairo",
    "clip": "openai-clip",
    "community": "python-louvain",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "discord": "discord.py",
    "distutils": "setuptools",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "google.cloud.storage": "google-cloud-storage",
    "google.protobuf": "protobuf",
    "imblearn": "imbalanced-learn",
    "IPython": "ipython",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "lightning_fabric": "lightning",
    "magic": "python-magic",
    "mpl_toolkits": "matplotlib",
    "MySQLdb": "mysqlclient",
    "nacl": "PyNaCl",
    "nvidia_smi": "nvidia-ml-py3",
    "OpenGL": "PyOpenGL",
    "OpenSSL": "pyOpenSSL",
    "osgeo": "GDAL",
    "past": "future",
    "PIL": "pillow",
    "pkg_resources": "setuptools",
    "pl_bolts": "lightning-bolts",
    "psycopg2": "psycopg2-binary",
    "pylab": "matplotlib",
    "pynvml": "nvidia-ml-py",
    "rest_framework": "djangorestframework",
    "ruamel": "ruamel.yaml",
    "ruamel.yaml": "ruamel.yaml",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "skopt": "scikit-optimize",
    "slugify": "python-slugify",
    "snappy": "python-snappy",
    "socks": "PySocks",
    "surprise": "scikit-surprise",
    "umap": "umap-learn",
    "usb": "pyusb",
    "websocket": "websocket-client",
    "wx": "wxPython",
    "Xlib": "python-xlib",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}


def package_of(module: str) -> str:
    """The package to install for a module.

    Examples
    --------
    >>> package_of("cv2"), package_of("sklearn.svm"), package_of("lightgbm")
    ('opencv-python', 'scikit-learn', 'lightgbm')
    """
    words = module.split(".")
    for length in range(len(words), 0, -1):
        found = PACKAGES.get(".".join(words[:length]))
        if found is not None:
            return found
    return words[0].replace("_", "-")


def page_of(package: str) -> str:
    """Where PyPI describes a package."""
    return _PAGE.format(package)
