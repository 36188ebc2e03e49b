/** The notebook's look, as far as a frame needs it. */
export interface Theme {
  readonly color: string;
  readonly muted: string;
  readonly border: string;
  readonly stripe: string;
  readonly font: string;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:";

const LEAST_HEIGHT = 60;
const MOST_HEIGHT = 360;

export function themeOf(element: HTMLElement): Theme {
  const style = getComputedStyle(element);
  const read = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  const color = style.color || "black";
  return {
    color,
    muted: read("--jp-content-font-color2", color),
    border: read("--jp-border-color2", "rgba(128, 128, 128, 0.4)"),
    stripe: read("--jp-rendermime-table-row-background", "rgba(128, 128, 128, 0.08)"),
    font: style.fontFamily || "sans-serif",
  };
}

/** A whole document around a displayed object's HTML. Links lead nowhere: the frame may open no window. */
export function frameDocument(html: string, { color, muted, border, stripe, font }: Theme): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<base target="_blank">
<style>
  body { margin: 0; padding: 2px; color: ${color}; font: 13px/1.5 ${font}; }
  a { color: inherit; }
  table { border-collapse: collapse; font-size: 12px; }
  table, th, td { border: none; }
  thead { border-bottom: 1px solid ${border}; }
  th, td { padding: 4px 8px; text-align: right; max-width: 300px; }
  tbody th { color: ${muted}; font-weight: normal; }
  tbody tr:nth-child(odd) { background: ${stripe}; }
  img, svg { max-width: 100%; }
</style>
${html}`;
}

/**
 * About how high the HTML will be, in pixels.
 *
 * A frame that may not reach this page cannot be measured from it, so its rows are counted; what does not fit
 * is scrolled to, and the reader can drag the frame's edge.
 */
export function guessHeight(html: string): number {
  const rows = html.match(/<(tr|li|p|br|h[1-6]|pre|div)\b|\n(?=[^<\s])/gi)?.length ?? 0;
  const hasPicture = /<(img|svg|canvas|video)\b/i.test(html);
  const height = hasPicture ? MOST_HEIGHT : 14 + 27 * rows;
  return Math.min(Math.max(height, LEAST_HEIGHT), MOST_HEIGHT);
}
