/** What stands for each letter after `%` in ssh_config. Source: ssh_config(5), TOKENS. */
export type Tokens = Readonly<Record<string, string>>;

/** Replaces `%h` and the like, and `${NAME}` by the environment's; leaves those that nothing is known of as they are. */
export function expandTokens(text: string, tokens: Tokens, environment: NodeJS.ProcessEnv = process.env): string {
  return text
    .replace(/\$\{(\w+)\}|^\$(\w+)$/g, (whole, braced, bare) => environment[braced ?? bare] ?? whole)
    .replace(/%(.)/g, (whole, letter) => tokens[letter] ?? whole);
}
