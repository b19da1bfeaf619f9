/** A duration that goes on: said anew each second where its clock is watched, and nothing around it is drawn again. */
import { showDuration } from "../data/format";

export const Ticking = ({ seconds }: { seconds: () => number }) => <>{showDuration(seconds())}</>;
