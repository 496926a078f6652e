# One image for api, planner and executor: the command chooses, e.g. `node dist/apps/planner/src/main.js`.
#   docker build --target service -t hiveferry .             api and planner
#   docker build --target executor -t hiveferry-executor .   the same, with a Java runtime and a Hadoop client for DistCp
# What was run of it, and what was not, is said at the head of docker-compose.yml.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY libs ./libs
RUN npm ci --no-audit --no-fund
COPY tsconfig.json nest-cli.json ./
COPY apps ./apps
RUN npm run build && npm prune --omit=dev --omit=optional --no-audit --no-fund

FROM node:24.21.0-bookworm-slim AS service
ENV NODE_ENV=production
WORKDIR /app
# The account `node` (1000) comes with the image; the data folder is the only place it may write to.
RUN install -d -o node -g node /var/lib/hiveferry
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
ENV FERRY_DATA_DIR=/var/lib/hiveferry
VOLUME /var/lib/hiveferry
USER node
# Every process answers this, each on the loopback of its container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/api/src/main.js"]

# The client of Apache's own image, Java of Debian: jars are the same on both sides of a DistCp as in the clusters of docker-compose.yml.
FROM apache/hadoop:3.4.1 AS hadoop

FROM service AS executor
USER root
RUN apt-get update \
  && apt-get install -y --no-install-recommends openjdk-17-jre-headless \
  && rm -rf /var/lib/apt/lists/* \
  && ln -s "$(dirname "$(dirname "$(readlink -f /usr/bin/java)")")" /opt/java
COPY --from=hadoop /opt/hadoop /opt/hadoop
ENV JAVA_HOME=/opt/java HADOOP_HOME=/opt/hadoop HADOOP_CONF_DIR=/etc/hadoop HADOOP_OPTIONAL_TOOLS=hadoop-aws
ENV PATH=/opt/hadoop/bin:$PATH
USER node
CMD ["node", "dist/apps/executor/src/main.js"]
