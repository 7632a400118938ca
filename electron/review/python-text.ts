/** A text as a Python string literal that cannot end early, whatever it holds. */
export function pythonText(text: string): string {
  // JSON's escapes are Python's too; DEL and the line separators are made visible.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A text that stays within one comment line. */
export function pythonComment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
