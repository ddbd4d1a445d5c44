import { serviceValues, type UnitFile } from "./unitFile";

/**
 * The variables of a service, which distributions put into docker.service's command line: `$OPTIONS` of
 * `EnvironmentFile=/etc/sysconfig/docker`. Files count over `Environment=`. Source: systemd.exec(5), "Environment".
 */
export function environmentOf(unit: readonly UnitFile[], environmentFiles: readonly string[]): Map<string, string> {
  const variables = new Map<string, string>();
  for (const value of serviceValues(unit, "Environment")) {
    // An empty one takes back what was there.
    if (value === "") variables.clear();
    for (const [word] of value.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) assign(variables, unquoted(word));
  }
  for (const line of environmentFiles.flatMap((text) => text.replaceAll("\\\n", "").split("\n"))) {
    if (!/^\s*[#;]/.test(line)) assign(variables, line.trim());
  }
  return variables;
}

/** A command line with its `$NAME` and `${NAME}` filled in, only to be looked at. */
export function expand(commandLine: string, variables: ReadonlyMap<string, string>): string {
  return commandLine.replaceAll(/(?<!\$)\$(?:\{(\w+)\}|(\w+))/g, (_, braced, plain) => {
    return variables.get(braced ?? plain) ?? "";
  });
}

function assign(variables: Map<string, string>, word: string): void {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
  if (name !== undefined) variables.set(name, unquoted(value!));
}

function unquoted(text: string): string {
  const [, , inner] = /^(["'])(.*)\1$/s.exec(text) ?? [];
  return inner ?? text;
}
