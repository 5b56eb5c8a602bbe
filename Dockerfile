# The action's image. The runner builds it as it stands: no build argument, no target, no platform. There is
# no USER: GitHub documents root for container actions.
#
# The image grows from nothing. Three folders are filled here, and each becomes one layer: the interpreter with
# the libraries that it and the dependencies load, the dependencies, the gate. Every file has the same time
# and bytecode holds none, so that the same content always makes the same layer.
# Debian's archive keeps no superseded version, so a pinned one would soon fail to install (DL3008).

FROM debian:trixie-slim AS build
# Sets and strings are marshalled in an order that hashes decide.
ENV PYTHONHASHSEED=0
WORKDIR /build/packages
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-pip \
 && apt-get download base-files gcc-14-base libbz2-1.0 libc6 libexpat1 libffi8 libgcc-s1 liblzma5 \
      libpython3.13-minimal libpython3.13-stdlib libsqlite3-0 libssl3t64 libzstd1 python3.13-minimal zlib1g \
 && rm -rf /var/lib/apt/lists/*

# Unpacked, not installed: no maintainer script runs. Of each package its copyright stays, and its record where
# scanners of images without dpkg look, with the checksums of those of its files that are there.
WORKDIR /image/system
RUN set -eu; \
    for package in /build/packages/*.deb; do dpkg-deb -x "$package" .; done; \
    # Conversions that Python does itself, OpenSSL's hardware, debugging and profiling, and Python's own tests.
    rm -rf usr/lib/*/gconv usr/lib/*/engines-3 usr/lib/*/libmvec.so.* usr/lib/*/libBrokenLocale.so.* \
      usr/lib/*/libc_malloc_debug.so.* usr/lib/*/libthread_db.so.* usr/lib/*/libmemusage.so \
      usr/lib/*/libpcprofile.so usr/lib/python3.13/test usr/lib/python3.13/pydoc_data; \
    # Extension modules of Python's own tests, and those whose library is left out.
    find usr/lib/python3.13/lib-dynload -regextype egrep \
      -regex '.*/(_test|_ctypes_test|_?xx|_curses|_dbm|_uuid|readline)[^/]*' -delete; \
    find usr/share -mindepth 1 -maxdepth 1 ! -name doc ! -name common-licenses -exec rm -r {} +; \
    find usr/share/doc -mindepth 2 ! -name copyright -delete; \
    ln -s python3.13 usr/bin/python3; \
    mkdir -p usr/lib/python3/dist-packages var/lib/dpkg/status.d /build/control; \
    echo 'root:x:0:0:root:/root:/usr/sbin/nologin' > etc/passwd; \
    echo 'root:x:0:' > etc/group; \
    echo 'hosts: files dns' > etc/nsswitch.conf; \
    for package in /build/packages/*.deb; do \
      name="$(dpkg-deb -f "$package" Package)"; \
      dpkg-deb -e "$package" "/build/control/$name"; \
      cp "/build/control/$name/control" "var/lib/dpkg/status.d/$name"; \
      while read -r sum file; do \
        if [ -e "$file" ]; then echo "$sum  $file"; fi; \
      done < "/build/control/$name/md5sums" > "var/lib/dpkg/status.d/$name.md5sums"; \
    done; \
    # Unchecked bytecode: the image never changes, so the interpreter need not compare it with its source.
    python3 -m compileall -q -j 0 --invalidation-mode=unchecked-hash -p / usr/lib/python3.13; \
    find . -exec touch --no-dereference --date=@0 {} +

WORKDIR /image/dependencies
COPY requirements.txt /build/
RUN set -eu; \
    python3 -m pip install --require-hashes --no-deps --only-binary=:all: --no-compile --no-cache-dir \
      --root-user-action=ignore --target=app/lib --requirement=/build/requirements.txt; \
    # PyJWT asks for cryptography where it is there, for the keys of a GitHub App. We have a token.
    rm -rf app/lib/bin app/lib/*/tests app/lib/cryptography app/lib/cryptography-*; \
    python3 -m compileall -q -j 0 --invalidation-mode=unchecked-hash -p / app/lib; \
    # /app/lib is named in a .pth file and is no site folder itself, so that a dependency's own .pth file does
    # not run at start: coverage.py's would measure the gate in a job that sets COVERAGE_PROCESS_START.
    mkdir -p usr/lib/python3/dist-packages; \
    printf '/app\n/app/lib\n' > usr/lib/python3/dist-packages/app.pth; \
    find . -exec touch --no-dereference --date=@0 {} +

WORKDIR /image/gate
COPY entrypoint.py app/
COPY gate/ app/gate/
RUN set -eu; \
    python3 -m compileall -q --invalidation-mode=unchecked-hash -p / app; \
    # A compiled template is found by its path, so the gate has its final one here too.
    ln -s /image/gate/app /app; \
    PYTHONPATH=/app:/image/dependencies/app/lib python3 -B -c 'from gate.render.environment import compile_all; compile_all()'; \
    mkdir -p github/workspace; \
    chmod -R u=rwX,go=rX .; \
    find . -exec touch --no-dereference --date=@0 {} +

FROM scratch
LABEL org.opencontainers.image.title="module coverage gate" \
      org.opencontainers.image.description="Gates line and branch coverage per module, with proof." \
      org.opencontainers.image.base.name="docker.io/library/debian:trixie-slim"
COPY --from=build /image/system/ /
COPY --from=build /image/dependencies/ /
COPY --from=build /image/gate/ /
WORKDIR /github/workspace
# Exec form: a shell drops variables with a dash in their name, such as INPUT_COVERAGE-FILES.
# -I: nothing is imported from the workspace, PYTHON* variables or the home folder. -B -u: no bytecode written,
# no output held back (-I ignores the variables for both). utf8: whatever LANG the job sets.
# Never -O: PyGithub checks the addresses in GitHub's answers with assert.
ENTRYPOINT ["/usr/bin/python3", "-I", "-B", "-u", "-X", "utf8", "/app/entrypoint.py"]
CMD []
