// @vitest-environment node
import { expect, test } from "vitest";
import { richest } from "../../src/outputs/mime.ts";
import { output } from "../records.ts";

const TEXT = { "text/plain": "words" };

test.each([
  ["html before all", { "text/html": "<b>", ...TEXT }, { "image/png": "h" }, { kind: "html", html: "<b>" }],
  ["an image before text", TEXT, { "image/png": "h" }, { kind: "image", hash: "h", type: "image/png" }],
  [
    "png before jpeg",
    {},
    { "image/jpeg": "j", "image/png": "p" },
    { kind: "image", hash: "p", type: "image/png" },
  ],
  ["a drawing", { "image/svg+xml": "<svg/>", ...TEXT }, {}, { kind: "svg", svg: "<svg/>" }],
  ["markdown", { "text/markdown": "*a*", ...TEXT }, {}, { kind: "markdown", text: "*a*" }],
  [
    "json, indented",
    { "application/json": '{"a":1}', ...TEXT },
    {},
    { kind: "json", text: '{\n  "a": 1\n}' },
  ],
  ["json that is none", { "application/json": "{" }, {}, { kind: "json", text: "{" }],
  ["text", TEXT, {}, { kind: "text", text: "words" }],
  ["nothing that is known", { "application/x": "?" }, { "video/mp4": "h" }, undefined],
])("%s", (_, data, assets, display) => {
  expect(richest(output("o1", { name: "display", data, assets }))).toEqual(display);
});
