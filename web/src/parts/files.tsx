/** The files that a trial left, folder by folder, with preview and download. */
import { useSignal } from "@preact/signals";
import { showCount, showSize } from "../data/format";
import { get } from "../data/http";
import type { Files, Preview, TrialHead } from "../data/types";
import { Panel } from "./panel";
import { useReload } from "./reloaded";

type File = Files["rows"][number];
/** With so many files at most, all folders are open at first; a folder of more than these shows the rest when it is asked to. */
const FEW = 30;
const MOST = 200;

export function FilesPanel({ base, head }: { base: string; head: TrialHead }) {
  const files = useSignal<Files | null>(null);
  const error = useReload(async () => void (files.value = await get<Files>(`${base}/files`)), `${head.seq}`);
  const rows = files.value?.rows ?? [];
  const folders = foldersOf(rows);
  const barred = files.value?.barred ?? [];
  return (
    <Panel title="Files" controls={rows.length > 0 && <span class="small quiet number">{showCount(rows.length, "file")}, {showSize(sizeOf(rows))}</span>}>
      {!rows.length ? (
        !barred.length && <p class="quiet">{files.value ? "It left no files in outputs/ or logs/." : (error ?? "Loading …")}</p>
      ) : (
        [...folders].map(([name, inside]) => <Folder key={name} name={name} files={inside} base={base} isOpen={rows.length <= FEW || (!name.includes("/") && inside.length <= FEW)} />)
      )}
      {barred.length > 0 && <p class="notice">Not listed, since Studio may not enter {barred.length === 1 ? "it" : "them"}: {barred.map((name) => `${name}/`).join(", ")}</p>}
    </Panel>
  );
}

const sizeOf = (files: File[]) => files.reduce((sum, file) => sum + file.size_bytes, 0);

/** By folder; a folder's own files stand before those of the folders in it. */
export function foldersOf(files: File[]): Map<string, File[]> {
  const folders = new Map<string, File[]>();
  for (const file of files) {
    const folder = file.name.slice(0, Math.max(0, file.name.lastIndexOf("/")));
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return new Map([...folders].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function Folder({ name, files, base, isOpen }: { name: string; files: File[]; base: string; isOpen: boolean }) {
  const isShown = useSignal(isOpen);
  const most = useSignal(MOST);
  return (
    <details class="folder" open={isShown.value} onToggle={(event) => (isShown.value = event.currentTarget.open)}>
      <summary><span class="mono">{name ? `${name}/` : "/"}</span> <span class="small quiet number">{showCount(files.length, "file")}, {showSize(sizeOf(files))}</span></summary>
      {isShown.value && (
        <ul class="lines">
          {files.slice(0, most.value).map((file) => <Line key={file.id} file={file} name={file.name.slice(name.length ? name.length + 1 : 0)} base={base} />)}
          {files.length > most.value && <li><button class="button bare small" onClick={() => (most.value += 10 * MOST)}>Show more ({showCount(files.length - most.value, "file")})</button></li>}
        </ul>
      )}
    </details>
  );
}

function Line({ file, name, base }: { file: File; name: string; base: string }) {
  const preview = useSignal<Preview | string | null>(null);
  const url = `/api${base}/files/${file.id}`;
  const show = async () => {
    preview.value = preview.value === null ? await get<Preview>(`${base}/files/${file.id}/preview`).catch((problem: Error) => problem.message) : null;
  };
  return (
    <li>
      <div class="row spread">
        <button class="button bare mono file-name" aria-expanded={preview.value !== null} onClick={() => void show()}>{name}</button>
        <span class="row small quiet number">
          {showSize(file.size_bytes)}
          <a href={url} download={name} aria-label={`Download ${file.name}`}>Download</a>
        </span>
      </div>
      {preview.value !== null && <FilePreview preview={preview.value} url={url} />}
    </li>
  );
}

function FilePreview({ preview, url }: { preview: Preview | string; url: string }) {
  if (typeof preview === "string") return <p class="quiet" role="status">{preview}</p>;
  if (preview.is_picture) return <img class="picture" src={url} alt={preview.name} />;
  if (preview.text === null) return <p class="quiet">This file is no text: download it.</p>;
  return (
    <>
      <pre class="code log" tabIndex={0}>{preview.text}</pre>
      {!preview.is_whole && <p class="small quiet">The beginning of {showSize(preview.size_bytes)}.</p>}
    </>
  );
}
