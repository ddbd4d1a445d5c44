/** One word of a POSIX shell command that stands for exactly `text`. */
export function quote(text: string): string {
  if (text.includes("\0")) throw new RangeError("a command's argument cannot contain a NUL character");
  if (/^[\w@%+:,./-][\w@%+:,./=-]*$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A shell command line that runs `command` with exactly these arguments. */
export function quoteAll(command: readonly string[]): string {
  return command.map(quote).join(" ");
}
