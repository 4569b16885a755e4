# An image with the command `sitegen`. The site is mounted at /site:
#
#     docker build --tag sitegen .
#     docker run --rm --volume "$PWD:/site" sitegen build
FROM python:3.13-slim AS install
COPY . /source
RUN python -m venv --without-pip /opt/sitegen \
    && pip --python /opt/sitegen/bin/python install --no-cache-dir "/source[import,images,publish]"

FROM python:3.13-slim
# Publishing to a repository needs git, and to a server ssh and rsync; share cards need a font. Perl would be an eighth
# of the image: in git, only commands that sitegen never runs need it. `apt-get --fix-broken install` brings it back.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-dejavu-core git libfribidi0 openssh-client rsync \
    && dpkg --purge --force-depends $(dpkg-query --show --showformat '${Package} ' git-man liberror-perl 'libperl5*' perl 'perl-modules-*') \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log
COPY --from=install /opt/sitegen /opt/sitegen
ENV PATH=/opt/sitegen/bin:$PATH
# The base image has no bytecode of Python's standard library. What a first site loads is compiled here, once, because
# the user below may not write into the folders of Python: every start would compile it again.
RUN useradd --create-home --uid 1000 writer \
    && install --directory --owner writer /site \
    && XDG_CACHE_HOME=/tmp/cache sitegen init /tmp/site \
    && XDG_CACHE_HOME=/tmp/cache sitegen -C /tmp/site check --quiet \
    && rm -r /tmp/cache /tmp/site
USER writer
WORKDIR /site
VOLUME /site
EXPOSE 8000
ENTRYPOINT ["sitegen"]
CMD ["build"]
