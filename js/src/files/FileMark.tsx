import { FileIcon } from "../elements/icons.tsx";
import { useBlobUrl } from "../view/useAsset.ts";
import { isPicture } from "./pictures.ts";

/** A small picture of a file, if it is a picture, or a sheet of paper. */
export function FileMark({ file }: { file: File | undefined }) {
  const url = useBlobUrl(file && isPicture(file.type, file.size) ? file : undefined);
  return url ? <img class="chip-picture" src={url} alt="" /> : <FileIcon />;
}
