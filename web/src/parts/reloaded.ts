/** What a part of a page loads, again and again. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Reload } from "../data/reload";

/** Loads at once, and again whenever `key` has changed; never while the last load is under way. Why the last one failed. */
export function useReload(load: () => Promise<void>, key: string): string | null {
  const latest = useRef(load);
  latest.current = load;
  const error = useSignal<string | null>(null);
  const reload = useMemo(
    () =>
      new Reload(
        () =>
          latest.current().then(
            () => void (error.value = null),
            (problem: Error) => {
              error.value = problem.message;
              throw problem;
            },
          ),
        1000,
      ),
    [],
  );
  useEffect(() => reload.ask(), [key]);
  useEffect(() => () => reload.close(), []);
  return error.value;
}
