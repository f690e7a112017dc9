# launch-ready with Chromium and git, for pipelines: pages are opened and PDFs printed without installing anything.
#   docker build -t launch-ready . && docker run --rm -v "$PWD:/work" launch-ready audit example.com
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs

FROM build AS modules
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates chromium fonts-liberation git \
  && rm -rf /var/lib/apt/lists/* \
  && git config --system --add safe.directory /work
ENV CHROME_PATH=/usr/bin/chromium NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY bin bin
COPY --from=build /app/dist dist
COPY --from=build /app/schema schema
COPY --from=modules /app/node_modules node_modules
# An optional peer, which opens pages in Chromium.
COPY --from=build /app/node_modules/playwright-core node_modules/playwright-core
RUN chmod 755 bin/launch-ready.js && ln -s /app/bin/launch-ready.js /usr/local/bin/launch-ready
USER node
WORKDIR /work
ENTRYPOINT ["launch-ready"]
CMD ["--help"]
