import type { ElementItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { Component } from "./Component.tsx";
import { Document } from "./Document.tsx";
import { Download } from "./Download.tsx";
import { Figure } from "./Figure.tsx";
import { Media } from "./Media.tsx";
import { Picture } from "./Picture.tsx";
import { Table } from "./Table.tsx";
import { Tasks } from "./Tasks.tsx";
import { Words } from "./Words.tsx";

export interface BodyProps {
  readonly store: Store;
  readonly element: ElementItem;
}

/** What an element shows. A kind that this page does not know can still be saved. */
export function Body(props: BodyProps) {
  switch (props.element.type) {
    case "text":
      return <Words {...props} />;
    case "image":
      return <Picture {...props} />;
    case "tasklist":
      return <Tasks {...props} />;
    case "audio":
    case "video":
      return <Media {...props} kind={props.element.type} />;
    case "pdf":
      return <Document {...props} />;
    case "plotly":
      return <Figure {...props} />;
    case "custom":
      return <Component {...props} />;
    case "dataframe":
      return <Table {...props} />;
    default:
      return <Download {...props} />;
  }
}
