import type { ElementItem } from "../protocol.ts";

const TITLES: Readonly<Record<ElementItem["type"], string>> = {
  text: "Text",
  image: "Picture",
  file: "File",
  pdf: "Document",
  audio: "Sound",
  video: "Film",
  plotly: "Figure",
  dataframe: "Table",
  tasklist: "Tasks",
  custom: "Element",
};

/** What to call an element. */
export function titleOf({ name, type }: ElementItem): string {
  return name || TITLES[type];
}
