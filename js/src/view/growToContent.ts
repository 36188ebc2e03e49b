/** Makes a text area as high as its text, where CSS cannot (`field-sizing: content`). The sheet bounds it. */
export function growToContent(area: HTMLTextAreaElement): void {
  if (globalThis.CSS?.supports?.("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
