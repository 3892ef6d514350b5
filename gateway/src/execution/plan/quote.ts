/** All but what can stand in a JSON string as it is: control characters, quotes, backslashes, and surrogates. */
const SPECIAL = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** Longest text that is looked through here; above, the engine's own way is faster. */
const SHORT = 64; // characters

/** A text as JSON. */
export const quote = (text: string): string =>
  text.length < SHORT && !SPECIAL.test(text) ? `"${text}"` : JSON.stringify(text);
