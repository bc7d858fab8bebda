# The mock, alone on a file system: docker build --tag mock-server .
FROM rust:1.95-alpine AS build
# ring has parts in C; and certificates are what `proxy` checks those of https:// by.
RUN apk add --no-cache ca-certificates gcc musl-dev
WORKDIR /eventline
COPY . .
# What Alpine's toolchain builds is static.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/eventline/target \
    cargo build --locked --release --package mock-server --bin mock-server \
    && cp target/release/mock-server /mock-server

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /mock-server /mock-server
# Nobody: it writes no file, and its port is not a privileged one.
USER 65534:65534
EXPOSE 4010
HEALTHCHECK --interval=5s --timeout=6s --start-interval=200ms --start-period=5s CMD ["/mock-server", "ping"]
ENTRYPOINT ["/mock-server", "--listen", "0.0.0.0:4010"]
