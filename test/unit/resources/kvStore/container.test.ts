import assert from "node:assert/strict";
import { kvStore } from "../../../../provider/resources/kvStore";
import { serverContainer } from "../../../../provider/resources/kvStore/container";
import type { Made } from "../../../../provider/resources/kvStore/inputs";
import { checked, connectionTo } from "../../../helpers/inputs";

describe("the container of an etcd", () => {
  const v2Of = (image: string) => {
    const news = { owner: "lab/dev/store", name: "store", kind: "etcd", image, servers: [{}] };
    const inputs = checked(kvStore, { ...news, connections: [connectionTo("10.77.0.1")] }) as Made;
    return serverContainer(inputs, inputs.servers[0]!).config.Cmd?.includes("--enable-v2");
  };

  it("has the API that engines speak switched on from 3.4 on, which knows it by that flag, and where nothing tells", () => {
    const images = ["etcd:3.3.25", "quay.io/coreos/etcd:v3.4.34", "etcd:v3.5.21", "etcd:latest"];
    assert.deepEqual(images.map(v2Of), [false, true, true, true]);
  });
});

describe("the container of a ZooKeeper", () => {
  const environmentOf = (more: object = {}) => {
    const hosts = ["10.77.0.1", "10.77.0.2", "10.77.0.3"];
    const news = {
      ...{ owner: "lab/dev/store", name: "store", kind: "zookeeper" },
      ...{ servers: hosts.map(() => ({})), connections: hosts.map((host) => connectionTo(host)) },
    };
    const inputs = checked(kvStore, { ...news, ...more }) as Made;
    return serverContainer(inputs, inputs.servers[1]!).config.Env;
  };
  const servers =
    "ZOO_SERVERS=server.1=10.77.0.1:2888:3888 server.2=10.77.0.2:2888:3888 server.3=10.77.0.3:2888:3888 clientPort=2181 clientPortAddress=10.77.0.2 admin.enableServer=false";

  it("is told its number and the others, and to start quickly", () => {
    assert.deepEqual(environmentOf(), ["ZOO_MY_ID=2", "SERVER_JVMFLAGS=-XX:TieredStopAtLevel=1", servers]);
  });

  it("leaves Java's flags to whoever gives some, and adds lines to its settings", () => {
    const given = environmentOf({ environment: { SERVER_JVMFLAGS: "-Xmx128m" }, extraArguments: ["tickTime=1000"] });
    assert.deepEqual(given, ["SERVER_JVMFLAGS=-Xmx128m", "ZOO_MY_ID=2", `${servers} tickTime=1000`]);
  });
});
