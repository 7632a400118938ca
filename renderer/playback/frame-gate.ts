/** At most one painting an animation frame: what no frame ever showed was not seen. */
export class FrameGate {
  private isPainted = false;
  private isWaiting = false;

  /** Something was painted; the gate opens again with the next frame. */
  close(): void {
    this.isPainted = true;
    requestAnimationFrame(() => {
      this.isPainted = false;
    });
  }

  /** Paints at once when nothing was painted in this frame; else `later` runs in the next, once for all who came. */
  pass(paint: () => void, later: () => void): void {
    if (!this.isPainted) {
      paint();
      return;
    }
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.isPainted = false;
      later();
    });
  }
}
