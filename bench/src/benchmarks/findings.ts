// What a comparison has found so far.
import { type Absent, type Peer, type PeerAbout, PeerEnded } from "./peerProcess.ts";
import type { Row } from "./row.ts";

/** Rows, the systems that were there, and those that were not. */
export class Findings {
  readonly rows: Row[] = [];
  readonly peers: PeerAbout[] = [];
  readonly absent: Absent[] = [];
  private readonly say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.say = say;
  }

  /** Measures something; a system that ends meanwhile is absent from there on. */
  async add(what: string, threads: number, measure: () => Promise<readonly Row[]>): Promise<void> {
    this.say(`${what}, threads ${threads}`);
    try {
      this.rows.push(...(await measure()));
    } catch (error) {
      if (!(error instanceof PeerEnded)) throw error;
      this.miss({ name: error.peer, why: `${what}, threads ${threads}: ${error.message}` });
    }
  }

  /** A system that was started; null for one that is absent. */
  found(started: Peer | Absent): Peer | null {
    if (!("about" in started)) this.miss(started);
    else this.peers.push(started.about);
    return "about" in started ? started : null;
  }

  /** A system that is not measured. */
  miss(absent: Absent): void {
    if (this.absent.some(({ name, why }) => name === absent.name && why === absent.why)) return;
    this.say(`${absent.name}: ${absent.why}`);
    this.absent.push(absent);
  }
}
