import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../run";
import { standardPath } from "./busybox";
import type { Image } from "./image";
import { unpackOnto } from "./unpack";

const java = "/usr/lib/jvm/java-11-openjdk-amd64/bin/java";

/** What the official image's entrypoint makes of its environment, without its change of user. */
const entrypoint = `#!/bin/sh
set -e
if [ ! -f "$ZOO_CONF_DIR/zoo.cfg" ]; then
    {
        echo "clientPort=2181"
        echo "dataDir=$ZOO_DATA_DIR"
        echo "dataLogDir=$ZOO_DATA_LOG_DIR"
        echo "tickTime=\${ZOO_TICK_TIME:-2000}"
        echo "initLimit=\${ZOO_INIT_LIMIT:-5}"
        echo "syncLimit=\${ZOO_SYNC_LIMIT:-2}"
        echo "autopurge.snapRetainCount=3"
        echo "autopurge.purgeInterval=0"
        echo "maxClientCnxns=\${ZOO_MAX_CLIENT_CNXNS:-60}"
        for server in $ZOO_SERVERS; do echo "$server"; done
    } > "$ZOO_CONF_DIR/zoo.cfg"
fi
[ -f "$ZOO_DATA_DIR/myid" ] || echo "\${ZOO_MY_ID:-1}" > "$ZOO_DATA_DIR/myid"
exec "$@"
`;

const classPath = ["zookeeper", "log4j-1.2", "slf4j-api", "slf4j-log4j12", "xercesImpl", "xmlParserAPIs"];

/** What the official image's zkServer.sh does for `start-foreground`. */
const server = `#!/bin/sh
exec ${java} -cp "$ZOO_CONF_DIR:${classPath.map((jar) => `/usr/share/java/${jar}.jar`).join(":")}" \\
    -Dzookeeper.log.dir="$ZOO_LOG_DIR" $SERVER_JVMFLAGS $JVMFLAGS \\
    org.apache.zookeeper.server.quorum.QuorumPeerMain "$ZOO_CONF_DIR/zoo.cfg"
`;

const logging = `log4j.rootLogger=INFO, CONSOLE
log4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender
log4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout
log4j.appender.CONSOLE.layout.ConversionPattern=%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n
`;

/** Debian's ZooKeeper with its Java, on busybox, with the folders and scripts of the official image. */
async function fillZooKeeper(root: string): Promise<void> {
  await unpackOnto(root, "bullseye", ["zookeeper"]);
  for (const dir of ["data", "datalog", "logs", "conf", "usr/local/bin"]) {
    await mkdir(join(root, dir), { recursive: true });
  }
  await writeFile(join(root, "conf/log4j.properties"), logging);
  await writeFile(join(root, "docker-entrypoint.sh"), entrypoint, { mode: 0o755 });
  await writeFile(join(root, "usr/local/bin/zkServer.sh"), server, { mode: 0o755 });
  // What Java's package does when it is installed: with its classes shared, a server starts in half the time.
  await run("unshare", ["--mount", "--pid", "--fork", `--root=${root}`, "--mount-proc", java, "-Xshare:dump"]);
}

/** The `zookeeper` of Docker Hub, as far as the lab needs it. */
export const zookeeper: Image = {
  name: "zookeeper",
  tags: [{ tag: "3.4.13" }, { tag: "3.4", labels: { "org.opencontainers.image.version": "3.4" } }],
  config: {
    Env: [standardPath, "ZOO_CONF_DIR=/conf", "ZOO_DATA_DIR=/data", "ZOO_DATA_LOG_DIR=/datalog", "ZOO_LOG_DIR=/logs"],
    Entrypoint: ["/docker-entrypoint.sh"],
    Cmd: ["zkServer.sh", "start-foreground"],
    Volumes: { "/data": {}, "/datalog": {}, "/logs": {} },
    ExposedPorts: { "2181/tcp": {}, "2888/tcp": {}, "3888/tcp": {} },
  },
  fill: fillZooKeeper,
  version: 1,
};
