import assert from "node:assert/strict";
import { settingsOfFlags } from "../../../provider/engine/clusterSettings";
import { configFileOf } from "../../../provider/engine/dockerService";
import { dropInText, readDropIn } from "../../../provider/engine/dropIn";
import { execStartOf, parseSystemctlCat } from "../../../provider/engine/unitFile";

const debian = `# /lib/systemd/system/docker.service
[Unit]
Description=Docker Application Container Engine
Documentation=https://docs.docker.com
After=network-online.target docker.socket firewalld.service containerd.service
Requires=docker.socket

[Service]
Type=notify
# the default is not to use systemd for cgroups because the delegate issues still
# exists and systemd currently does not support the cgroup feature set required
# for containers run by docker
EnvironmentFile=-/etc/default/docker
ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS
ExecReload=/bin/kill -s HUP $MAINPID

[Install]
WantedBy=multi-user.target
`;

const dockerCe = `# /lib/systemd/system/docker.service
[Service]
Type=notify
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
`;

const centos = `# /usr/lib/systemd/system/docker.service
[Unit]
Description=Docker Application Container Engine

[Service]
Type=notify
EnvironmentFile=-/run/containers/registries.conf
EnvironmentFile=-/etc/sysconfig/docker
Environment=PATH=/usr/libexec/docker:/usr/bin:/usr/sbin
ExecStart=/usr/bin/dockerd-current \\
          --add-runtime docker-runc=/usr/libexec/docker/docker-runc-current \\
          # what systemd lets stand between
          ; in either form
          --default-runtime=docker-runc \\
          --exec-opt native.cgroupdriver=systemd \\
          $OPTIONS \\
          $REGISTRIES
ExecReload=/bin/kill -s HUP $MAINPID
`;

const dropIn = (name: string, text: string) => `
# /etc/systemd/system/docker.service.d/${name}.conf
${text}`;

const lineOf = (output: string) => execStartOf(parseSystemctlCat(output));

describe("docker.service's command line", () => {
  it("is read from Debian's docker.io", () => {
    assert.equal(lineOf(debian), "/usr/sbin/dockerd -H fd:// $DOCKER_OPTS");
  });

  it("is read from docker-ce", () => {
    assert.equal(lineOf(dockerCe), "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock");
  });

  it("is read from CentOS 7, over continued lines with comments between them", () => {
    assert.equal(
      lineOf(centos),
      "/usr/bin/dockerd-current --add-runtime docker-runc=/usr/libexec/docker/docker-runc-current " +
        "--default-runtime=docker-runc --exec-opt native.cgroupdriver=systemd $OPTIONS $REGISTRIES",
    );
  });

  it("is the last drop-in's that resets it", () => {
    const tcp = dropIn(
      "override",
      "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// -H tcp://0.0.0.0:2375\n",
    );
    const later = dropIn("proxy", "[Service]\nEnvironment=HTTP_PROXY=http://proxy:3128\n");
    assert.equal(lineOf(dockerCe + tcp + later), "/usr/bin/dockerd -H fd:// -H tcp://0.0.0.0:2375");
  });

  it("is not what other sections or other keys say", () => {
    const other = dropIn(
      "x",
      "[X-Other]\nExecStart=/bin/false\n[Service]\nExecStartPre=/bin/true\nExecStop=/bin/true\n",
    );
    assert.equal(lineOf(debian + other), "/usr/sbin/dockerd -H fd:// $DOCKER_OPTS");
  });

  it("takes blanks around the equals sign", () => {
    assert.equal(
      lineOf("# /lib/systemd/system/docker.service\n[Service]\n  ExecStart = /usr/bin/dockerd  \n"),
      "/usr/bin/dockerd",
    );
  });

  it("is refused where there are two, or none", () => {
    const second = dropIn("second", "[Service]\nExecStart=/usr/bin/dockerd --debug\n");
    assert.throws(() => lineOf(dockerCe + second), {
      message: "docker.service has 2 ExecStart lines where one is expected",
    });
    const none = dropIn("none", "[Service]\nExecStart=\n");
    assert.throws(() => lineOf(dockerCe + none), {
      message: "docker.service has 0 ExecStart lines where one is expected",
    });
  });

  it("is told apart by file, so that ours can be left out", () => {
    const files = parseSystemctlCat(debian + dropIn("zz-crosshost", "[Service]\nExecStart=\nExecStart=/bin/x\n"));
    assert.deepEqual(
      files.map(({ path }) => path),
      ["/lib/systemd/system/docker.service", "/etc/systemd/system/docker.service.d/zz-crosshost.conf"],
    );
    assert.equal(execStartOf(files.slice(0, 1)), "/usr/sbin/dockerd -H fd:// $DOCKER_OPTS");
  });

  it("is not cut by comments that look like paths", () => {
    const text =
      "# /lib/systemd/system/docker.service\n[Service]\n# /etc/docker/daemon.json has the rest\nExecStart=/usr/bin/dockerd\n";
    assert.equal(parseSystemctlCat(text).length, 1);
  });
});

describe("cluster flags on a command line", () => {
  it("are found with an equals sign, with a blank, and in quotes", () => {
    const wanted = { clusterStore: "consul://10.77.0.1:8500", clusterAdvertise: "eth0:2376" };
    for (const line of [
      "dockerd --cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:2376",
      "dockerd --cluster-store consul://10.77.0.1:8500 --cluster-advertise  eth0:2376",
      `dockerd --cluster-store="consul://10.77.0.1:8500" '--cluster-advertise=eth0:2376'`,
    ]) {
      assert.deepEqual(settingsOfFlags(line), wanted, line);
    }
  });

  it("are the last ones where they stand twice, and options add up", () => {
    const line =
      "dockerd --cluster-store=a --cluster-store-opt=x=1 --cluster-store=b --cluster-store-opt x=2=3 --cluster-store-opt y=4";
    assert.deepEqual(settingsOfFlags(line), { clusterStore: "b", clusterStoreOpts: { x: "2=3", y: "4" } });
  });

  it("are not mistaken for their neighbours", () => {
    assert.deepEqual(settingsOfFlags("dockerd --cluster-store-opts x -H tcp://0.0.0.0:2375 --not-cluster-store=x"), {});
  });
});

describe("the engine's settings file", () => {
  it("is Docker's default, or what the command line says", () => {
    assert.equal(configFileOf("dockerd -H fd://"), "/etc/docker/daemon.json");
    assert.equal(configFileOf("dockerd --config-file=/etc/docker/other.json"), "/etc/docker/other.json");
    assert.equal(configFileOf('dockerd --config-file "/etc/docker/other.json" --debug'), "/etc/docker/other.json");
  });
});

describe("the drop-in", () => {
  const settings = {
    clusterStore: "consul://10.77.0.1:8500",
    clusterAdvertise: "eth0:2376",
    clusterStoreOpts: { "discovery.heartbeat": "5", "discovery.ttl": "20" },
  };
  const text = dropInText({
    owner: "lab/dev/host1",
    execStart: "/usr/sbin/dockerd -H fd:// $DOCKER_OPTS",
    settings,
    folderIsOurs: true,
  });

  it("repeats the service's own line with the flags behind it", () => {
    assert.equal(
      text,
      `# Made by pulumi-crosshost for lab/dev/host1; removed when that resource is deleted.
# The folder of this file was made with it.
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS --cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:2376 --cluster-store-opt=discovery.heartbeat=5 --cluster-store-opt=discovery.ttl=20
`,
    );
  });

  it("is what the service then runs, and its flags read back", () => {
    const line = lineOf(debian + dropIn("zz-crosshost", text));
    assert.deepEqual(settingsOfFlags(line), settings);
  });

  it("says whose it is and whether its folder came with it", () => {
    assert.deepEqual(readDropIn(text), { text, owner: "lab/dev/host1", folderIsOurs: true, settings });
    const inTheirs = dropInText({ owner: "lab/dev/host1", execStart: "dockerd", settings, folderIsOurs: false });
    assert.equal(readDropIn(inTheirs)?.folderIsOurs, false);
  });

  it("is not recognised in somebody else's file", () => {
    assert.equal(readDropIn("[Service]\nExecStart=\n"), undefined);
    assert.equal(readDropIn(`# copied\n${text}`), undefined);
  });

  it("keeps what systemd would read itself, percent and dollar, and gives it back", () => {
    const odd = { ...settings, clusterStore: "consul://10.77.0.1:8500/100%/$HOME/$$" };
    const escaped = dropInText({ owner: "lab/dev/host1", execStart: "dockerd", settings: odd, folderIsOurs: false });
    assert.match(escaped, /--cluster-store=consul:\/\/10\.77\.0\.1:8500\/100%%\/\$\$HOME\/\$\$\$\$ /);
    assert.deepEqual(settingsOfFlags(lineOf(dockerCe + dropIn("zz-crosshost", escaped))), odd);
  });
});
