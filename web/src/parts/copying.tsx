/** Configurations to be copied, each in three forms: a sweep's, which starts it again, and a trial's, which its script was given. */
import { useSignal } from "@preact/signals";
import { get, segment } from "../data/http";
import type { Source } from "../data/source";
import type { Code, TrialCode } from "../data/types";
import { Menu } from "./menu";

type Forms = Pick<TrialCode, "command_line" | "python" | "json_text">;

const FORMS: [keyof Forms, string][] = [
  ["command_line", "Command line"],
  ["python", "Python"],
  ["json_text", "JSON"],
];

export function CopySweep({ source }: { source: Source }) {
  return <CopyMenu label="Sweep's configuration" about="Starts the whole sweep again: search space, sampling, policy, seed, arguments." load={() => source.code()} />;
}

/** The best trial's: of the one that is the best when it is opened. */
export function CopyBest({ source }: { source: Source }) {
  return <CopyMenu label="Copy" named="Copy the best trial's configuration" about={aboutTrial} body="from-left" load={async () => (await source.code()).best} />;
}

export function CopyTrial({ id, number }: { id: string; number: number }) {
  return <CopyMenu label="Copy" named={`Copy trial ${number}'s configuration`} about={aboutTrial} load={() => get<TrialCode>(`/sweeps/${segment(id)}/trials/${number}/code`)} />;
}

/** Copies a text, or selects it where the clipboard is kept from the page: over plain http, in frames of other programs. What was done. */
async function copyOf(text: string, place: Element): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    getSelection()!.selectAllChildren(place);
    return "Selected: press Ctrl+C";
  }
}

/** An id as scripts and commands take it, with what copies it. */
export function Id({ id }: { id: string }) {
  const said = useSignal("");
  const copy = async (button: Element) => (said.value = await copyOf(id, button.parentElement!.querySelector(".id")!));
  return (
    <span class="row small quiet tight">
      <span class="mono id">{id}</span>
      <button class="button bare small" aria-label={`Copy the id ${id}`} onClick={(event) => void copy(event.currentTarget)}>{said.value || "Copy"}</button>
      <span class="hidden-text" role="status">{said.value && `The id: ${said.value}`}</span>
    </span>
  );
}

const aboutTrial = (found: Forms) => `What trial ${(found as TrialCode).trial} was given, all digits. The command line runs the training script alone, in the folder where it is.`;

interface Props {
  label: string;
  /** In place of `label`, where that says too little by itself. */
  named?: string;
  about: string | ((found: Forms) => string);
  body?: string;
  load: () => Promise<Forms | Code | null>;
}

function CopyMenu({ label, named, about, body = "", load }: Props) {
  const found = useSignal<Forms | null>(null);
  const copied = useSignal<keyof Forms | "">("");
  const said = useSignal("");
  const error = useSignal<string | null>(null);
  const open = async (isOpen: boolean) => {
    if (!isOpen) return;
    copied.value = "";
    try {
      // Another trial may be the best by now: what is known stands there until that is told.
      [found.value, error.value] = [await load(), null];
    } catch (problem) {
      error.value = (problem as Error).message;
    }
  };
  const copy = async (form: keyof Forms, button: Element) => {
    said.value = await copyOf(found.value![form], button.closest("section")!.querySelector("pre")!);
    copied.value = form;
  };
  return (
    <Menu label={label} named={named} summary="button" body={`wide-menu ${body}`} onToggle={(isOpen) => void open(isOpen)}>
      {error.value && <p class="failed-text small" role="alert">{error.value}</p>}
      {found.value ? (
        <>
          <p class="quiet small">{typeof about === "string" ? about : about(found.value)}</p>
          {FORMS.map(([form, name]) => (
            <section aria-label={name}>
              <div class="row spread">
                <h2>{name}</h2>
                <button class="button bare small" aria-label={`Copy ${name}`} onClick={(event) => void copy(form, event.currentTarget)}>{copied.value === form ? said.value : "Copy"}</button>
              </div>
              <pre class="code" tabIndex={0}>{found.value![form]}</pre>
            </section>
          ))}
          <span class="hidden-text" role="status">{copied.value && `${FORMS.find(([form]) => form === copied.value)![1]}: ${said.value}`}</span>
        </>
      ) : (
        !error.value && <p class="quiet" role="status">Loading …</p>
      )}
    </Menu>
  );
}
