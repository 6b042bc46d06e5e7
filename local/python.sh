#!/bin/sh
# Makes .venv with the first of $PYTHONS that is on this machine, its own before those of a version manager; where there
# is none, uv brings the first of them.
set -eu

works() { "$1" -c "import sys, ensurepip, venv; sys.exit('%d.%d' % sys.version_info[:2] not in '$PYTHONS'.split())" 2> /dev/null; }

uv_pinned=$(grep '^uv==' requirements-dev.txt)

if ! { [ -x .venv/bin/python ] && works .venv/bin/python; }; then
    rm -rf .venv
    # pyenv and its like build without optimisation: what runs by theirs is a tenth slower.
    machines=$(printf %s "$PATH" | tr : '\n' | grep -v '/shims$' | paste -s -d : -)
    for path in "$machines" "$PATH"; do
        for version in $PYTHONS any; do
            name=python$version
            [ "$version" = any ] && name=python3
            python=$(PATH=$path && command -v "$name") || continue
            if works "$python"; then
                echo "Making .venv with $("$python" --version) ..."
                "$python" -m venv .venv
                break 2
            fi
        done
    done
fi
if [ ! -x .venv/bin/python ]; then
    uv=$(command -v uv || true)
    if [ -z "$uv" ] && command -v python3 > /dev/null && python3 -m pip --version > /dev/null 2>&1; then
        python3 -m pip install --quiet --disable-pip-version-check --target .local/uv "$uv_pinned" && uv=.local/uv/bin/uv
    fi
    if [ -z "$uv" ]; then
        echo "Palabre needs Python 3.11 or newer with venv, or uv (https://docs.astral.sh/uv/), which brings one."
        echo "On Debian and Ubuntu: apt install python3-venv"
        exit 1
    fi
    echo "There is no fitting Python here; uv brings one ..."
    "$uv" venv --quiet --seed --python "${PYTHONS%% *}" .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check "$uv_pinned"
