# The action's image. The runner builds it as it stands: no build argument, no target, no platform. There is
# no USER: GitHub documents root for container actions.
# Debian's archive keeps no superseded version, so a pinned one would soon fail to install (DL3008).

FROM debian:trixie-slim AS python
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/*

FROM python AS build
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-pip \
 && rm -rf /var/lib/apt/lists/*
# Unchecked bytecode: the image never changes, so the interpreter need not compare it with its source.
COPY requirements.txt /build/
RUN python3 -m pip install --require-hashes --no-deps --only-binary=:all: --no-compile --no-cache-dir \
      --root-user-action=ignore --target=/app/lib --requirement=/build/requirements.txt \
 && rm -rf /app/lib/bin \
 && python3 -m compileall -q -j 0 --invalidation-mode=unchecked-hash /app/lib
COPY gate/ /app/gate/
RUN python3 -m compileall -q --invalidation-mode=unchecked-hash /app/gate \
 && PYTHONPATH=/app:/app/lib python3 -B -c 'from gate.render.environment import compile_all; compile_all()' \
 && printf '/app\n/app/lib\n' > /build/app.pth

# No RUN here: the final stage holds Debian's interpreter and what is copied in, nothing of the build.
FROM python
LABEL org.opencontainers.image.title="module coverage gate" \
      org.opencontainers.image.description="Gates line and branch coverage per module, with proof." \
      org.opencontainers.image.base.name="docker.io/library/debian:trixie-slim"
# /app/lib is named in a .pth file and is no site folder itself, so that a dependency's own .pth file does not
# run at start: coverage.py's would measure the gate in a job that sets COVERAGE_PROCESS_START.
COPY --from=build /build/app.pth /usr/lib/python3/dist-packages/
COPY --from=build /app/lib /app/lib
COPY --from=build /app/gate /app/gate
COPY entrypoint.py /app/
WORKDIR /github/workspace
# Exec form: a shell drops variables with a dash in their name, such as INPUT_COVERAGE-FILES.
# -I: nothing is imported from the workspace, PYTHON* variables or the home folder. -B -u: no bytecode written,
# no output held back (-I ignores the variables for both). utf8: whatever LANG the job sets.
# Never -O: PyGithub checks the addresses in GitHub's answers with assert.
ENTRYPOINT ["/usr/bin/python3", "-I", "-B", "-u", "-X", "utf8", "/app/entrypoint.py"]
CMD []
