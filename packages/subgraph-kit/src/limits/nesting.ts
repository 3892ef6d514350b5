const QUOTE = 34;
const HASH = 35;
const NEWLINE = 10;
const RETURN = 13;
const BACKSLASH = 92;

/** By character code: 1 opens a level, -1 closes one. */
const LEVELS = new Int8Array(128);
for (const character of '{[(') LEVELS[character.charCodeAt(0)] = 1;
for (const character of '}])') LEVELS[character.charCodeAt(0)] = -1;

/**
 * Whether brackets of a GraphQL document are nested deeper than a limit. It is read as text: parsing and validating go one
 * level down the stack with each bracket, and there is a depth at which they fall off.
 */
export function isNestedDeeperThan(limit: number, source: string): boolean {
  if (source.length <= limit) return false;
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === QUOTE) at = endOfString(source, at);
    else if (code === HASH) at = endOfLine(source, at);
    else if (code < 128) {
      depth += LEVELS[code] as number;
      if (depth > limit) return true;
    }
  }
  return false;
}

/** The place of the last quote of a string, or of a block string; the end of the text when it has none. */
function endOfString(source: string, start: number): number {
  if (source.startsWith('"""', start)) {
    let end = source.indexOf('"""', start + 3);
    while (end !== -1 && source.charCodeAt(end - 1) === BACKSLASH) end = source.indexOf('"""', end + 3);
    return end === -1 ? source.length : end + 2;
  }
  for (let at = start + 1; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === BACKSLASH) at++;
    // A string that its line does not end is no string; what comes after it counts.
    else if (code === QUOTE || code === NEWLINE || code === RETURN) return at;
  }
  return source.length;
}

function endOfLine(source: string, start: number): number {
  for (let at = start; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === NEWLINE || code === RETURN) return at;
  }
  return source.length;
}
