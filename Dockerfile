FROM rust:1.95-bookworm AS builder
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package pingxuan-api --bin pingxuan \
    && cp target/release/pingxuan /usr/local/bin/pingxuan

FROM debian:bookworm-slim
RUN groupadd --system --gid 10001 pingxuan \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin pingxuan \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
# What an identity provider's certificate is checked with; the slim image has none.
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=builder /usr/local/bin/pingxuan /usr/local/bin/pingxuan
COPY LICENSE /usr/share/doc/pingxuan/LICENSE

ENV PINGXUAN_BIND=0.0.0.0:8080 \
    PINGXUAN_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["pingxuan"]
CMD ["serve"]
