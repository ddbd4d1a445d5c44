/**
 * Whether `text` matches a pattern of OpenSSH's: `*` is any number of characters, `?` one, everything else itself.
 * Takes time in proportion to the product of both lengths at most, whatever the pattern: it may come from anyone.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let afterStar = 0;
  while (at < text.length) {
    if (pattern[next] === "*") {
      star = next++;
      afterStar = at;
    } else if (pattern[next] === "?" || (next < pattern.length && pattern[next] === text[at])) {
      next++;
      at++;
    } else if (star >= 0) {
      // The last star takes one character more.
      next = star + 1;
      at = ++afterStar;
    } else return false;
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}

/** Whether `text` matches one pattern of a list and none of those that begin with `!`. */
export function matchesPatternList(text: string, patterns: readonly string[]): boolean {
  let matched = false;
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) {
      if (matchesPattern(text, pattern.slice(1))) return false;
    } else matched ||= matchesPattern(text, pattern);
  }
  return matched;
}
