import { SshConfigError } from "./sshConfigError";

/** One line of an ssh_config file. */
export interface Directive {
  /** In lower case. */
  keyword: string;
  /** Its words, without quotes; up to a comment. */
  words: string[];
  /** All that follows the keyword, as it stands there. */
  rest: string;
  /** `~/.ssh/config:12` */
  from: string;
}

/** The lines of an ssh_config file that say something. `file` is its name in errors. Source: ssh_config(5). */
export function parseDirectives(text: string, file: string): Directive[] {
  return text.split("\n").flatMap((line, index) => parseLine(line, `${file}:${index + 1}`) ?? []);
}

function parseLine(line: string, from: string): Directive | undefined {
  const trimmed = line.replace(/^[ \t\r]+/, "").trimEnd();
  if (trimmed === "" || trimmed.startsWith("#")) return undefined;
  const [, keyword = "", rest = ""] = /^([^ \t\r="]*)[ \t\r]*=?[ \t\r]*(.*)$/.exec(trimmed) ?? [];
  return { keyword: keyword.toLowerCase(), words: splitWords(rest, from), rest, from };
}

/**
 * Splits at blanks. Quotes of both kinds hold a word together; a backslash takes a quote, another backslash or, outside
 * of quotes, a blank as it is; a word that begins with `#` begins a comment.
 */
function splitWords(text: string, from: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === " " || text[at] === "\t") {
      at++;
      continue;
    }
    if (text[at] === "#") break;
    const word = readWord(text, at, from);
    words.push(word.value);
    at = word.end;
  }
  return words;
}

function readWord(text: string, start: number, from: string): { value: string; end: number } {
  let value = "";
  let quote = "";
  let at = start;
  for (; at < text.length; at++) {
    const character = text[at]!;
    const next = text[at + 1] ?? "";
    if (character === "\\" && next !== "" && `'"\\${quote ? "" : " "}`.includes(next)) {
      value += next;
      at++;
    } else if (quote === "" && (character === " " || character === "\t")) break;
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = "";
    else value += character;
  }
  if (quote !== "") throw new SshConfigError(from, "a quote is not closed");
  return { value, end: at };
}
