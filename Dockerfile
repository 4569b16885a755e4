# An image with the command `sitegen`. The site is mounted at /site:
#
#     docker build --tag sitegen .
#     docker run --rm --volume "$PWD:/site" sitegen build
FROM python:3.13-slim AS install
COPY . /source
RUN python -m venv --without-pip /opt/sitegen \
    && pip --python /opt/sitegen/bin/python install --no-cache-dir "/source[import,images,publish]"

FROM python:3.13-slim
# Publishing to a repository needs git, and publishing to a server needs ssh and rsync.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git openssh-client rsync \
    && rm -rf /var/lib/apt/lists/*
COPY --from=install /opt/sitegen /opt/sitegen
RUN useradd --create-home --uid 1000 writer
ENV PATH=/opt/sitegen/bin:$PATH
USER writer
WORKDIR /site
VOLUME /site
EXPOSE 8000
ENTRYPOINT ["sitegen"]
CMD ["build"]
