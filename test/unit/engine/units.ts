/** docker.service as `systemctl cat` prints it on the distributions there are, and what has to be understood of it. */
export interface KnownUnit {
  name: string;
  unit: string;
  /** Its command line, on one line. */
  execStart: string;
  /** The files it takes variables from. */
  environmentFiles?: string[];
  /** The command line with the variables filled in. */
  expanded?: string;
}

const header = (path: string) => `# ${path}
[Unit]
Description=Docker Application Container Engine
Documentation=https://docs.docker.com
`;

const cgroups = `# the default is not to use systemd for cgroups because the delegate issues still
# exists and systemd currently does not support the cgroup feature set required
# for containers run by docker
`;

const limits = `LimitNOFILE=infinity
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
Delegate=yes
KillMode=process
OOMScoreAdjust=-500

[Install]
WantedBy=multi-user.target
`;

const dockerCe = (
  path: string,
) => `${header(path)}After=network-online.target docker.socket firewalld.service containerd.service time-set.target
Wants=network-online.target containerd.service
Requires=docker.socket

[Service]
Type=notify
${cgroups}ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
TimeoutStartSec=0
RestartSec=2
Restart=always

# Note that StartLimit* options were moved from "Service" to "Unit" in systemd 229.
# Both the old, and new location are accepted by systemd 229 and up, so using the old location
# to make them work for either version of systemd.
StartLimitBurst=3
StartLimitInterval=60s
${limits}`;

const debian = `${header("/lib/systemd/system/docker.service")}After=network-online.target docker.socket firewalld.service containerd.service
Wants=network-online.target containerd.service
Requires=docker.socket

[Service]
Type=notify
${cgroups}EnvironmentFile=-/etc/default/docker
ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
ExecReload=/bin/kill -s HUP $MAINPID
${limits}`;

const centos7 = `# /usr/lib/systemd/system/docker.service
[Unit]
Description=Docker Application Container Engine
Documentation=http://docs.docker.com
After=network.target
Wants=docker-storage-setup.service
Requires=docker-cleanup.timer

[Service]
Type=notify
NotifyAccess=main
EnvironmentFile=-/run/containers/registries.conf
EnvironmentFile=-/etc/sysconfig/docker
EnvironmentFile=-/etc/sysconfig/docker-storage
EnvironmentFile=-/etc/sysconfig/docker-network
Environment=GOTRACEBACK=crash
Environment=DOCKER_HTTP_HOST_COMPAT=1
Environment=PATH=/usr/libexec/docker:/usr/bin:/usr/sbin
ExecStart=/usr/bin/dockerd-current \\
          --add-runtime docker-runc=/usr/libexec/docker/docker-runc-current \\
          --default-runtime=docker-runc \\
          --exec-opt native.cgroupdriver=systemd \\
          --userland-proxy-path=/usr/libexec/docker/docker-proxy-current \\
          --init-path=/usr/libexec/docker/docker-init-current \\
          --seccomp-profile=/etc/docker/seccomp.json \\
          $OPTIONS \\
          $DOCKER_STORAGE_OPTIONS \\
          $DOCKER_NETWORK_OPTIONS \\
          $ADD_REGISTRY \\
          $BLOCK_REGISTRY \\
          $INSECURE_REGISTRY \\
	  $REGISTRIES
ExecReload=/bin/kill -s HUP $MAINPID
LimitNOFILE=1048576
TimeoutStartSec=0
Restart=on-abnormal
KillMode=process

[Install]
WantedBy=multi-user.target
`;
const centos7Flags =
  "--add-runtime docker-runc=/usr/libexec/docker/docker-runc-current --default-runtime=docker-runc " +
  "--exec-opt native.cgroupdriver=systemd --userland-proxy-path=/usr/libexec/docker/docker-proxy-current " +
  "--init-path=/usr/libexec/docker/docker-init-current --seccomp-profile=/etc/docker/seccomp.json";

const fedora = `${header("/usr/lib/systemd/system/docker.service")}After=network-online.target docker.socket firewalld.service containerd.service
Wants=network-online.target containerd.service
Requires=docker.socket containerd.service

[Service]
Type=notify
EnvironmentFile=-/etc/sysconfig/docker
EnvironmentFile=-/etc/sysconfig/docker-storage
EnvironmentFile=-/etc/sysconfig/docker-network
ExecStart=/usr/bin/dockerd \\
          --host=fd:// \\
          --exec-opt native.cgroupdriver=systemd \\
          $OPTIONS \\
          $DOCKER_STORAGE_OPTIONS \\
          $DOCKER_NETWORK_OPTIONS
ExecReload=/bin/kill -s HUP $MAINPID
${limits}`;

const dropIn = (name: string, text: string) => `
# /etc/systemd/system/docker.service.d/${name}.conf
${text}`;

const rpm = "/usr/lib/systemd/system/docker.service";

export const UNITS: KnownUnit[] = [
  {
    name: "Debian's and Ubuntu's docker.io",
    unit: debian,
    execStart: "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS",
    environmentFiles: ['# Use DOCKER_OPTS to modify the daemon startup options.\n#DOCKER_OPTS="--dns 8.8.8.8"\n'],
    expanded: "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock",
  },
  {
    name: "docker-ce on Ubuntu and Debian",
    unit: dockerCe("/lib/systemd/system/docker.service"),
    execStart: "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock",
  },
  {
    name: "docker-ce on CentOS 7 and Rocky",
    unit: dockerCe(rpm),
    execStart: "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock",
  },
  {
    name: "CentOS 7's own docker, over several lines",
    unit: centos7,
    execStart: `/usr/bin/dockerd-current ${centos7Flags} $OPTIONS $DOCKER_STORAGE_OPTIONS $DOCKER_NETWORK_OPTIONS $ADD_REGISTRY $BLOCK_REGISTRY $INSECURE_REGISTRY $REGISTRIES`,
    environmentFiles: [
      "REGISTRIES='--add-registry registry.example.com '\n",
      "# Modify these options if you want to change the way the docker daemon runs\nOPTIONS='--selinux-enabled --log-driver=journald --cluster-store=consul://10.77.0.9:8500'\nif [ -z \"$\x7bDOCKER_CERT_PATH}\" ]; then\n    DOCKER_CERT_PATH=/etc/docker\nfi\n",
      'DOCKER_STORAGE_OPTIONS="--storage-driver overlay2 "\n',
      "DOCKER_NETWORK_OPTIONS=\n",
    ],
    expanded: `/usr/bin/dockerd-current ${centos7Flags} --selinux-enabled --log-driver=journald --cluster-store=consul://10.77.0.9:8500 --storage-driver overlay2      --add-registry registry.example.com`,
  },
  {
    name: "Fedora's moby-engine",
    unit: fedora,
    execStart:
      "/usr/bin/dockerd --host=fd:// --exec-opt native.cgroupdriver=systemd $OPTIONS $DOCKER_STORAGE_OPTIONS $DOCKER_NETWORK_OPTIONS",
    environmentFiles: ['OPTIONS="--selinux-enabled \\\n  --live-restore"\n'],
    expanded: "/usr/bin/dockerd --host=fd:// --exec-opt native.cgroupdriver=systemd --selinux-enabled   --live-restore",
  },
  {
    name: "a host whose operator opened a TCP port by a drop-in",
    unit: `${dockerCe(rpm)}${dropIn(
      "override",
      '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H unix:// -H tcp://0.0.0.0:2375 --label "rack=4 left" --tlsverify\n',
    )}`,
    execStart: '/usr/bin/dockerd -H unix:// -H tcp://0.0.0.0:2375 --label "rack=4 left" --tlsverify',
  },
  {
    name: "a host behind a proxy, whose drop-in sets no command line",
    unit: `${debian}${dropIn("http-proxy", '[Service]\nEnvironment="HTTP_PROXY=http://proxy.example.com:3128" "DOCKER_OPTS=--mtu 1400"\n')}`,
    execStart: "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS",
    expanded: "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock --mtu 1400",
  },
  {
    name: "a unit that somebody edited by hand",
    unit: dockerCe(rpm).replace(
      "containerd.sock\nExecReload",
      "containerd.sock --cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:2376\nExecReload",
    ),
    execStart:
      "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock --cluster-store=consul://10.77.0.1:8500 --cluster-advertise=eth0:2376",
  },
];
