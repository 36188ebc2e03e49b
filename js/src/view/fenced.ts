/** Longer than any run of backticks one meets, and always the same: a streamed text must stay a prefix of the final one. */
const FENCE = "`".repeat(32);

/** The content as one code block, unless it is one already. An open block goes on being written. */
export function fenced(content: string, language: string, isOpen: boolean): string {
  if (/^\s{0,3}(```|~~~)/.test(content)) return content;
  const block = `${FENCE}${language}\n${content}`;
  return isOpen ? block : `${block}${content.endsWith("\n") ? "" : "\n"}${FENCE}`;
}
