/** A line of the user's SSH configuration that cannot be used, and where it stands. */
export class SshConfigError extends Error {
  constructor(
    /** `~/.ssh/config:12`, or a file alone. */
    readonly from: string,
    what: string,
  ) {
    super(`${from}: ${what}`);
    this.name = "SshConfigError";
  }
}
