import type { LabHost } from "./host";

/** Every file, folder and link below /etc with type, mode, owner, link target and content's digest; one line each. */
const ETC = `
find /etc -printf '%p %y %m %U:%G %l\\n' | sort
find /etc -type f -exec sha256sum {} + | sort -k2
`;

/** What a host is, as far as this project may ever touch it. */
export interface HostSnapshot {
  etc: string;
  /** As systemd runs it: without process id and times. */
  execStart: string;
  containers: string;
  /** Without docker_gwbridge, which Docker makes with the first overlay and keeps. */
  networks: string;
  volumes: string;
}

export async function snapshot(host: LabHost): Promise<HostSnapshot> {
  const ask = async (...command: string[]) => {
    const { stdout, stderr, exitCode } = await host.ssh(command);
    if (exitCode !== 0) throw new Error(`${host.name}: ${command.join(" ")}: ${stderr}`);
    return stdout;
  };
  const networks = await ask("docker", "network", "ls", "--format", "{{.Name}} {{.Driver}} {{.Scope}}");
  return {
    etc: await ask("sh", "-c", ETC),
    execStart: (await ask("systemctl", "show", "-p", "ExecStart", "docker.service")).replace(/ ; start_time=.*/s, ""),
    containers: await ask("docker", "ps", "--all", "--format", "{{.Names}}"),
    networks: networks.replace(/^docker_gwbridge .*\n/m, ""),
    volumes: await ask("docker", "volume", "ls", "--quiet"),
  };
}
