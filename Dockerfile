# Built in one stage, run in another that holds the server, its dependencies and the migrations.
FROM node:24-bookworm-slim AS build
WORKDIR /sluice
COPY package.json package-lock.json .npmrc ./
COPY sdk/package.json sdk/
COPY server/package.json server/
COPY scripts/clients/flagd-provider-0-13/package.json scripts/clients/flagd-provider-0-13/
COPY cli/package.json cli/
COPY shadow/package.json shadow/
COPY web/package.json web/
COPY bench/package.json bench/
COPY examples/parallel-run/package.json examples/parallel-run/
COPY examples/shop/package.json examples/shop/
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production SLUICE_HTTP_HOST=0.0.0.0 SLUICE_DATA_DIR=/var/lib/sluice
WORKDIR /sluice
RUN install --directory --owner=node --group=node /var/lib/sluice
COPY --from=build /sluice/package.json ./
COPY --from=build /sluice/node_modules node_modules
COPY --from=build /sluice/prisma prisma
COPY --from=build /sluice/sdk/package.json sdk/
COPY --from=build /sluice/sdk/dist sdk/dist
COPY --from=build /sluice/server/package.json server/
COPY --from=build /sluice/server/node_modules server/node_modules
COPY --from=build /sluice/server/dist server/dist
COPY --from=build /sluice/web/dist web/dist
COPY --from=build /sluice/cli/package.json cli/
COPY --from=build /sluice/cli/node_modules cli/node_modules
COPY --from=build /sluice/cli/bin cli/bin
COPY --from=build /sluice/cli/dist cli/dist
RUN ln --symbolic /sluice/cli/bin/sluice.js /usr/local/bin/sluice
USER node
VOLUME /var/lib/sluice
EXPOSE 7070 7071
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:7070/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/dist/main.js"]
