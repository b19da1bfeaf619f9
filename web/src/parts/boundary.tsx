/** A page that fails says so, in place of nothing at all. */
import { Component, type ComponentChildren } from "preact";

export class Boundary extends Component<{ children: ComponentChildren }, { error: Error | null }> {
  state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main>
        <div class="card empty" role="alert">
          <h1>This page cannot be drawn</h1>
          <p>{error.message || String(error)}</p>
          <a class="button" href="#/">All sweeps</a>
        </div>
      </main>
    );
  }
}
