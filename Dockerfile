# Four images from one file, chosen by --target:
#   server            serves a store (the default)
#   server-virtuoso   the same, with Virtuoso for [engine] kind = "virtuoso"
#   publisher         publishes reports; reads DOC, WPS, RTF, ODT, ODS with LibreOffice
#   publisher-scans   the same, and reads scans (the extra ocr)
# docs/containers.md tells how they are run together.

FROM python:3.11-slim-bookworm AS installed
WORKDIR /build
RUN python -m venv /opt/gongkai
COPY requirements.lock ./
RUN /opt/gongkai/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
RUN /opt/gongkai/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm AS base
ENV PATH=/opt/gongkai/bin:$PATH \
    PYTHONUNBUFFERED=1
# A new volume at /store takes its owner from here.
RUN useradd --create-home --uid 10001 gongkai \
    && install --directory --owner gongkai --group gongkai /store
COPY --from=installed /opt/gongkai /opt/gongkai
VOLUME /store
ENTRYPOINT ["gongkai"]

FROM base AS publisher
# Versions are those of the Debian release that the image is of.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libreoffice-calc libreoffice-writer \
    && rm -rf /var/lib/apt/lists/*
USER 10001
CMD ["publish", "--help"]

FROM publisher AS publisher-scans
USER 0
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/*
COPY requirements-ocr.lock /tmp/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements-ocr.lock
USER 10001

FROM base AS server-virtuoso
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends virtuoso-opensource-7-bin \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner gongkai --group gongkai /virtuoso
VOLUME /virtuoso
USER 10001
EXPOSE 8000
CMD ["serve", "--host", "0.0.0.0", "--store", "/store"]

FROM base AS server
USER 10001
EXPOSE 8000
# It listens on the container's own network; compose.yaml publishes that on the loopback of the host.
CMD ["serve", "--host", "0.0.0.0", "--store", "/store"]
