#!/usr/bin/env bash
# Installs ooapi-toets with its locked dependencies into a virtual environment: install.sh FOLDER
set -euo pipefail
folder=$1
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --requirement "$source/requirements.lock"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$source"
"$folder/bin/ooapi-toets" --version
