# ByteBasket on Debian 12: `docker build -t bytebasket .`
# deploy/docker-compose.yml starts it; docs/guides/production.md says what it needs.
FROM debian:12-slim AS build
WORKDIR /src
# What is installed changes seldom: these steps are kept until a file that they copy changes.
COPY scripts scripts
COPY web/package.json web/package-lock.json web/
RUN scripts/setup.sh cluster
COPY . .
RUN make dist

FROM debian:12-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
COPY scripts/packages-run.txt /tmp/packages-run.txt
# Debian 12 keeps the versions of its packages; mending a security hole must not need a change here.
# hadolint ignore=DL3008
RUN apt-get update \
 && sed 's/#.*//' /tmp/packages-run.txt | xargs apt-get install -y --no-install-recommends \
 && rm -rf /var/lib/apt/lists/* /tmp/packages-run.txt \
 && useradd --uid 10001 --shell /usr/sbin/nologin --home-dir /var/lib/bytebasket --create-home bytebasket
COPY --from=build /src/build/dist /opt/bytebasket
RUN ln -s /opt/bytebasket/bytebasket /usr/local/bin/bytebasket && ln -s /opt/bytebasket/config /etc/bytebasket
USER 10001
WORKDIR /var/lib/bytebasket
VOLUME /var/lib/bytebasket
EXPOSE 8080
# SIGTERM drains: what was accepted is processed and stored.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 \
  CMD ["bytebasket", "doctor", "--url", "http://127.0.0.1:8080"]
ENTRYPOINT ["bytebasket"]
# Beyond loopback it wants write keys and tokens, and says so: BYTEBASKET_WRITE_KEYS, BYTEBASKET_TOKENS__READ, …
CMD ["run", "--data", "/var/lib/bytebasket", "--listen", "0.0.0.0:8080"]
