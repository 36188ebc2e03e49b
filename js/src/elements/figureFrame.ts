// The document of the frame that plotly's script draws in. The frame has an origin of its own, so the script reaches
// neither this page nor what the reader is logged in to; and it may fetch nothing.

const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "font-src data:",
  "worker-src blob:",
].join("; ");

/** What the page tells the frame: the script first, then figures as JSON. */
export type ToFrame = { readonly code: Blob } | { readonly figure: string };

/** What the frame tells the page. */
export type FromFrame = "ready" | "drawn" | "failed";

// biome-ignore-start lint/suspicious/noExplicitAny: what runs in the frame is plain JavaScript.
declare const Plotly: any;

/** Runs in the frame, as text: it uses nothing from here. */
function draw(): void {
  const tell = (what: FromFrame) => parent.postMessage(what, "*");
  let loaded: Promise<unknown> = Promise.resolve();
  const load = (code: Blob) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = URL.createObjectURL(code);
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  const show = ({ data, layout, frames, config }: any) => {
    const own = { ...layout, autosize: true };
    delete own.width;
    delete own.height;
    own.margin = { t: own.title ? 60 : 30, r: 30, ...own.margin };
    const options = { ...config, responsive: true, displaylogo: false };
    return Plotly.react(document.body.firstElementChild, { data, layout: own, config: options, frames });
  };
  addEventListener("message", ({ data, source }) => {
    if (source !== parent) return;
    if (data.code) loaded = load(data.code);
    if (data.figure) {
      loaded
        .then(() => show(JSON.parse(data.figure)))
        .then(
          () => tell("drawn"),
          () => tell("failed"),
        );
    }
  });
  tell("ready");
}
// biome-ignore-end lint/suspicious/noExplicitAny: as above.

export const FIGURE_DOCUMENT = `<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<style>html, body, body > div { height: 100%; margin: 0; overflow: hidden; background: white; }</style>
<body><div></div><script>(${draw})()</script>`;
