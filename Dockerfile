# The worker: slim, not root, read-only but for /tmp. Build: docker build -t newsroom-streams .
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /app
COPY pyproject.toml setup.py README.md LICENSE ./
COPY dependencies dependencies
COPY streams streams
COPY schemas schemas
RUN pip install --require-hashes --only-binary :all: -r dependencies/compile.txt && COMPILE_NEWSROOM=1 pip wheel --no-build-isolation --no-deps -w /wheels .

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY dependencies dependencies
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels pip install --require-hashes --only-binary :all: -r dependencies/run.txt \
    && pip install --no-deps --no-index /wheels/*.whl \
    && useradd --system --no-create-home newsroom
USER newsroom
ENV NEWSROOM_HEALTH_HOST=0.0.0.0 NEWSROOM_LOG_FORMAT=json
EXPOSE 9464
# Whether it lives, not whether it is ready: one that is suspended waits for a person, and a restart would be the word to go on.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9464/health/live', timeout=4)"]
ENTRYPOINT ["newsroom"]
CMD ["run"]
