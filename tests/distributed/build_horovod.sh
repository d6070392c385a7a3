#!/bin/sh
# Build Horovod 0.28.1 for the PyTorch and the Open MPI of .cache/venvs (made by make test-full),
# in .cache/venvs/horovod. Its sources ask for C++14, PyTorch 2.1 and later for C++17. Needs a C++
# compiler; about ten minutes on two cores.
set -e
cd "$(dirname "$0")/../../.cache/venvs"
here=$(pwd)
"$here/torch/bin/python" -m venv --clear horovod
site=$(horovod/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
torch/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > "$site/torch.pth"
horovod/bin/pip install -q 'cmake<4' setuptools wheel packaging cloudpickle psutil pyyaml
sources=$(mktemp -d)
trap 'rm -rf "$sources"' EXIT
horovod/bin/pip download -q --no-deps --no-binary :all: --no-build-isolation -d "$sources" horovod==0.28.1
tar -xzf "$sources"/horovod-*.tar.gz -C "$sources"
cd "$sources"/horovod-*/
sed -i 's/CMAKE_CXX_STANDARD 14/CMAKE_CXX_STANDARD 17/' CMakeLists.txt horovod/torch/CMakeLists.txt
PATH="$here/horovod/bin:$here/mpi/bin:$PATH" HOROVOD_WITH_PYTORCH=1 HOROVOD_WITH_MPI=1 \
	HOROVOD_WITH_GLOO=1 HOROVOD_WITHOUT_TENSORFLOW=1 HOROVOD_WITHOUT_MXNET=1 \
	"$here/horovod/bin/pip" install -q --no-build-isolation --no-cache-dir .
echo "HOROVOD_PYTHON=$here/horovod/bin/python .venv/bin/python -m pytest -m full tests/distributed/test_horovod.py"
