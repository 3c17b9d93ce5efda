# A mock Toetsafname on port 8080, or any other command of ooapi-toets. See docs/ci.md.

FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/ooapi-toets
ENV PATH=/opt/ooapi-toets/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# The dependencies first: they change less often than the code.
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock
# What builds the wheel comes from the lock as well, into an environment that stays behind.
COPY requirements-dev.lock ./
RUN sed -n '/^\(hatchling\|packaging\|pathspec\|pluggy\|trove-classifiers\)==/,/[^\\]$/p' requirements-dev.lock > build.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --requirement build.lock
COPY pyproject.toml README.md LICENSE ./
COPY ooapi_toets ooapi_toets
COPY mock_server mock_server
COPY conformance conformance
COPY spec spec
COPY fixtures fixtures
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir wheels . \
    && pip install --no-deps wheels/*.whl

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent toets \
    && install --directory --owner=toets /reports
COPY --from=build /opt/ooapi-toets /opt/ooapi-toets
ENV PATH=/opt/ooapi-toets/bin:$PATH PYTHONUNBUFFERED=1 OOAPI_TOETS_CHECK_REPORT_DIR=/reports
USER 10001
WORKDIR /reports
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:8080/_mock/health', timeout=2)"]
ENTRYPOINT ["ooapi-toets"]
CMD ["mock", "toetsafname", "--host", "0.0.0.0", "--port", "8080"]
