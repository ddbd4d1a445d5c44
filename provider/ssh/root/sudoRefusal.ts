import { CrosshostError } from "../../errors";

const advice = "docs/security.md has the sudoers file that is needed";

/** What sudo says when it does not do what it is asked, and what that means. Source: sudo's own messages, LC_ALL=C. */
const refusals: [RegExp, (user: string) => string, string][] = [
  [
    /must have a tty/,
    (user) => `sudo wants a terminal for ${user} (requiretty), and there is none`,
    'add "Defaults !requiretty" for that user to sudoers',
  ],
  [
    /a password is required|a terminal is required to read the password/,
    (user) => `sudo asks ${user} for a password`,
    `give \`connection.password\`, or NOPASSWD in sudoers; ${advice}`,
  ],
  [
    /incorrect password attempt|Sorry, try again/,
    (user) => `sudo does not take the password of ${user}`,
    "`connection.password` is the one that sudo asks for",
  ],
  [/is not in the sudoers file|may not run sudo/, (user) => `${user} is not in sudoers`, advice],
  [/is not allowed to execute/, (user) => `sudoers does not allow it to ${user}`, advice],
  [
    /sudo: (command )?not found/,
    () => "there is no sudo on the host",
    'install it, or give `connection.user` as "root"',
  ],
];

export function passwordNeeded(stderr: string): boolean {
  return /sudo: (a password is required|a terminal is required)/.test(stderr);
}

/** The error of something that sudo refused; undefined where `stderr` is not sudo's refusal. */
export function explainSudo(host: string, user: string, attempt: string, stderr: string): CrosshostError | undefined {
  if (!/^(sudo:|sorry, |.*sudo: (command )?not found|\S+ is not in the sudoers)/im.test(stderr)) return undefined;
  const known = refusals.find(([pattern]) => pattern.test(stderr));
  if (!known) return undefined;
  const [, what, hint] = known;
  return new CrosshostError(`host ${host}: cannot ${attempt}: that needs root, and ${what(user)}`, {
    code: "no-permission",
    hint,
  });
}
