/** A window on what a trial prints: some pieces of it in a row, never more than a page can hold, however long it is. */
import { written } from "./terminal";
import type { Output } from "./types";

/** Characters that are held at most. */
const MOST = 600_000;

export type Piece = Pick<Output, "first" | "last" | "text">;

export class LogWindow {
  pieces: Piece[] = [];
  /** Bytes of the whole output. */
  size = 0;

  constructor(private readonly most = MOST) {}

  /** The bytes [first, last) that are held. */
  get first(): number {
    return this.pieces[0]?.first ?? 0;
  }

  get last(): number {
    return this.pieces.at(-1)?.last ?? 0;
  }

  get length(): number {
    return this.pieces.reduce((sum, { text }) => sum + text.length, 0);
  }

  /**
   * Takes in a live piece. One that does not go on where the window ends takes its place, if the end is followed; a reader
   * who looks elsewhere keeps what is looked at, once the window is full.
   */
  take(piece: Output, isFollowing: boolean): void {
    this.size = Math.max(this.size, piece.size_bytes);
    const goesOn = !this.pieces.length || piece.first === this.last;
    if (isFollowing && !goesOn) this.pieces = [];
    if (!isFollowing && (!goesOn || this.length + piece.text.length > this.most)) return;
    this.append(piece);
  }

  /** Lets go of what is held, for another part. */
  begin(piece: Piece): void {
    this.pieces = [];
    this.append(piece);
  }

  append(piece: Piece): void {
    if (!piece.text && this.pieces.length) return;
    const held = this.pieces.at(-1);
    // Short pieces are joined, so that a trial that prints now and then does not make a thousand of them.
    if (held && held.text.length + piece.text.length < 16_384) {
      this.pieces = [...this.pieces.slice(0, -1), { first: held.first, last: piece.last, text: written(held.text + piece.text) }];
    } else this.pieces = [...this.pieces, { first: piece.first, last: piece.last, text: written(piece.text) }];
    while (this.pieces.length > 1 && this.length > this.most) this.pieces = this.pieces.slice(1);
  }

  prepend(piece: Piece): void {
    this.pieces = [{ first: piece.first, last: piece.last, text: written(piece.text) }, ...this.pieces];
    while (this.pieces.length > 1 && this.length > this.most) this.pieces = this.pieces.slice(0, -1);
  }
}
