// A device of WebGPU whose errors and loss are thrown: by itself it says them aside, and computes on with zeros.
import { lostDevice, refusedByDevice } from "../errors.ts";

export class WatchedDevice {
  readonly device: GPUDevice;
  /** Why the device is no more; null while it lives. */
  private lost: string | null = null;
  /** The first error that nobody asked for. */
  private uncaptured: string | null = null;
  /** Those who wait for an answer of the device, which it does not give once it is lost. */
  private readonly waiting = new Set<(reason: unknown) => void>();

  constructor(device: GPUDevice) {
    this.device = device;
    device.lost.then(({ message }) => {
      this.lost = message;
      for (const refuse of this.waiting) refuse(lostDevice(message));
    });
    // gpu.js would print errors, and go on with zeros.
    device.onuncapturederror = ({ error }) => {
      this.uncaptured ??= error.message;
    };
  }

  /** @throws AdError "missing" when the device is lost, "backend" for an error that nobody asked for */
  checkAlive(): void {
    if (this.lost !== null) throw lostDevice(this.lost);
    const message = this.uncaptured;
    this.uncaptured = null;
    if (message !== null) throw refusedByDevice(message);
  }

  /** What comes first: an answer, or the loss of the device. A race with a promise of the device would be held by it for good. */
  orLost<T>(what: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.add(reject);
      what()
        .then(resolve, reject)
        .finally(() => this.waiting.delete(reject));
    });
  }

  /** Does something, and throws what the device has against it. */
  async checked<T>(what: () => Promise<T>): Promise<T> {
    this.device.pushErrorScope("out-of-memory");
    this.device.pushErrorScope("validation");
    let result: T;
    try {
      result = await what();
    } finally {
      const errors = await Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]);
      const found = errors.find((error) => error !== null);
      // biome-ignore lint/correctness/noUnsafeFinally: what the device says is why the rest went wrong
      if (found) throw refusedByDevice(found.message);
    }
    return result;
  }
}
