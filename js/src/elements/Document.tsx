import type { BodyProps } from "./Body.tsx";
import { Download } from "./Download.tsx";
import { Fetched } from "./Fetched.tsx";
import { RemoteLink } from "./Remote.tsx";

const PDF = "application/pdf";

/**
 * A PDF in the browser's own viewer, where it has one; and a button to save it.
 *
 * The viewer runs in no sandboxed frame. It needs none: it is not part of this page, and because of the type that the
 * bytes are given, nothing else would be made of them.
 */
export function Document(props: BodyProps) {
  const { element } = props;
  const { page, name } = element;
  if (element.asset === null) return <RemoteLink element={element} />;
  return (
    <>
      {navigator.pdfViewerEnabled && (
        <Fetched {...props} type={PDF} action="Show">
          {(url) => (
            <iframe
              class="element-document"
              title={name || "Document"}
              src={`${url}#navpanes=0${page ? `&page=${page}` : ""}`}
            />
          )}
        </Fetched>
      )}
      <Download store={props.store} element={named(element)} />
    </>
  );
}

function named<Element extends BodyProps["element"]>(element: Element): Element {
  const name = element.name || "document";
  return { ...element, name: /\.pdf$/i.test(name) ? name : `${name}.pdf` };
}
