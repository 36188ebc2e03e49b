import type { OutputItem } from "../protocol.ts";

/** How one MIME type of a displayed object is shown. */
export type Display =
  | { readonly kind: "html"; readonly html: string }
  | { readonly kind: "image"; readonly hash: string; readonly type: string }
  | { readonly kind: "svg"; readonly svg: string }
  | { readonly kind: "markdown"; readonly text: string }
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "text"; readonly text: string };

const IMAGE_TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/** The richest way to show a displayed object; its words in `text/plain` also describe it to a screen reader. */
export function richest({ data, assets }: OutputItem): Display | undefined {
  return (
    fromHtml(data["text/html"]) ??
    fromImages(assets) ??
    fromSvg(data["image/svg+xml"]) ??
    fromMarkdown(data["text/markdown"]) ??
    fromJson(data["application/json"]) ??
    fromText(data["text/plain"])
  );
}

function fromHtml(html: string | undefined): Display | undefined {
  return html === undefined ? undefined : { kind: "html", html };
}

function fromImages(assets: OutputItem["assets"]): Display | undefined {
  const type = IMAGE_TYPES.find((each) => each in assets);
  const hash = type && assets[type];
  return hash ? { kind: "image", hash, type } : undefined;
}

function fromSvg(svg: string | undefined): Display | undefined {
  return svg === undefined ? undefined : { kind: "svg", svg };
}

function fromMarkdown(text: string | undefined): Display | undefined {
  return text === undefined ? undefined : { kind: "markdown", text };
}

function fromJson(text: string | undefined): Display | undefined {
  return text === undefined ? undefined : { kind: "json", text: indented(text) };
}

function fromText(text: string | undefined): Display | undefined {
  return text === undefined ? undefined : { kind: "text", text };
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
